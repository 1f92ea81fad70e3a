import { attempt } from "../audit/difference.ts";
import type { Evidence } from "../audit/evidence.ts";
import type { Fault, Why } from "../audit/evidence-ledger.ts";
import type { Check, CheckName, Verified } from "../audit/verify-evidence.ts";
import { choiceFor, kindOf } from "../consent/grant.ts";
import { utc } from "../consent/terms.ts";
import type { Prescription } from "../records/prescription.ts";
import { recordKinds } from "./en.ts";

// What /verify and `npm run verify` say of an evidence file.

/** What holds, and what is said instead where it doesn't. */
const titles = {
  form: ["It is an evidence file", "It is no evidence file that can be read"],
  seal: ["The practice signed the file, all but the opened contents", "It is not the file that the practice signed"],
  consent: ["The patient signed the permission", "The permission is not what the patient signed"],
  covers: ["The permission covers every record", "A record is not what the permission covers"],
  doctor: ["The doctor was enrolled", "The doctor was not enrolled"],
  content: ["The content is what was recorded", "The content is not what was recorded"],
  ledger: ["It is on the ledger", "It is not on the ledger as the file says"],
  complete: ["Nothing is missing", "Something is missing, or in another order"],
  log: ["Every line is in the log", "A line is not in the log as the file says"],
  witness: ["The witnesses you know saw this log", "A witness you know did not cosign this log"],
  node: ["The ledger says the same today", "The ledger doesn’t say the same today"],
} as const satisfies Record<CheckName, readonly [string, string]>;

const faults = {
  "not-json": "this is another kind of file",
  "too-long": "this is longer than any evidence file",
  shape: "this is missing, or has another form than it must have",
  "not-canonical": "the file is written in another way than the practice wrote it",
  "not-sealed": "something of the file was changed since the practice signed it, or the practice never did",
  visit: "this belongs to another visit",
  text: "the text is not the one that was agreed to",
  signature: "the signature is not the patient’s under this permission",
  revocation: "the signature that takes it back is not the patient’s",
  "unknown-permission": "the permission it was made under is not in the file",
  author: "its author did not sign exactly this",
  "outside-window": "it was signed outside of the permission’s time",
  "not-allowed": "the patient did not allow this kind",
  "not-approved": "the patient wanted to be asked, and did not approve exactly this",
  "unknown-record": "there is no record that this would be the content of",
  content: "its fingerprint belongs to a different text",
  twice: "this is there twice, or out of its order",
  header: "the header does not hash to the block it says",
  "no-block": "the block it names is not in the file",
  unused: "nothing in the file is in this block",
  state: "the proof does not lead to what the ledger holds",
  "not-granted": "the ledger has no such permission",
  "not-revoked": "the ledger does not say that it was taken back",
  "revoked-there": "the ledger says that it was taken back, and the file does not",
  transaction: "the proof does not show it in its block",
  "carries-nothing": "it carries nothing of this visit",
  "not-anchored": "the ledger keeps another checkpoint of the log",
  "not-enrolled": "the ledger never enrolled this doctor’s key",
  number: "its number does not follow the one before",
  count: "the ledger counts more or fewer records than the file has",
  head: "the ledger folded other records, or in another order",
  gap: "a line about this visit is missing before it, or it is out of its order",
  checkpoint: "it is not signed by the log that the ledger knows",
  witness: "a signature under it is nobody’s who is named",
  "not-cosigned": "no cosignature of this witness under the checkpoint holds",
  line: "it does not hash to what the log has",
  "not-included": "the proof does not show it in the log",
  untold: "no line of the log tells of it",
  untrue: "the file lacks what this line tells of",
  inconsistent: "the log is not the one that was anchored",
  "node-chain": "the node is on another ledger",
  "node-block": "the node has another block there",
  "node-key": "the node names another key as the log’s",
  "node-away": "the node could not be asked",
} as const satisfies Record<Why, string>;

/** A node that is away, or of another ledger, says nothing of this one. */
export const isNoAnswer = ({ why }: Fault): boolean => why === "node-away" || why === "node-chain";

/** A check as it is told: its name, its result, and what it rests on or where it fails. */
export interface Told {
  readonly title: string;
  readonly details: readonly string[];
}

export function tell(check: Check, verified: Verified): Told {
  const isOpen = check.faults.some(isNoAnswer);
  const title = isOpen ? "The ledger could not be asked today" : titles[check.name][check.holds ? 0 : 1];
  const { evidence } = verified;
  if (check.holds) return { title, details: evidence ? [rests(check, evidence, verified)] : [] };
  // One change may be seen in several ways: each place is told once.
  const details = check.faults.map((fault) => inWords(fault, evidence));
  return { title, details: [...new Set(details)] };
}

const inWords = ({ at, why }: Fault, evidence: Evidence | null): string => {
  const place = placeOf(at, evidence);
  return `${place}${place ? ": " : ""}${faults[why]}.`.replace(/^./, (first) => first.toUpperCase());
};

/** `records.2.signature` as a person would say it. */
function placeOf(at: string, evidence: Evidence | null): string {
  const [list, place] = at.split(".");
  const i = Number(place);
  if (!evidence) return at;
  switch (list) {
    case "consents":
      return i === 0 ? "The permission" : `Permission ${i + 1}`;
    case "records":
    case "opened":
      return recordIn(list, i, evidence);
    case "lines":
      return `Line ${evidence.lines[i]?.entry.number ?? "?"} of the log`;
    case "blocks":
      return `Block ${i + 1} of the file`;
    case "transactions":
      return `Transaction ${i + 1} of the file`;
    case "log":
      if (place === "witnesses") return `Witness ${evidence.log.witnesses[Number(at.split(".")[2])]?.split("+")[0]}`;
      return place === "anchor" ? "The anchor" : "The checkpoint";
    case "known":
      return `Witness ${at.slice("known.".length)}`;
    default:
      return "";
  }
}

function recordIn(list: "records" | "opened", i: number, evidence: Evidence): string {
  const { content } = (list === "opened" && evidence.opened[i]) || { content: null };
  const kind = content?.kind ?? nameOf(evidence.records[i]?.kind ?? 0);
  const says = content ? saidBy(content) : "";
  return `${list === "opened" ? "Content" : "Record"} ${i + 1}${kind ? `, ${recordKinds[kind].toLowerCase()}` : ""}${says}`;
}

/** `, the file says “Cetirizine 10 mg”`: what a person would know a content by. Nothing of it is believed. */
function saidBy(content: object): string {
  const { requests, name, reason, at } = content as Partial<Prescription> & Record<"name" | "reason" | "at", unknown>;
  const medicine = attempt(() => requests?.[0]?.medicationCodeableConcept.text);
  const said = [medicine, name, reason, at].find((one) => typeof one === "string");
  return said ? `, the file says “${said.slice(0, 80)}”` : "";
}

function nameOf(kind: number) {
  try {
    return kindOf(kind);
  } catch {
    return null;
  }
}

const figure = (n: number) => new Intl.NumberFormat("en-GB").format(n);
const moment = (iso: string) => `${utc(Math.floor(Date.parse(iso) / 1000))} (UTC)`;
const counted = (n: number, one: string, many = `${one}s`) => `${figure(n)} ${n === 1 ? one : many}`;

/** What a check that holds was held to. */
function rests({ name, cosigned = [] }: Check, evidence: Evidence, { blocks, enrolledSince }: Verified): string {
  const { consents, records, opened, lines, log, visit, ledger } = evidence;
  switch (name) {
    case "form":
      return `Version 1, ${counted(records.length, "record")}`;
    case "seal":
      return `By ${visit.clinic}, on ${moment(evidence.madeAt)}`;
    case "consent": {
      const granted = lines.find(({ entry }) => entry.action === "consent.granted")?.entry.at;
      const back = consents[0]!.revocation === null ? "" : ", and took it back later";
      const others = consents.length > 1 ? `. ${counted(consents.length - 1, "further permission")}` : "";
      return `${granted ? `On ${moment(granted)}` : "Signed"}${back}${others}`;
    }
    case "covers": {
      const approved = records.filter(({ approval }) => approval !== null).length;
      const asks = choiceFor(consents[0]!.consent.scopes, "prescription") === "ask" || approved > 0;
      return `${counted(records.length, "record")}${asks ? `, ${counted(approved, "of them approved", "of them approved")} one by one` : ""}`;
    }
    case "doctor":
      return enrolledSince
        ? `${visit.clinician}, enrolled since ${utc(enrolledSince)} (UTC)`
        : `${visit.clinician}. The key was removed since; what was recorded before stays`;
    case "content":
      return opened.length === 0
        ? "The file holds no content, only fingerprints"
        : `${figure(opened.length)} of ${figure(records.length)} are in the file, and match their fingerprints`;
    case "ledger":
      return `${ledger.label}, ${counted(blocks.length, "block")}: ${figure(blocks[0]!.number)} to ${figure(blocks.at(-1)!.number)}`;
    case "complete":
      return `${counted(lines.length, "line")} of the log without a gap, and ${counted(records.length, "record")}, as many as the ledger counts, in its order`;
    case "log":
      return `${counted(lines.length, "line")} under one checkpoint${log.witnesses.length > 0 ? `, cosigned by ${counted(log.witnesses.length, "witness", "witnesses")}` : ""}; anchored on the ledger`;
    case "witness":
      return cosigned.map(({ name, at }) => `${name} on ${utc(at)} (UTC)`).join(", ");
    case "node":
      return `A node of it has the same ${counted(blocks.length, "block")}, and the log’s key`;
  }
}

/** A certificate of what was erased: what holds, and what is said instead where it doesn't. */
export const certificateTitles = {
  signature: ["The practice signed it", "It is not what the practice signed"],
  request: ["The patient asked for it", "The patient did not ask for this"],
  records: ["Each record is exactly the one it names", "A record is another than it says"],
  ledger: ["The ledger still knows each of them", "The ledger does not know one of them"],
} as const;

/** Over all checks. */
export function outcomeOf(lines: readonly { holds: boolean | null }[]): string {
  const failed = lines.filter(({ holds }) => holds === false).length;
  if (failed > 0) return failed === 1 ? "One check fails" : `${figure(failed)} checks fail`;
  return lines.some(({ holds }) => holds === null) ? "What could be checked holds" : "Everything holds";
}
