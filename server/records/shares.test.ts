import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConsentEvidence, listLines, readEvidence, readSession } from "../../lib/audit/api.ts";
import { openChain } from "../../lib/audit/chain.ts";
import { walk } from "../../lib/audit/walk.ts";
import { digestOf } from "../../lib/consent/typed-data.ts";
import { clinicianKeys, newSeed } from "../../lib/keyring/keyring.ts";
import { addRecord, finishUpload, listRecords, readEnvelope, startUpload } from "../../lib/records/api.ts";
import { readLooks } from "../../lib/records/looks.ts";
import {
  LONGEST_SHARE,
  listColleagues,
  listSharedWithMe,
  listShares,
  readShared,
  readSharedRecord,
  revokeShare,
  type ShareView,
  sharedBlobPath,
  shareRecords,
} from "../../lib/records/share.ts";
import { openGrant, openSharedRecord, signShare } from "../../lib/records/sharing.ts";
import { aFileKey, cetirizine, type Doctor, type InCall, inCall, signed } from "../clinic.fixture.ts";
import { type TwoDoctors, twoDoctors } from "../colleague.fixture.ts";
import { hashOf } from "../storage/shelf.fixture.ts";

let there: TwoDoctors;
let visit: InCall;
let visitId: string;
let recordId: string;
let other: string;
/** Of the server. */
let at: Date | null = null;

beforeAll(async () => {
  there = await twoDoctors({ now: () => at ?? new Date() });
  const { clinic, osei } = there;
  const choices = { video: "allow", prescriptions: "allow", files: "allow" } as const;
  visit = await inCall(clinic, osei, choices);
  visitId = visit.planned.visitId;
  recordId = await prescribed(osei, 1);
  other = await prescribed(osei, 2);
});
afterAll(() => there.clinic.close());

async function prescribed(doctor: Doctor, number: number): Promise<string> {
  const record = await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, number);
  const answer = await doctor.browser.ask(addRecord, record);
  if (answer.status !== 200) throw new Error(answer.code);
  return answer.value.id;
}

const day = () => Math.floor(Date.now() / 1000) + 86_400;

/** What Ana's browser makes to let Dr. Mendes read one prescription. */
async function toShare(more: { validUntil?: number; ids?: string[] } = {}) {
  const { browser, keys } = visit.patient;
  const { records } = (await browser.ask(listRecords, { visitId })).value;
  const chosen = records.filter(({ id }) => (more.ids ?? [recordId]).includes(id));
  const reader = (await browser.ask(listColleagues, { visitId })).value.colleagues[0]!;
  return signShare({
    visit: { id: visitId, clinic: "Riverside Practice", clinician: { name: "Dr. Esi Osei" } },
    ...{ ledger: visit.ledger, keys, reader, validUntil: more.validUntil ?? day(), from: "Ana Duarte" },
    records: await Promise.all(
      chosen.map(async (record) => ({
        record,
        envelope: (await browser.ask(readEnvelope, { visitId, id: record.id })).value.envelope,
      })),
    ),
  });
}

async function shared(): Promise<ShareView> {
  const answer = await visit.patient.browser.ask(shareRecords, await toShare());
  if (answer.status !== 200) throw new Error(answer.code);
  return answer.value;
}

const takesBack = async ({ id: shareId, consent }: ShareView) =>
  visit.patient.browser.ask(revokeShare, {
    ...{ visitId, shareId },
    signature: await visit.patient.keys.sign(digestOf("Revocation", { consent: consent.id }, visit.ledger)),
  });

const looks = async () => (await visit.patient.browser.ask(readLooks, { visitId })).value.looks;

test("a patient chooses among the clinic's other doctors", async () => {
  const { colleagues } = (await visit.patient.browser.ask(listColleagues, { visitId })).value;
  expect(colleagues.map(({ name }) => name)).toEqual(["Dr. Paula Mendes"]);
});

test("whom a patient lets read opens exactly what was shared, and the patient sees each look by name", async () => {
  const { browser, keys } = there.mendes;
  const view = await shared();
  expect(view).toMatchObject({ reader: "Dr. Paula Mendes", records: [recordId], consent: { state: "live" } });
  const [mine] = (await browser.ask(listSharedWithMe, {})).value.shares;
  expect(mine).toMatchObject({ id: view.id, visitId, clinician: "Dr. Esi Osei", records: 1, state: "live" });

  const share = (await browser.ask(readShared, { visitId, shareId: view.id })).value;
  const grant = await openGrant(visitId, share, keys, visit.ledger);
  expect(grant).toMatchObject({ from: "Ana Duarte", records: [recordId] });
  const record = share.records[0]!;
  const answer = (await browser.ask(readSharedRecord, { visitId, shareId: view.id, id: recordId })).value;
  const about = { visitId, shared: share, record, view: answer, keys, ledger: visit.ledger };
  expect(await openSharedRecord(about)).toEqual(cetirizine);

  expect((await browser.ask(readSharedRecord, { visitId, shareId: view.id, id: other })).code).toBe("record.not-found");
  expect(await looks()).toContainEqual(
    expect.objectContaining({
      who: "reader",
      name: "Dr. Paula Mendes",
      action: "record.read",
      consent: view.consent.id,
    }),
  );
});

test("what was handed out is not opened when anything of it is another's", async () => {
  const { browser, keys } = there.mendes;
  const view = await shared();
  const share = (await browser.ask(readShared, { visitId, shareId: view.id })).value;
  const record = share.records[0]!;
  const answer = (await browser.ask(readSharedRecord, { visitId, shareId: view.id, id: recordId })).value;
  const about = { visitId, shared: share, record, view: answer, keys, ledger: visit.ledger };
  const stranger = await clinicianKeys(newSeed());
  const mismatch = { name: "NotWhatWasShared" };
  await expect(openSharedRecord({ ...about, record: { ...record, number: 9 } })).rejects.toMatchObject(mismatch);
  await expect(openSharedRecord({ ...about, record: { ...record, author: stranger.signer } })).rejects.toMatchObject(
    mismatch,
  );
  await expect(
    openSharedRecord({ ...about, view: { ...answer, seal: await stranger.sign(`0x${"1".repeat(64)}`) } }),
  ).rejects.toMatchObject(mismatch);
  await expect(
    openSharedRecord({ ...about, view: { ...answer, envelope: share.grant.envelope } }),
  ).rejects.toMatchObject(mismatch);
  const foreign = {
    ...share,
    consent: { ...share.consent, consent: { ...share.consent.consent, validUntil: day() + 9 } },
  };
  await expect(openGrant(visitId, foreign, keys, visit.ledger)).rejects.toMatchObject(mismatch);
});

test("a key that its signer does not vouch for is never sealed to", async () => {
  const stranger = await clinicianKeys(newSeed());
  const key = { ...there.mendes.keys.card, recipient: stranger.recipient };
  const about = { visit: { id: visitId, clinic: "", clinician: { name: "" } }, ledger: visit.ledger };
  const asked = {
    ...about,
    keys: visit.patient.keys,
    reader: { id: "", name: "", key },
    records: [],
    validUntil: day(),
    from: "",
  };
  await expect(signShare(asked)).rejects.toMatchObject({ name: "NotTheirKey" });
});

test("a shared file's bytes come with it, and no other file's", async () => {
  const { browser, keys } = there.osei;
  const stored = async (number: number) => {
    const bytes = new TextEncoder().encode(`a letter, sealed ${number}`);
    const { id } = (await browser.ask(startUpload, { visitId, size: bytes.length })).value;
    const headers = { origin: browser.origin, "x-assent-side": "staff", "content-type": "application/octet-stream" };
    await browser.send("POST", `/api/visits/${visitId}/uploads/${id}?offset=0`, headers, bytes);
    const blob = hashOf(bytes);
    await browser.ask(finishUpload, { visitId, id, blob });
    const about = { name: "letter.txt", type: "text/plain", size: 8, sha256: blob, blob, key: aFileKey };
    const content = { kind: "file-share", ...about } as const;
    const record = await signed(visit, keys, [visit.patient.keys.recipient], content, number);
    return { blob, bytes, record: (await browser.ask(addRecord, record)).value.id };
  };
  const [mine, others] = [await stored(3), await stored(4)];
  const answer = await visit.patient.browser.ask(shareRecords, await toShare({ ids: [mine.record] }));
  const fetched = (blob: string) =>
    there.mendes.browser.send("GET", sharedBlobPath(visitId, answer.value.id, blob), { "x-assent-side": "staff" });
  expect((await fetched(mine.blob)).text).toBe(new TextDecoder().decode(mine.bytes));
  expect((await fetched(others.blob)).status).toBe(404);
});

describe("nothing is handed out", () => {
  const refusedNow = async ({ id: shareId }: ShareView) => {
    const { browser } = there.mendes;
    const asked = { visitId, shareId };
    return [
      (await browser.ask(readShared, asked)).code,
      (await browser.ask(readSharedRecord, { ...asked, id: recordId })).code,
      JSON.parse(
        (await browser.send("GET", sharedBlobPath(visitId, shareId, recordId), { "x-assent-side": "staff" })).text,
      ).code,
    ];
  };
  const over = ["share.over", "share.over", "share.over"];

  test("once the patient took it back, and the patient sees who tried", async () => {
    const view = await shared();
    expect((await takesBack(view)).status).toBe(200);
    const before = (await looks()).length;
    expect(await refusedNow(view)).toEqual(over);
    const tries = (await looks()).slice(0, -before).filter(({ refusal }) => refusal === "share.over");
    expect(tries.map(({ who, name }) => `${who} ${name}`)).toEqual(Array(3).fill("reader Dr. Paula Mendes"));
    const { shares } = (await visit.patient.browser.ask(listShares, { visitId })).value;
    expect(shares.find(({ id }) => id === view.id)?.consent.state).toBe("revoked");
    expect((await takesBack(view)).code).toBe("consent.not-live");
  });

  test("once its time is over", async () => {
    const view = await shared();
    at = new Date((view.consent.consent.validUntil + 1) * 1000);
    expect(await refusedNow(view)).toEqual(over);
    at = null;
  });

  test("to any doctor but the one it is for, not even the visit's own", async () => {
    const view = await shared();
    const { browser } = there.osei;
    expect((await browser.ask(readShared, { visitId, shareId: view.id })).code).toBe("visit.not-found");
    expect((await browser.ask(listSharedWithMe, {})).value.shares).toEqual([]);
    const { records } = (await browser.ask(listRecords, { visitId })).value;
    expect(records.some(({ kind }) => kind === "access-granted")).toBe(false);
  });
});

describe("a share is refused", () => {
  type Asked = Awaited<ReturnType<typeof toShare>>;
  const cases: [string, string, (asked: Asked) => Promise<Asked> | Asked][] = [
    [
      "for a record that is not of this visit",
      "record.not-found",
      (asked) => ({ ...asked, records: [{ ...asked.records[0]!, id: `0x${"9".repeat(64)}` }] }),
    ],
    [
      "for an envelope that is not sealed by its patient",
      "record.mismatch",
      (asked) => ({ ...asked, records: [{ ...asked.records[0]!, seal: asked.signature }] }),
    ],
    [
      "for the record of another envelope",
      "record.mismatch",
      (asked) => ({ ...asked, records: [{ ...asked.records[0]!, id: other }] }),
    ],
    [
      "for a permission that says another number of records",
      "consent.mismatch",
      (asked) => ({ ...asked, records: [asked.records[0]!, asked.records[0]!] }),
    ],
    [
      "for a permission that allows more",
      "consent.mismatch",
      (asked) => ({ ...asked, consent: { ...asked.consent, scopes: 0x7e } }),
    ],
    [
      "for a reader who is no doctor here",
      "consent.mismatch",
      (asked) => ({ ...asked, consent: { ...asked.consent, grantee: visit.patient.keys.signer } }),
    ],
    [
      "with the visit's own doctor",
      "consent.mismatch",
      (asked) => ({ ...asked, consent: { ...asked.consent, grantee: there.osei.keys.signer } }),
    ],
    ["without its patient's signature", "signature.wrong", (asked) => ({ ...asked, signature: asked.grant.signature })],
    [
      "without the record that says what is shared",
      "record.mismatch",
      (asked) => ({ ...asked, grant: { ...asked.grant, number: 2 } }),
    ],
    [
      "a second time",
      "consent.exists",
      async (asked) => {
        await visit.patient.browser.ask(shareRecords, asked);
        return { ...(await toShare()), id: asked.id };
      },
    ],
  ];
  test.each(cases)("%s: %s", async (_, code, change) => {
    const answer = await visit.patient.browser.ask(shareRecords, await change(await toShare()));
    expect(answer.code).toBe(code);
  });

  test("for longer than a year", async () => {
    const validUntil = Math.floor(Date.now() / 1000) + LONGEST_SHARE + 60;
    expect((await visit.patient.browser.ask(shareRecords, await toShare({ validUntil }))).code).toBe(
      "consent.mismatch",
    );
  });
});

test("the ledger has the permission and what it was given for, and every line of it holds", async () => {
  const view = await shared();
  await takesBack(view);
  const { browser } = there.osei;
  const rpc = async (method: string, params: unknown[]) => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const headers = { origin: browser.origin, "content-type": "application/json" };
    return JSON.parse((await browser.send("POST", "/api/ledger/rpc", headers, body)).text).result;
  };
  const settled = async () => {
    const { lines } = (await browser.ask(readSession, { visitId })).value;
    return lines.every(({ act }) => !act || act.state === "ledger" || act.state === "final");
  };
  await expect.poll(settled, { timeout: 20_000 }).toBe(true);
  const told = async (change: (row: ConsentEvidence) => ConsentEvidence = (row) => row) => {
    const seen = new Map<number, string>();
    await walk({
      source: {
        lines: async (after) => (await browser.ask(listLines, { after: String(Math.max(after, 0)) as never })).value,
        async evidence(asked) {
          const { consents, records } = (await browser.ask(readEvidence, asked)).value;
          return { consents: consents.map((row) => (row.id === view.consent.id ? change(row) : row)), records };
        },
      },
      ...{ chain: openChain(rpc, visit.ledger), ledger: visit.ledger, signal: new AbortController().signal },
      breathe: async () => {},
      onChecked: (batch) => {
        for (const { number, action, verdict } of batch) seen.set(number, `${action} ${verdict.is}`);
      },
    });
    return seen;
  };
  const seen = await told();
  expect([...seen.values()].filter((line) => line.endsWith("changed"))).toEqual([]);
  // The row of a share that is said to be the visit's own permission is found out.
  const foreign = await told((row) => ({ ...row, share: null }));
  expect([...foreign.values()]).toContain("share.granted changed");
  for (const line of ["share.granted holds", "share.revoked holds", "record.added holds"])
    expect([...seen.values()]).toContain(line);
}, 40_000);
