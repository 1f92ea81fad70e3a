import { choiceWords } from "@/components/consent/choices.tsx";
import { isRecordState, recordStateWord } from "@/components/ui/record-state.tsx";
import { counted, figure } from "@/components/ui/text.ts";
import { clockWithSeconds, shortDayAndYear } from "@/components/ui/times.ts";
import type { StoredEntry } from "@/lib/audit/api.ts";
import type { Difference, What } from "@/lib/audit/difference.ts";
import { Actor } from "@/lib/audit/entry.ts";
import { emptiedIn } from "@/lib/audit/retained.ts";
import type { Fault } from "@/lib/audit/walk.ts";
import { isRefusalCode } from "@/lib/refusal.ts";
import { allRefusals } from "@/lib/strings/apart.ts";
import { recordKinds } from "@/lib/strings/en.ts";
import { actions, opened } from "@/lib/strings/trail.ts";
import type { Failure } from "./run.ts";

/** A time from a row that somebody may have changed: what is no time is told as it stands. */
export function timeIn(row: string, tell: (at: Date) => string): string {
  const at = new Date(row);
  return Number.isNaN(at.getTime()) ? row : tell(at);
}

/** `23 min`; under a minute in seconds. */
export function lasted(from: string | null, to: string | null): string {
  if (!from || !to) return "—";
  const length = Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;
  if (length < 60) return `${Math.round(length)} s`;
  const minutes = Math.round(length / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A hash, short enough to compare by eye. */
export const short = (hash: string): string => (hash.length > 14 ? `${hash.slice(0, 6)}…${hash.slice(-4)}` : hash);

const isKind = (kind: unknown): kind is keyof typeof recordKinds =>
  typeof kind === "string" && Object.hasOwn(recordKinds, kind);

/** What a line says happened. */
export function whatOf(entry: StoredEntry): string {
  const detail = (entry.detail ?? {}) as { kind?: unknown };
  const kind = isKind(detail.kind) ? detail.kind : null;
  const emptied = emptiedIn(entry);
  if (emptied) return `Kept as proof only since ${shortDayAndYear(new Date(emptied.since))}`;
  if (entry.action === "record.added" && kind) return recordKinds[kind];
  if (entry.action === "record.read" && kind) return opened[kind];
  return Object.hasOwn(actions, entry.action) ? actions[entry.action as keyof typeof actions] : entry.action;
}

export function whyRefused(entry: StoredEntry): string | null {
  if (entry.refusal === null) return null;
  return isRefusalCode(entry.refusal) ? allRefusals[entry.refusal] : entry.refusal;
}

/** Who a line names. Patients are their code in this visit, never a name. */
export function whoOf(
  { actor, action }: Pick<StoredEntry, "actor" | "action">,
  people: ReadonlyMap<string, string>,
): { name: string; isCode: boolean } {
  const found = Actor.safeParse(actor).data;
  if (!found) return { name: "Unreadable", isCode: false };
  if (found.is === "patient" || found.is === "guest") return { name: found.id, isCode: true };
  if (found.is === "staff") return { name: people.get(found.id) ?? "Someone of the staff", isCode: false };
  const stranger = action.startsWith("prescription.")
    ? "Whoever has the paper"
    : /^(staff|access|locker|folder|clinic)\./.test(action)
      ? "Somebody not signed in"
      : "Whoever has the link";
  return { name: found.is === "system" ? "Assent" : stranger, isCode: false };
}

/** A changed field by its name. */
const fields = {
  hash: "Line’s hash",
  gap: "Line’s number",
  "of-visit": "Line of its visit",
  act: "Act for the ledger",
  state: "Record state",
  transaction: "Transaction",
  block: "Block",
  "block-hash": "Block’s hash",
  permission: "Permission",
  terms: "What the patient signed",
  choices: "Prescriptions, files",
  guest: "Guest",
  reader: "Who may read",
  record: "Record",
  kind: "Kind",
  number: "Number",
  "signed-at": "Signed at",
  commitment: "Content",
  who: "Who",
  author: "Signed by",
  visit: "Visit",
  signature: "Signature",
  approval: "Patient’s approval",
  file: "File",
  "granted-at": "Given at",
  "revoked-at": "Revoked at",
  revocation: "Revocation’s signature",
  credential: "Key’s owner",
  omitted: "Left out",
  head: "Records under this permission",
  retained: "What was emptied",
  seen: "Line’s hash, when this browser last checked",
} as const satisfies Record<What, string>;

const acts: Record<string, string> = {
  grant: "Permission given",
  revoke: "Permission revoked",
  record: "A record",
  enroll: "Signing key enrolled",
  remove: "Signing key removed",
};
export const actWord = (kind: string): string => acts[kind] ?? kind;
/** A record's kind by its name in the trail. */
export const kindWord = (kind: string): string =>
  Object.hasOwn(recordKinds, kind) ? recordKinds[kind as keyof typeof recordKinds] : kind;
const choiceWord = (choice: string): string =>
  Object.hasOwn(choiceWords, choice) ? choiceWords[choice as keyof typeof choiceWords] : choice;

/** What stands for a value that is not there or cannot be read back from a hash. */
const lacking: Partial<Record<What, { sealed?: string; now?: string }>> = {
  commitment: { sealed: "Another content" },
  act: { sealed: "None", now: "None" },
  state: { sealed: "Not on the ledger" },
  transaction: { sealed: "Not on the ledger" },
  block: { sealed: "Not on the ledger" },
  "block-hash": { sealed: "Not on the ledger" },
  who: { sealed: "Someone else", now: "Nobody" },
  "revoked-at": { sealed: "Not revoked", now: "Not revoked" },
  head: { sealed: "More or others" },
  omitted: { now: "No line tells of it" },
  record: { now: "Gone" },
  permission: { now: "Gone" },
  file: { sealed: "Another file", now: "None" },
  signature: { now: "None" },
  guest: { sealed: "No guest", now: "No guest" },
  reader: { sealed: "No other doctor", now: "No other doctor" },
  approval: { now: "None" },
  hash: { now: "None: it has no such form" },
};

interface Told {
  field: string;
  sealed: string;
  now: string;
  /** Codes stand in the mono font. */
  code: boolean;
}

/** One difference as a row of words. */
export function told({ what, sealed, now }: Difference, people: ReadonlyMap<string, string>): Told {
  const say = (value: string | null, side: "sealed" | "now"): string => {
    if (value === null) return lacking[what]?.[side] ?? "Nothing";
    if (what === "gap" || what === "of-visit") return `Line ${value}`;
    if (what === "act") return actWord(value);
    if (what === "state") return isRecordState(value) ? recordStateWord(value) : value;
    if (what === "choices") return value.split(", ").map(choiceWord).join(", ");
    if (what === "kind") return kindWord(value);
    if (what === "who" || what === "reader") return people.get(value) ?? value;
    if (what === "omitted") {
      const [act = "", block = ""] = value.split(" ");
      return `${actWord(act)}, in block ${figure(Number(block))}`;
    }
    if (what === "head") return counted(Number(value), "record", "records");
    if (what === "signature" || what === "revocation" || what === "approval")
      return side === "sealed" ? `Signed by ${short(value)}` : "Not theirs";
    if (/^\d{4}-\d\d-\d\dT/.test(value)) {
      return timeIn(value, (at) => `${shortDayAndYear(at)} ${clockWithSeconds(at)}`);
    }
    if (what === "block") return figure(Number(value));
    return short(value);
  };
  const code = /^0x[0-9a-f]{8,}/i.test(sealed ?? now ?? "") && !["signature", "revocation", "approval"].includes(what);
  return { field: fields[what], sealed: say(sealed, "sealed"), now: say(now, "now"), code };
}

/** What happened to a changed line, in a sentence or two. */
export function verdictWords(differs: readonly Difference[]): { title: string; text: string } {
  const has = (...whats: What[]) => differs.some(({ what }) => whats.includes(what));
  if (has("gap") && !has("hash")) {
    return {
      title: "Lines before this one are missing or out of order",
      text: "The log numbers every line without a gap. What stood here before was taken out or put elsewhere.",
    };
  }
  if (has("of-visit") && !has("hash")) {
    return {
      title: "A line about this visit is missing before this one",
      text: "Every visit’s lines are numbered without a gap. One was never logged under its visit, or two have one number.",
    };
  }
  if (has("omitted", "head") && differs.every(({ what }) => what === "omitted" || what === "head")) {
    return {
      title: "Something under this permission was left out",
      text: "The ledger has more under this permission than the log tells of. The ledger is the one that can be proved.",
    };
  }
  if (has("seen")) {
    return {
      title: "This line is not the one this browser saw before",
      text: "The log was made anew from this line or an earlier one: this browser kept its hash when everything held.",
    };
  }
  return {
    title: "This line was changed after it was sealed",
    text: "The database no longer says what was sealed. What is sealed is what can be proved.",
  };
}

export function faultWords(fault: Fault): string {
  if (fault.is === "cut") {
    return `${counted(fault.lines, "line is", "lines are")} missing at the end. They were there when the log was last counted.`;
  }
  if (fault.is === "emptied") {
    return `${counted(fault.lines, "line is", "lines are")} emptied, and no line of the log tells of it.`;
  }
  if (fault.is === "unsigned") {
    return "The log’s last checkpoint is not signed by the key that the ledger knows as the log’s.";
  }
  if (fault.is === "rewritten") {
    const by = fault.by === "ledger" ? "the ledger keeps" : "the log itself signed";
    return `The log was made anew: its first ${counted(fault.lines, "line is", "lines are")} no longer what ${by}.`;
  }
  return `The ledger has an act that no line tells of: ${actWord(fault.act).toLowerCase()}, in block ${figure(fault.block)}.`;
}

export function failureWords(code: Failure): string {
  if (code === "ledger.lies") return "The ledger’s node answered something it was not asked, so the check was ended.";
  return allRefusals[code];
}
