import { rm } from "node:fs/promises";
import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as z from "zod/mini";
import {
  listLines,
  listSessions,
  readEvidence,
  readSession,
  type SessionFilter,
  tellVerified,
} from "../../lib/audit/api.ts";
import { readOverview } from "../../lib/audit/overview.ts";
import { kinds } from "../../lib/consent/grant.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import { mira } from "../admin.fixture.ts";
import type { Door } from "../http.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { answerAudit } from "./answer.ts";
import { openAudit } from "./audit.ts";
import { sessionPage } from "./session-page.ts";

const START = Date.parse("2026-11-01T08:00:00.000Z");
const now = () => new Date("2026-11-24T12:00:00.000Z");
const hex = (n: number, bytes: number) => `0x${n.toString(16).padStart(bytes * 2, "0")}`;
const visitId = (n: number) => n.toString(16).padStart(32, "0");

let folder: string;
let storage: Storage;
let audit: ReturnType<typeof openAudit>;

/** 130 visits, three a minute sharing a millisecond now and then; every third is Dr. Brandt's. */
const VISITS = 130;
const doctorOf = (n: number) => (n % 3 === 0 ? "liam" : "esi");

beforeAll(async () => {
  folder = await madeFolder("audit");
  storage = await openStorage(folder, migrations, now);
  audit = openAudit({ storage, now });
  await storage.keepBooks(async (tx) => {
    const at = new Date(START);
    for (const [id, name, roles] of [
      ["esi", "Dr. Esi Osei", "clinician"],
      ["liam", "Dr. Liam Brandt", "clinician"],
      ["mira", "Mira Thoma", "admin"],
    ] as const) {
      await tx
        .insert(tables.user)
        .values({ id, name, email: `${id}@practice.org`, roles, createdAt: at, updatedAt: at });
      await tx.insert(tables.clinicianKey).values({
        signer: `0x${id}`,
        userId: id,
        recipient: "",
        binding: "",
        person: "",
        voucher: "",
        device: "",
        askedAt: at,
        enrolledAt: at,
      });
    }
    for (let n = 0; n < VISITS; n++) {
      const createdAt = new Date(START + Math.floor(n / 2) * 3_600_000);
      await tx.insert(tables.visit).values({
        id: visitId(n),
        clinicianId: doctorOf(n),
        signer: `0x${doctorOf(n)}`,
        claimHash: "",
        details: "sealed: Ana Lima, a rash",
        state: n === VISITS - 1 ? "in-call" : "over",
        end: n === VISITS - 1 ? null : n === 5 ? "not-private" : n % 10 === 0 ? "revoked" : "ended",
        createdAt,
        linkExpiresAt: createdAt,
        startedAt: createdAt,
        endedAt: n === VISITS - 1 ? null : new Date(createdAt.getTime() + 60_000),
      });
    }
  });
  await granted(VISITS - 1, { kind: "prescription", act: "sent" });
  await granted(40, { kind: "file-share", act: "final" });
  await storage.transact((_, finish) =>
    finish(
      {
        actor: { is: "nobody", id: "stranger" },
        action: "consent.refused",
        visitId: visitId(7),
        refusal: "consent.mismatch",
      },
      null,
    ),
  );
  await storage.transact((_, finish) =>
    finish({ actor: { is: "staff", id: "esi" }, action: "guest.not-private", visitId: visitId(9) }, null),
  );
}, 60_000);

afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

async function granted(n: number, record: { kind: "prescription" | "file-share"; act: "sent" | "final" }) {
  const consent = {
    patient: hex(n, 20),
    grantee: hex(1, 20),
    visit: hex(n, 32),
    scopes: 14,
    validFrom: START / 1000,
    validUntil: now().getTime() / 1000 + 3600,
    terms: hex(1, 32),
    salt: hex(2, 32),
  };
  const id = hex(1000 + n, 32);
  const recordId = hex(2000 + n, 32);
  const at = now();
  await storage.transact(async (tx, finish) => {
    await tx.insert(tables.claim).values({
      visitId: visitId(n),
      signer: consent.patient,
      recipient: "",
      binding: "",
      sessionHash: "",
      claimedAt: at,
    });
    await tx.insert(tables.consent).values({ id, visitId: visitId(n), consent, signature: "0x01", grantedAt: at });
    await tx.insert(tables.record).values({
      id: recordId,
      visitId: visitId(n),
      consentId: id,
      kind: kinds[record.kind],
      byPatient: false,
      author: hex(1, 20),
      commitment: hex(3, 32),
      number: 1,
      signedAt: START / 1000,
      signature: "0x02",
      envelope: "c2VjcmV0",
      recipients: ["age1"],
      seal: "0x03",
      createdAt: at,
    });
    for (const [actId, kind, object, state] of [
      [`g${n}`, "grant", id, "final"],
      [`r${n}`, "record", recordId, record.act],
    ] as const) {
      await tx.insert(tables.act).values({
        id: actId,
        kind,
        call: {},
        visitId: visitId(n),
        object,
        state,
        transaction: hex(5, 32),
        block: 17,
        blockHash: hex(6, 32),
        savedAt: at,
        movedAt: at,
      });
    }
    const actor = { is: "patient", id: pseudonymOf(consent.patient) } as const;
    return finish(
      [
        { actor, action: "consent.granted", visitId: visitId(n), object: id, consent: id, actId: `g${n}` },
        {
          actor: { is: "staff", id: doctorOf(n) },
          action: "record.added",
          visitId: visitId(n),
          object: recordId,
          consent: id,
          actId: `r${n}`,
        },
      ],
      null,
    );
  });
}

async function lastLine() {
  const [line] = await storage.read.select().from(tables.entry).orderBy(desc(tables.entry.number)).limit(1);
  return line!;
}

async function allSessions(filter: Omit<z.infer<typeof SessionFilter>, "before">) {
  const seen: string[] = [];
  let pages = 0;
  let before: string | undefined;
  do {
    const page = listSessions.answer.parse(await audit.sessions(mira, { ...filter, before }));
    seen.push(...page.sessions.map((session) => session.visitId));
    before = page.older ?? undefined;
    pages += 1;
  } while (before);
  return { seen, pages };
}

describe("sessions", () => {
  test("one that was planned long before stands where it happened, and is found by that day", async () => {
    const was = new Date(START);
    const happens = (startedAt: Date) =>
      storage.keepBooks((tx) =>
        tx
          .update(tables.visit)
          .set({ startedAt })
          .where(eq(tables.visit.id, visitId(0))),
      );
    const late = new Date(START + 90 * 86_400_000);
    await happens(late);
    expect((await allSessions({})).seen[0]).toBe(visitId(0));
    expect((await allSessions({ from: late.toISOString() })).seen).toEqual([visitId(0)]);
    await happens(was);
  });

  test("pages meet without a hole and without a double, also where visits share a moment", async () => {
    const { seen, pages } = await allSessions({});
    expect(seen).toEqual(Array.from({ length: VISITS }, (_, i) => visitId(VISITS - 1 - i)));
    expect(pages).toBe(3);
  });

  test.each([
    ["doctor", { clinician: "liam" }, (n: number) => n % 3 === 0],
    ["kind", { kind: "file-share" }, (n: number) => n === 40],
    ["outcome", { outcome: "revoked" }, (n: number) => n % 10 === 0],
    ["not private, with the other or with a guest", { outcome: "not-private" }, (n: number) => n === 5 || n === 9],
    ["something refused", { outcome: "refused" }, (n: number) => n === 7],
    [
      "from and to",
      { from: new Date(START + 3_600_000).toISOString(), to: new Date(START + 2 * 3_600_000).toISOString() },
      (n: number) => Math.floor(n / 2) === 1,
    ],
    ["a patient's code", { patient: pseudonymOf(hex(40, 20)) }, (n: number) => n === 40],
    ["state", { state: "in-call" }, (n: number) => n === VISITS - 1],
    ["what is on its way to the ledger", { record: "waiting" }, (n: number) => n === VISITS - 1],
    ["what is final", { record: "final" }, (n: number) => n === 40],
    ["ids", { visits: `${visitId(3)},${visitId(8)}` }, (n: number) => n === 3 || n === 8],
    ["doctor and outcome", { clinician: "liam", outcome: "revoked" }, (n: number) => n % 30 === 0],
  ] as const)("the filter by %s keeps exactly those", async (_, filter, keeps) => {
    const { seen } = await allSessions(filter);
    const wanted = Array.from({ length: VISITS }, (_, i) => VISITS - 1 - i).filter(keeps);
    expect(seen).toEqual(wanted.map(visitId));
    // Also where few visits are gone over at once.
    const few: string[] = [];
    let before: string | null | undefined;
    do {
      const page = await storage.keepBooks((tx) => sessionPage(tx, { ...filter, before: before ?? undefined }, 9));
      few.push(...page.ids);
      before = page.older;
    } while (before);
    expect(few).toEqual(seen);
  });

  test("a session tells its consent, its lines and the least advanced of its records", async () => {
    const { sessions } = await audit.sessions(mira, {});
    expect(sessions[0]).toMatchObject({
      consent: "live",
      ledger: "sent",
      lines: 2,
      pseudonym: pseudonymOf(hex(129, 20)),
    });
    const { sessions: refused } = await audit.sessions(mira, { outcome: "refused" });
    expect(refused[0]).toMatchObject({ consent: "refused", ledger: null, lines: 1, pseudonym: null });
    const { sessions: ended } = await audit.sessions(mira, { kind: "file-share" });
    expect(ended[0]).toMatchObject({ consent: "ended", ledger: "final" });
  });

  test("nothing a patient wrote or was called leaves with it", async () => {
    const answers = [
      await audit.sessions(mira, {}),
      await audit.session(mira, visitId(40)),
      await audit.evidence(mira, { consents: [hex(1040, 32)], records: [hex(2040, 32)] }),
    ];
    const told = JSON.stringify(answers);
    for (const secret of ["Ana Lima", "sealed:", "c2VjcmV0", "envelope", "sessionHash"])
      expect(told).not.toContain(secret);
  });

  test("a cursor somebody made up is malformed, not an error of ours", async () => {
    await expect(audit.sessions(mira, { before: "yesterday" })).rejects.toMatchObject({ code: "request.malformed" });
  });
});

describe("a session", () => {
  test("its timeline has all its lines in order, each with its act", async () => {
    const answer = readSession.answer.parse(await audit.session(mira, visitId(40)));
    const got = answer.lines.slice(0, 2).map(({ entry, act }) => [entry.action, act?.kind, act?.state, act?.block]);
    expect(got).toEqual([
      ["consent.granted", "grant", "final", 17],
      ["record.added", "record", "final", 17],
    ]);
    expect(answer.consents).toHaveLength(1);
    expect(answer.records).toHaveLength(1);
  });

  test("one that isn't there is refused", async () => {
    await expect(audit.session(mira, visitId(99999))).rejects.toMatchObject({ code: "visit.not-found" });
  });
});

test("lines come in order from where one was, to the end", async () => {
  for (let i = 0; i < 6; i++) {
    await storage.transact((_, finish) =>
      finish(
        Array.from(
          { length: 100 },
          () => ({ actor: { is: "system", id: "test" }, action: "link.opened" }) as const,
        ) as never,
        null,
      ),
    );
  }
  const numbers: number[] = [];
  let more = true;
  let last = 0;
  while (more) {
    const page = listLines.answer.parse(await audit.lines(mira, numbers.at(-1) ?? 0));
    numbers.push(...page.lines.map((line) => line.entry.number));
    ({ more, last } = page);
  }
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  expect(numbers.length).toBe(last);
});

test("a row that somebody changed still arrives, to be found out", async () => {
  const id = hex(2040, 32);
  await storage.keepBooks(async (tx) => {
    await tx.update(tables.record).set({ kind: 77, commitment: "gone", signedAt: -1 });
    await tx.update(tables.consent).set({ consent: { patient: 4 } as never, signature: "" });
    await tx.update(tables.act).set({ block: -4, transaction: "no" });
  });
  const got = readEvidence.answer.parse(await audit.evidence(mira, { consents: [hex(1040, 32)], records: [id] }));
  expect(got.records[0]).toMatchObject({ id, kind: 77, commitment: "gone" });
  expect(got.consents[0]).toMatchObject({ consent: { patient: 4 }, state: "ended" });
  readSession.answer.parse(await audit.session(mira, visitId(40)));
});

test.each([
  ["sessions", () => audit.sessions(mira, {}), "audit.read", null],
  ["a session", () => audit.session(mira, visitId(3)), "audit.read", visitId(3)],
  ["lines", () => audit.lines(mira, 0), "audit.read", null],
  ["evidence", () => audit.evidence(mira, { consents: [], records: [] }), "audit.read", null],
  ["a verification", () => audit.verified(mira, { lines: 9, failed: 1 }), "audit.verified", null],
  [
    "a session's verification",
    () => audit.verified(mira, { visitId: visitId(3), lines: 9, failed: 1, first: 4 }),
    "audit.verified",
    visitId(3),
  ],
] as const)("looking at %s leaves exactly one line on the trail", async (_, look, action, visit) => {
  const before = (await lastLine()).number;
  await look();
  const line = await lastLine();
  expect(line.number).toBe(before + 1);
  expect(line).toMatchObject({ action, visitId: visit, actor: { is: "staff", id: "mira" } });
});

test("the door opens every one of these to admins and to nobody else", () => {
  const guards: [string, string][] = [];
  const on = (endpoint: { path: string }, guard: string) => guards.push([endpoint.path, guard]);
  answerAudit({ on } as unknown as Door, {
    storage,
    mail: { folder: null },
    space: async () => ({ total: 0, free: 0 }),
    stores: async () => ({ stores: [], lost: 0 }),
    now,
  });
  const endpoints = [readOverview, listSessions, readSession, listLines, readEvidence, tellVerified];
  expect(guards).toEqual(endpoints.map(({ path }) => [path, "admin"]));
});
