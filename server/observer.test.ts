import { concat, dataSlice, keccak256, toBeHex } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { revoke } from "../lib/consent/api.ts";
import { digestOf } from "../lib/consent/typed-data.ts";
import { fromBase64, randomHex, sha256 } from "../lib/keyring/bytes.ts";
import { type Keys, newSeed, patientKeys } from "../lib/keyring/keyring.ts";
import { readConsent } from "../lib/ledger/read.ts";
import { readRecords } from "../lib/ledger/records.fixture.ts";
import { addRecord, answerAsk, askApproval, finishUpload, startUpload, uploadPath } from "../lib/records/api.ts";
import type { Content } from "../lib/records/content.ts";
import { SIDE_HEADER } from "../lib/wire.ts";
import {
  aFileKey,
  Clinic,
  cetirizine,
  type Doctor,
  drOsei,
  type InCall,
  inCall,
  sessionStart,
  signed,
} from "./clinic.fixture.ts";

const choices = { video: "allow", prescriptions: "ask", files: "allow" } as const;
let clinic: Clinic;
let doctor: Doctor;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());

async function rpc(method: string, params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const { text } = await clinic.browser().send("POST", "/api/ledger/rpc", { "content-type": "application/json" }, body);
  return (JSON.parse(text) as { result: unknown }).result;
}

/** A visit with every act there is: permission, start, an approved prescription, a patient's file, and the end of the permission. */
async function visit(keysOf: (visitId: string) => Promise<Keys>): Promise<InCall> {
  const made = await inCall(clinic, doctor, choices, keysOf);
  const { visitId } = made.planned;
  const { browser, keys } = made.patient;
  const sign = (author: Keys, other: Keys, content: Content, number: number) =>
    signed(made, author, [other.recipient], content, number);
  const done = ({ status, code }: { status: number; code: string | undefined }) =>
    expect([status, code]).toEqual([200, undefined]);

  const start = sessionStart();
  done(await doctor.browser.ask(addRecord, await sign(doctor.keys, keys, start, 1)));
  const asked = await doctor.browser.ask(askApproval, await sign(doctor.keys, keys, cetirizine, 2));
  const approval = await keys.sign(digestOf("Approval", { record: asked.value.id }, made.ledger));
  done(await browser.ask(answerAsk, { visitId, id: asked.value.id, approval }));

  const bytes = fromBase64("c29tZSBjaXBoZXJ0ZXh0");
  const blob = await sha256(bytes);
  const upload = await browser.ask(startUpload, { visitId, size: bytes.length });
  const { id } = upload.value;
  const headers = { origin: browser.origin, [SIDE_HEADER]: "patient", "content-type": "application/octet-stream" };
  await browser.send("POST", uploadPath(visitId, id, 0), headers, bytes);
  done(await browser.ask(finishUpload, { visitId, id, blob }));
  const file = {
    kind: "file-share",
    name: "rash.jpg",
    type: "image/jpeg",
    size: 12,
    sha256: blob,
    blob,
    key: aFileKey,
  } as const;
  done(await browser.ask(addRecord, await sign(keys, doctor.keys, file, 1)));

  const signature = await keys.sign(digestOf("Revocation", { consent: made.consentId }, made.ledger));
  done(await browser.ask(revoke, { visitId, signature }));
  await expect.poll(async () => (await readConsent(rpc, made.ledger, made.consentId)).status).toBe("revoked");
  return made;
}

interface Call {
  from: string;
  to: string;
  input: string;
}

/** Everything the chain keeps of a visit: calldata, topics, data of events, the storage word. */
async function traces({ consentId, ledger }: InCall): Promise<string[]> {
  const { granted, revoked } = await readConsent(rpc, ledger, consentId);
  const records = await readRecords(rpc, ledger, consentId);
  expect(records).toHaveLength(3);
  const found: string[] = [];
  for (const hash of new Set([granted!, revoked!, ...records].map(({ transaction }) => transaction))) {
    const { input, to } = (await rpc("eth_getTransactionByHash", [hash])) as Call;
    const { logs } = (await rpc("eth_getTransactionReceipt", [hash])) as { logs: { topics: string[]; data: string }[] };
    expect(to).toBe(ledger.address);
    found.push(dataSlice(input, 4), ...logs.flatMap(({ topics, data }) => [...topics.slice(1), data]));
  }
  const slots = Array.from({ length: 8 }, (_, slot) => keccak256(concat([consentId, toBeHex(slot, 32)])));
  const words: string[] = [];
  for (const slot of slots) words.push(String(await rpc("eth_getStorageAt", [ledger.address, slot, "latest"])));
  expect(words.filter((word) => BigInt(word) !== 0n)).toHaveLength(1);
  found.push(...words);
  return found;
}

const WINDOW = 20;
/** A window with no more bytes than these that are not zero is a small number: a length, an offset, a second, a count. */
const SMALL = 8;

/** Every run of twenty bytes, wherever it begins, that says more than a small number, with what all may know taken out. */
function windows(traced: string[], known: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const trace of traced) {
    let hex = trace.slice(2);
    for (const one of known) hex = hex.replaceAll(one.slice(2), "00".repeat((one.length - 2) / 2));
    for (let at = 0; at + 2 * WINDOW <= hex.length; at += 2) {
      const run = hex.slice(at, at + 2 * WINDOW);
      const telling = (run.match(/../g) ?? []).filter((byte) => byte !== "00").length;
      if (telling > SMALL) found.add(run);
    }
  }
  return found;
}

/** What two visits may share: the doctor's enrolled key, and the text's hash where the text is the same for every patient. */
const known = ({ consent }: InCall) => [consent.grantee, consent.terms];

async function shared(one: InCall, other: InCall): Promise<string[]> {
  const all = [...known(one), ...known(other)];
  const [a, b] = [windows(await traces(one), all), windows(await traces(other), all)];
  expect(a.size).toBeGreaterThan(500);
  return [...a].filter((run) => b.has(run));
}

test("T-OBS1: two visits of one patient with one doctor share nothing on the chain but the doctor's key; with one key for both they do", async () => {
  const seed = newSeed();
  const first = await visit((visitId) => patientKeys(seed, visitId));
  const second = await visit((visitId) => patientKeys(seed, visitId));
  expect(await shared(first, second)).toEqual([]);

  const onlyKey = randomHex(16).slice(2);
  const third = await visit(() => patientKeys(seed, onlyKey));
  const fourth = await visit(() => patientKeys(seed, onlyKey));
  const found = await shared(third, fourth);
  expect(found).toContain(third.patient.keys.signer.slice(2));
  expect(await shared(first, third)).toEqual([]);
}, 60_000);
