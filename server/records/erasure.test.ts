import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { eq, getTableColumns, getTableName, is } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Line, listLines, readEvidence, readSession } from "../../lib/audit/api.ts";
import { openChain } from "../../lib/audit/chain.ts";
import { isErased, readReview, stepHolds, takeStep } from "../../lib/audit/review.ts";
import { walk } from "../../lib/audit/walk.ts";
import { clinicianKeys, newSeed } from "../../lib/keyring/keyring.ts";
import { signOpening } from "../../lib/keyring/opening.ts";
import { readLogKey } from "../../lib/ledger/read.ts";
import { addRecord, blobPath, finishUpload, listRecords, readEnvelope, startUpload } from "../../lib/records/api.ts";
import {
  askErasure,
  type Certificate,
  checkCertificate,
  confirmErasure,
  erasureOf,
  listErasures,
  readErasure,
  withdrawErasure,
} from "../../lib/records/erasure.ts";
import { readLooks } from "../../lib/records/looks.ts";
import { readNotes, saveNotes, sealNotes } from "../../lib/records/notes.ts";
import { listColleagues, readShared, shareRecords } from "../../lib/records/share.ts";
import { signShare } from "../../lib/records/sharing.ts";
import { endVisit, readJoin, readVisit } from "../../lib/visits/api.ts";
import { aFileKey, Clinic, cetirizine, type InCall, inCall, signed } from "../clinic.fixture.ts";
import { type TwoDoctors, twoDoctors } from "../colleague.fixture.ts";
import { migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { hashOf } from "../storage/shelf.fixture.ts";
import { openStorage } from "../storage/storage.ts";
import { SEALED } from "./destroying.ts";

let there: TwoDoctors;
let visit: InCall;
let visitId: string;
/** A prescription and a file. */
let prescription: string;
let file: { record: string; blob: string };
let shareId: string;

/** Of the server. */
let at: Date | null = null;

beforeAll(async () => {
  there = await twoDoctors({ now: () => at ?? new Date() });
}, 60_000);
afterAll(() => there.clinic.close());

/** A visit that is over, with a prescription, a file, notes, and the prescription shared with another doctor. */
beforeEach(async () => {
  const { clinic, osei } = there;
  visit = await inCall(clinic, osei, { video: "allow", prescriptions: "allow", files: "allow" });
  visitId = visit.planned.visitId;
  prescription = await recorded(cetirizine, 1);
  file = await stored();
  const notes = await sealNotes(visitId, "a rash", null, osei.keys);
  await osei.browser.ask(saveNotes, { visitId, ...notes });
  await visit.patient.browser.ask(endVisit, { visitId });
  shareId = await shared();
});

async function recorded(content: Parameters<typeof signed>[3], number: number): Promise<string> {
  const { osei } = there;
  const record = await signed(visit, osei.keys, [visit.patient.keys.recipient], content, number);
  const answer = await osei.browser.ask(addRecord, record);
  if (answer.status !== 200) throw new Error(answer.code);
  return answer.value.id;
}

async function stored(): Promise<{ record: string; blob: string }> {
  const { browser } = there.osei;
  const bytes = new TextEncoder().encode("a letter, sealed");
  const { id } = (await browser.ask(startUpload, { visitId, size: bytes.length })).value;
  const headers = { origin: browser.origin, "x-assent-side": "staff", "content-type": "application/octet-stream" };
  await browser.send("POST", `/api/visits/${visitId}/uploads/${id}?offset=0`, headers, bytes);
  const blob = hashOf(bytes);
  await browser.ask(finishUpload, { visitId, id, blob });
  const about = { name: "letter.txt", type: "text/plain", size: 8, sha256: blob, blob, key: aFileKey };
  return { record: await recorded({ kind: "file-share", ...about }, 2), blob };
}

async function toShare() {
  const { browser, keys } = visit.patient;
  const [record] = (await browser.ask(listRecords, { visitId })).value.records;
  const { envelope } = (await browser.ask(readEnvelope, { visitId, id: prescription })).value;
  return signShare({
    visit: { id: visitId, clinic: "Riverside Practice", clinician: { name: "Dr. Esi Osei" } },
    ...{ ledger: visit.ledger, keys, reader: (await browser.ask(listColleagues, { visitId })).value.colleagues[0]! },
    ...{ records: [{ record: record!, envelope }], validUntil: Math.floor(Date.now() / 1000) + 86_400, from: "Ana" },
  });
}

async function shared(): Promise<string> {
  const answer = await visit.patient.browser.ask(shareRecords, await toShare());
  if (answer.status !== 200) throw new Error(answer.code);
  return answer.value.id;
}

const ask = async () =>
  visit.patient.browser.ask(askErasure, {
    visitId,
    ...without(await signOpening(erasureOf(visitId), visit.patient.keys, new Date())),
  });
const without = ({ at, proof }: { at: number; proof: string }) => ({ at, proof });

/** The patient's open wish, as the admin who was drawn the list now answers it. */
async function drawn() {
  const { asked } = (await there.osei.browser.ask(listErasures, {})).value;
  const { id, version } = asked.find((one) => one.visitId === visitId)!;
  return { id, version, kept: [], keptNotes: null };
}
type Kept = { id: string; reason: string; until: string }[];

/** The patient asks, the admin keeps these, and the rest is gone. */
async function erased(kept: Kept = [], keptNotes: Omit<Kept[number], "id"> | null = null): Promise<Certificate> {
  const asked = await ask();
  if (asked.status !== 200) throw new Error(asked.code);
  const done = await there.osei.browser.ask(confirmErasure, { ...(await drawn()), kept, keptNotes });
  if (done.status !== 200) throw new Error(done.code);
  return done.value.certificate;
}

const rpc = async (method: string, params: unknown[]) => {
  const { browser } = there.osei;
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const headers = { origin: browser.origin, "content-type": "application/json" };
  return JSON.parse((await browser.send("POST", "/api/ledger/rpc", headers, body)).text).result;
};

const statusOfBlob = async (path: string) =>
  (await there.osei.browser.send("GET", path, { "x-assent-side": "staff" })).status;

/** Which of these the clinic's folder has in any of its files. */
function inFiles(parts: string[], folder = there.clinic.folder): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return inFiles(parts, path);
    const bytes = readFileSync(path);
    return parts.filter((part) => bytes.includes(part));
  });
}

/** Pieces of a sealed value: the database cuts large ones in two here and there. */
const piecesOf = (sealed: string) => Array.from({ length: 8 }, (_, n) => sealed.slice(300 + n * 90, 360 + n * 90));

test("what was erased opens for nobody any more, neither of its two people nor the doctor it was shared with", async () => {
  const { osei, mendes } = there;
  await erased();
  for (const { browser } of [osei, visit.patient])
    for (const id of [prescription, file.record])
      expect((await browser.ask(readEnvelope, { visitId, id })).code).toBe("record.erased");
  expect(await statusOfBlob(blobPath(visitId, file.blob))).toBe(404);
  expect((await osei.browser.ask(readNotes, { visitId })).value.notes).toBeNull();
  expect((await mendes.browser.ask(readShared, { visitId, shareId })).status).toBe(410);
  const seen = (await osei.browser.ask(readVisit, { visitId })).value;
  expect(seen).toMatchObject({ details: null, patient: { details: null } });
  expect(seen.erasedAt).not.toBeNull();
  expect((await visit.patient.browser.ask(readJoin, { visitId })).value.erasedAt).toBe(seen.erasedAt);
  const { records } = (await visit.patient.browser.ask(listRecords, { visitId })).value;
  expect(records.map((record) => record.erased)).toEqual([true, true]);
});

test("its bytes are in no file of the server, and the stores delete theirs", async () => {
  const envelope = (await there.osei.browser.ask(readEnvelope, { visitId, id: prescription })).value.envelope;
  const { details } = (await there.osei.browser.ask(readVisit, { visitId })).value;
  const sealed = [piecesOf(envelope), piecesOf(details!)];
  for (const pieces of sealed) expect(inFiles(pieces)).not.toEqual([]);
  const blob = file.blob.slice(2);
  await erased();
  for (const pieces of sealed) expect(inFiles(pieces)).toEqual([]);
  const names = () =>
    readdirSync(there.clinic.folder, { recursive: true }).filter((name) => String(name).includes(blob));
  await vi.waitFor(() => expect(names()).toEqual([]), { timeout: 20_000 });
});

test("what an admin wrote of it in a review is gone, and that they did is not", async () => {
  const { osei } = there;
  const { id } = (await osei.browser.ask(readReview, { about: visitId })).value.admins[0]!;
  const secret = "He told Esi of a rash.";
  for (const [version, step] of [{ is: "assign", to: id } as const, { is: "comment", text: secret } as const].entries())
    await osei.browser.ask(takeStep, { about: visitId, version, step });
  expect(inFiles([secret])).not.toEqual([]);
  await erased();
  const { steps } = (await osei.browser.ask(readReview, { about: visitId })).value;
  expect(steps.map((step) => [step.is, stepHolds(step), isErased(step)])).toEqual([
    ["assign", true, false],
    ["comment", true, true],
  ]);
  await vi.waitFor(() => expect(inFiles([secret])).toEqual([]), { timeout: 20_000 });
});

test("each table of a visit is emptied by an erasure or says nothing that anybody said: a new one has to be decided about", () => {
  /** Times, states, signatures, commitments and hashes. */
  const tells = ["key_session", "consent", "share", "erasure", "entry", "act", "finding", "watched_visit"];
  const emptied: string[] = SEALED.map((table) => getTableName(table));
  const ofVisits = Object.values(tables)
    .filter((table) => is(table, PgTable))
    .filter((table) => table === tables.visit || "visitId" in getTableColumns(table))
    .map((table) => getTableName(table));
  expect(ofVisits.filter((name) => !emptied.includes(name) && !tells.includes(name))).toEqual([]);
});

test("everything else still verifies: every line holds, the erasure's own among them", async () => {
  await erased();
  const { browser } = there.osei;
  const settled = async () =>
    (await browser.ask(readSession, { visitId })).value.lines.every(
      ({ act }: Line) => !act || act.state === "ledger" || act.state === "final",
    );
  await expect.poll(settled, { timeout: 20_000 }).toBe(true);
  const seen: string[] = [];
  const outcome = await walk({
    source: {
      lines: async (after) => (await browser.ask(listLines, { after: String(Math.max(after, 0)) as never })).value,
      evidence: async (asked) => (await browser.ask(readEvidence, asked)).value,
    },
    ...{ chain: openChain(rpc, visit.ledger), ledger: visit.ledger, signal: new AbortController().signal },
    breathe: async () => {},
    onChecked: (batch) => seen.push(...batch.map(({ action, verdict }) => `${action} ${verdict.is}`)),
  });
  expect(outcome.faults).toEqual([]);
  expect(seen.filter((line) => line.endsWith("changed"))).toEqual([]);
  expect(seen).toContain("visit.erased chained");
  expect(seen).toContain("record.added holds");
  const { looks } = (await visit.patient.browser.ask(readLooks, { visitId })).value;
  expect(looks).toContainEqual(expect.objectContaining({ action: "visit.erased" }));
}, 40_000);

test("nothing new is put where something was erased", async () => {
  const { osei } = there;
  const again = await toShare();
  await erased();
  expect((await visit.patient.browser.ask(shareRecords, again)).code).toBe("record.erased");
  const notes = await sealNotes(visitId, "once more", null, osei.keys);
  expect((await osei.browser.ask(saveNotes, { visitId, ...notes })).code).toBe("record.erased");
  const end = { kind: "session-end", at: new Date().toISOString() } as const;
  const record = await signed(visit, osei.keys, [visit.patient.keys.recipient], end, 3);
  expect((await osei.browser.ask(addRecord, record)).code).toBe("visit.over");
});

test("what the law keeps stays readable, with its reason on the certificate, and may be asked for again", async () => {
  const why = { reason: "Medical records act", until: "2036-12-31" };
  const certificate = await erased([{ id: prescription, ...why }], why);
  expect(certificate.kept).toMatchObject([{ id: prescription, kind: "prescription", ...why }]);
  expect(certificate).toMatchObject({ keptNotes: why, erased: { notes: false, files: [file.blob], shared: 1 } });
  expect(certificate.erased.records.map(({ kind }) => kind).sort()).toEqual(["access-granted", "file-share"]);
  const { osei } = there;
  expect((await osei.browser.ask(readEnvelope, { visitId, id: prescription })).status).toBe(200);
  expect((await osei.browser.ask(readEnvelope, { visitId, id: file.record })).code).toBe("record.erased");
  expect((await osei.browser.ask(readNotes, { visitId })).value.notes).not.toBeNull();
  await erased();
  expect((await osei.browser.ask(readEnvelope, { visitId, id: prescription })).code).toBe("record.erased");
  const standing = (await visit.patient.browser.ask(readErasure, { visitId })).value;
  expect(standing.certificates).toHaveLength(2);
  expect((await ask()).code).toBe("erasure.nothing-left");
});

test("a kept file keeps its bytes", async () => {
  await erased([{ id: file.record, reason: "Medical records act", until: "2036-12-31" }]);
  expect(await statusOfBlob(blobPath(visitId, file.blob))).toBe(200);
});

describe("a certificate", () => {
  const held = async (certificate: Certificate) => {
    const checks = await checkCertificate(certificate, await readLogKey(rpc, visit.ledger));
    return checks.filter(({ holds }) => !holds).map(({ what }) => what);
  };

  test("holds by the log key, the patient's own request and the records' ids", async () => {
    const certificate = await erased();
    expect(await held(certificate)).toEqual([]);
    expect(certificate.confirmedBy).toBe("Dr. Esi Osei");
  });

  test("does not hold when anything it says is another", async () => {
    const certificate = await erased();
    const stranger = await clinicianKeys(newSeed());
    const [first, ...others] = certificate.erased.records;
    const proof = await stranger.sign(`0x${"1".repeat(64)}`);
    expect(await held({ ...certificate, clinic: "Another" })).toEqual(["signature"]);
    expect(await held({ ...certificate, signature: proof })).toEqual(["signature"]);
    expect(await held({ ...certificate, request: { ...certificate.request, proof } })).toEqual([
      "signature",
      "request",
    ]);
    expect(await held({ ...certificate, patient: stranger.signer })).toEqual(["signature", "request"]);
    const records = [{ ...first!, number: 77 }, ...others];
    expect(await held({ ...certificate, erased: { ...certificate.erased, records } })).toEqual([
      "signature",
      "records",
    ]);
  });
});

describe("nothing is erased", () => {
  test("without the signature of the visit's key", async () => {
    const stranger = await clinicianKeys(newSeed());
    const asked = without(await signOpening(erasureOf(visitId), stranger, new Date()));
    expect((await visit.patient.browser.ask(askErasure, { visitId, ...asked })).code).toBe("signature.wrong");
  });

  test("while the visit goes on", async () => {
    visit = await inCall(there.clinic, there.osei, { video: "allow", prescriptions: "deny", files: "deny" });
    visitId = visit.planned.visitId;
    expect((await ask()).code).toBe("visit.wrong-state");
  });

  test("once its patient took the wish back, and twice asked is asked once", async () => {
    await ask();
    expect((await ask()).code).toBe("erasure.asked");
    const asked = await drawn();
    expect((await visit.patient.browser.ask(withdrawErasure, { visitId })).value.askedAt).toBeNull();
    expect((await visit.patient.browser.ask(withdrawErasure, { visitId })).code).toBe("erasure.not-open");
    expect((await there.osei.browser.ask(confirmErasure, asked)).code).toBe("erasure.not-open");
    expect((await there.osei.browser.ask(readEnvelope, { visitId, id: prescription })).status).toBe(200);
  });

  test("by a session that was left open: the password is asked for once more", async () => {
    await ask();
    const asked = await drawn();
    at = new Date(Date.now() + 20 * 60_000);
    expect((await there.osei.browser.ask(confirmErasure, asked)).code).toBe("auth.confirm");
    at = null;
    expect((await there.osei.browser.ask(readEnvelope, { visitId, id: prescription })).status).toBe(200);
  });

  test("that came after its list was drawn for the admin, and the list drawn anew is confirmed", async () => {
    const { osei } = there;
    await ask();
    const before = await drawn();
    await shared();
    expect((await osei.browser.ask(confirmErasure, before)).code).toBe("erasure.changed");
    expect((await osei.browser.ask(readEnvelope, { visitId, id: prescription })).status).toBe(200);
    expect((await visit.patient.browser.ask(readErasure, { visitId })).value.certificates).toEqual([]);
    expect((await osei.browser.ask(confirmErasure, await drawn())).status).toBe(200);
  });

  test("of notes that the doctor only wrote after the list was drawn", async () => {
    const { osei } = there;
    visit = await inCall(there.clinic, osei, { video: "allow", prescriptions: "deny", files: "deny" });
    visitId = visit.planned.visitId;
    await visit.patient.browser.ask(endVisit, { visitId });
    await ask();
    const before = await drawn();
    await osei.browser.ask(saveNotes, { visitId, ...(await sealNotes(visitId, "a rash", null, osei.keys)) });
    expect((await osei.browser.ask(confirmErasure, before)).code).toBe("erasure.changed");
    expect((await osei.browser.ask(readNotes, { visitId })).value.notes).not.toBeNull();
  });

  test("by anybody but an admin, or a second time, or where a kept record is not of the visit", async () => {
    await ask();
    const asked = await drawn();
    expect((await there.mendes.browser.ask(confirmErasure, asked)).code).toBe("auth.not-allowed");
    const foreign = [{ id: `0x${"9".repeat(64)}`, reason: "Because", until: "2036-12-31" }];
    expect((await there.osei.browser.ask(confirmErasure, { ...asked, kept: foreign })).code).toBe("record.not-found");
    expect((await there.osei.browser.ask(readEnvelope, { visitId, id: prescription })).status).toBe(200);
    expect((await there.osei.browser.ask(confirmErasure, asked)).status).toBe(200);
    expect((await there.osei.browser.ask(confirmErasure, asked)).code).toBe("erasure.not-open");
  });
});

// Last: the browsers of the tests before know the server by its port.
test("a server that was stopped in between finishes at its next start", async () => {
  const { clinic } = there;
  await erased();
  await clinic.close({ keep: true });
  const mark = `cut short ${"q".repeat(40)}`;
  const storage = await openStorage(clinic.folder, migrations);
  await storage.keepBooks((tx) =>
    tx.update(tables.record).set({ envelope: mark }).where(eq(tables.record.visitId, visitId)),
  );
  await storage.keepBooks((tx) =>
    tx.update(tables.record).set({ envelope: null }).where(eq(tables.record.visitId, visitId)),
  );
  await storage.keepBooks((tx) => tx.update(tables.erasure).set({ scouredAt: null }));
  await storage.close();
  expect(inFiles([mark])).not.toEqual([]);
  const next = await Clinic.open(clinic.folder);
  expect(inFiles([mark])).toEqual([]);
  there = { ...there, clinic: next };
});
