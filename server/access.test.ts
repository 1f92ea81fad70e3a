import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomHex } from "../lib/keyring/bytes.ts";
import { type Browser, Clinic, type Doctor, drOsei, type InCall, inCall } from "./clinic.fixture.ts";
import { type GuestThere, guestInCall } from "./guest.fixture.ts";

/**
 * T-H1: everyone at every route. A route that is not in this table fails the test, so a new one comes with its row.
 * `who`: those that may; all others are refused. The input is one that the schema takes, so that the refusal is about the person.
 */
type Role = "stranger" | "clinician" | "patient" | "other patient" | "guest" | "other guest";
const everyone: Role[] = ["stranger", "clinician", "patient", "other patient", "guest", "other guest"];
const visitOnly: Role[] = ["clinician", "patient"];

let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;
let other: InCall;
let guest: GuestThere;
let otherGuest: GuestThere;

beforeAll(async () => {
  // Each question comes from an address of its own: so many from one would be too many.
  clinic = await Clinic.open(undefined, { TRUST_PROXY_HOPS: "1" });
  doctor = await drOsei(clinic);
  const choices = { video: "allow", prescriptions: "allow", files: "allow" } as const;
  visit = await inCall(clinic, doctor, choices);
  other = await inCall(clinic, doctor, choices);
  guest = await guestInCall(clinic, doctor, visit);
  otherGuest = await guestInCall(clinic, doctor, other);
});
afterAll(() => clinic.close());

const hash = `0x${"1".repeat(64)}`;
const signature = `0x${"1".repeat(130)}`;
const signer = `0x${"1".repeat(40)}`;
const recipient = `age1${"q".repeat(58)}`;
const record = {
  kind: "session-start",
  commitment: hash,
  number: 1,
  signedAt: 1,
  signature,
  envelope: "aaaa",
  recipients: [recipient, recipient],
  seal: signature,
  blob: null,
  slip: null,
  cancels: null,
};
const kept = { sealed: "aaaa", seal: signature, recipient, version: 1, previous: hash };
const consent = {
  patient: signer,
  grantee: signer,
  visit: hash,
  scopes: 2,
  validFrom: 1,
  validUntil: 2,
  terms: hash,
  salt: hash,
};
const key = { signer, recipient, binding: signature };
const newKey = { card: key, device: "x", person: signer, voucher: signature };
/** An id that is nobody's. */
const missing = randomHex(16).slice(2);

const table: Record<string, { who: Role[]; body?: object }> = {
  "GET /api/clinic": { who: everyone },
  "POST /api/clinic": {
    who: everyone,
    body: { clinicName: "x", name: "x", email: "x@example.org", password: "a long passphrase", key: newKey },
  },
  "POST /api/clinic/phone": { who: ["clinician"], body: { phone: "030 555 010" } },
  "GET /api/people": { who: ["clinician"] },
  "POST /api/invitations": {
    who: ["clinician"],
    body: { id: "2".repeat(32), claimHash: hash, name: "x", email: "y@example.org", roles: ["clinician"] },
  },
  "POST /api/invitations/:invitationId/withdraw": { who: ["clinician"], body: {} },
  "POST /api/invitations/:invitationId/open": { who: everyone, body: { token: hash } },
  "POST /api/invitations/:invitationId/accept": {
    who: everyone,
    body: { token: hash, password: "a long passphrase", key: null },
  },
  "GET /api/keys": { who: ["clinician"] },
  "POST /api/keys": { who: ["clinician"], body: newKey },
  "POST /api/keys/:signer/enrol": { who: ["clinician"], body: { by: null } },
  "POST /api/keys/:signer/remove": { who: ["clinician"], body: { why: "other" } },
  "POST /api/people/:personId/roles": { who: ["clinician"], body: { roles: ["admin"] } },
  "POST /api/people/:personId/remove": { who: ["clinician"], body: {} },
  "POST /api/me/confirm": { who: ["clinician"], body: { password: "x" } },
  "POST /api/sign-in": { who: everyone, body: { email: "x@example.org", password: "x" } },
  "POST /api/sign-out": { who: ["clinician"], body: { forget: false } },
  "GET /api/me": { who: ["clinician"] },
  "POST /api/visits": {
    who: ["clinician"],
    body: { id: randomHex(16).slice(2), signer, claimHash: hash, details: "aaaa", plannedFor: null },
  },
  "GET /api/visits": { who: ["clinician"] },
  "GET /api/visits/:visitId": { who: ["clinician"] },
  "POST /api/visits/:visitId/hold": { who: ["clinician"], body: { signer } },
  "POST /api/visits/:visitId/admit": { who: ["clinician"], body: {} },
  "POST /api/visits/:visitId/decline": { who: ["clinician"], body: {} },
  "POST /api/visits/:visitId/end": { who: visitOnly, body: {} },
  "POST /api/visits/:visitId/not-private": { who: visitOnly, body: { why: "words" } },
  "POST /api/join/:visitId/open": { who: everyone, body: { token: hash } },
  "POST /api/join/:visitId/claim": {
    who: everyone,
    body: { token: hash, signer, recipient, at: 1, proof: signature, binding: signature, details: null },
  },
  "POST /api/join/:visitId/key": { who: everyone, body: { signer, at: 1, proof: signature } },
  "GET /api/join/:visitId": { who: ["patient"] },
  "POST /api/join/:visitId/name": { who: ["patient"], body: { details: "aaaa" } },
  "POST /api/join/:visitId/email": { who: ["patient"], body: { email: "ana@example.org" } },
  "GET /api/queue": { who: ["clinician"] },
  "POST /api/queue": { who: ["clinician"], body: { minutes: 15 } },
  "POST /api/visits/:visitId/guests": {
    who: visitOnly,
    body: { id: "1".repeat(32), claimHash: hash, role: "student", details: null },
  },
  "POST /api/visits/:visitId/guests/:guestId/accept": { who: ["clinician"], body: {} },
  "POST /api/visits/:visitId/guests/:guestId/turn-away": { who: visitOnly, body: {} },
  "POST /api/visits/:visitId/guests/:guestId/consent": { who: ["patient"], body: { consent, signature } },
  "POST /api/visits/:visitId/guests/:guestId/consent/revoke": { who: ["patient"], body: { signature } },
  "POST /api/guests/:guestId/open": { who: everyone, body: { token: hash } },
  "POST /api/guests/:guestId/claim": {
    who: everyone,
    body: { token: hash, signer, recipient, at: 1, proof: signature, role: "student", details: "aaaa" },
  },
  "GET /api/guests/:guestId": { who: ["guest"] },
  "POST /api/guests/:guestId/leave": { who: ["guest"], body: {} },
  "POST /api/visits/:visitId/consent": { who: ["patient"], body: { consent, signature } },
  "POST /api/visits/:visitId/consent/revoke": { who: ["patient"], body: { signature } },
  "POST /api/visits/:visitId/records": { who: visitOnly, body: record },
  "GET /api/visits/:visitId/records": { who: visitOnly },
  "GET /api/visits/:visitId/records/:id/envelope": { who: visitOnly },
  "POST /api/visits/:visitId/asks": { who: ["clinician"], body: record },
  "POST /api/visits/:visitId/asks/:id/answer": { who: ["patient"], body: { approval: null } },
  "POST /api/visits/:visitId/asks/:id/withdraw": { who: ["clinician"], body: {} },
  "GET /api/visits/:visitId/uploads": { who: visitOnly },
  "POST /api/visits/:visitId/uploads": { who: visitOnly, body: { size: 1 } },
  "POST /api/visits/:visitId/uploads/:id": { who: visitOnly, body: {} },
  "POST /api/visits/:visitId/uploads/:id/finish": { who: visitOnly, body: { blob: hash } },
  "GET /api/visits/:visitId/blobs/:blob": { who: visitOnly },
  "POST /api/lockers": { who: everyone, body: { id: hash, sealed: `0x${"1".repeat(88)}` } },
  "POST /api/lockers/open": { who: everyone, body: { id: hash } },
  "POST /api/lockers/drop": { who: everyone, body: { id: hash } },
  "POST /api/folders": { who: everyone, body: { signer, ...kept } },
  "POST /api/folders/open": { who: everyone, body: { signer, at: 1, proof: signature } },
  "GET /api/visits/:visitId/colleagues": { who: ["patient"] },
  "POST /api/visits/:visitId/shares": {
    who: ["patient"],
    body: {
      ...{ id: "1".repeat(32), consent, signature, grant: record },
      records: [{ id: hash, envelope: "aaaa", seal: signature }],
    },
  },
  "GET /api/visits/:visitId/shares": { who: ["patient"] },
  "POST /api/visits/:visitId/shares/:shareId/revoke": { who: ["patient"], body: { signature } },
  "GET /api/shared": { who: ["clinician"] },
  // Only the doctor whom a patient let read: server/records/shares.test.ts.
  "GET /api/visits/:visitId/shared/:shareId": { who: [] },
  "GET /api/visits/:visitId/shared/:shareId/records/:id": { who: [] },
  "GET /api/visits/:visitId/shared/:shareId/blobs/:blob": { who: [] },
  "POST /api/visits/:visitId/erasure": { who: ["patient"], body: { at: 1, proof: signature } },
  "POST /api/visits/:visitId/erasure/withdraw": { who: ["patient"], body: {} },
  "GET /api/visits/:visitId/erasure": { who: ["patient"] },
  "GET /api/erasures": { who: ["clinician"] },
  "POST /api/erasures/:id/confirm": { who: ["clinician"], body: { version: hash, kept: [], keptNotes: null } },
  "GET /api/visits/:visitId/evidence": { who: visitOnly },
  "GET /api/visits/:visitId/looks": { who: ["patient"] },
  "GET /api/visits/:visitId/notes": { who: ["clinician"] },
  "POST /api/visits/:visitId/notes": { who: ["clinician"], body: kept },
  "POST /api/visits/:visitId/records/:id/cancel": {
    who: ["clinician"],
    body: { commitment: hash, envelope: "aaaa", recipients: [recipient, recipient, recipient], seal: signature },
  },
  "GET /api/visits/:visitId/records/:id/cancellation": { who: visitOnly },
  "GET /api/visits/:visitId/background": { who: visitOnly },
  "POST /api/visits/:visitId/background": { who: ["patient"], body: kept },
  "POST /api/visits/:visitId/background/withdraw": { who: ["patient"], body: {} },
  "POST /api/slips/:record/open": { who: everyone, body: { token: hash } },
  "POST /api/slips/:record/dispense": { who: everyone, body: { token: hash, nth: 1, note: "aaaa" } },
  "POST /api/visits/:visitId/rating": { who: visitOnly, body: { score: 3 } },
  "GET /api/audit/overview": { who: ["clinician"] },
  "GET /api/audit/sessions": { who: ["clinician"] },
  "GET /api/audit/sessions/:visitId": { who: ["clinician"] },
  "GET /api/audit/sessions/:visitId/evidence": { who: ["clinician"] },
  "GET /api/audit/lines": { who: ["clinician"] },
  "GET /api/audit/events": { who: ["clinician"] },
  "GET /api/audit/last": { who: ["clinician"] },
  "POST /api/audit/search": { who: ["clinician"], body: { text: "3" } },
  "POST /api/audit/follow": { who: ["clinician"], body: {} },
  "GET /api/audit/follow/:id": { who: ["clinician"] },
  "POST /api/audit/follow/:id/end": { who: ["clinician"], body: {} },
  "GET /api/audit/views": { who: ["clinician"] },
  "POST /api/audit/views": { who: ["clinician"], body: { name: "x", filters: {} } },
  "POST /api/audit/views/:id/rename": { who: ["clinician"], body: { name: "x" } },
  "POST /api/audit/views/:id/remove": { who: ["clinician"], body: {} },
  "POST /api/audit/evidence": { who: ["clinician"], body: { consents: [], records: [] } },
  "POST /api/audit/verified": { who: ["clinician"], body: { lines: 0, failed: 0 } },
  "GET /api/audit/exports/size": { who: ["clinician"] },
  "POST /api/audit/exports": { who: ["clinician"], body: { format: "jsonl", filter: {} } },
  "GET /api/audit/findings": { who: ["clinician"] },
  "GET /api/audit/report": { who: ["clinician"] },
  "GET /api/audit/reviews": { who: ["clinician"] },
  "GET /api/audit/reviews/:about": { who: ["clinician"] },
  "POST /api/audit/reviews/:about": { who: ["clinician"], body: { version: 0, step: { is: "reopen" } } },
  "GET /api/audit/trends": { who: ["clinician"] },
  "GET /api/audit/waiting": { who: ["clinician"] },
  "GET /api/audit/export-requests/count": { who: ["clinician"] },
  "GET /api/audit/export-requests": { who: ["clinician"] },
  "POST /api/audit/export-requests": {
    who: ["clinician"],
    body: { format: "jsonl", filter: {}, reason: "audit", note: null },
  },
  "POST /api/audit/export-requests/:id/decide": { who: ["clinician"], body: { approve: true } },
  "POST /api/audit/export-requests/:id/withdraw": { who: ["clinician"], body: {} },
  "POST /api/audit/export-requests/:id/download": { who: ["clinician"], body: {} },
  "GET /api/line": { who: everyone },
  "GET /api/line/bytes": { who: everyone },
  "POST /api/line/bytes": { who: everyone, body: {} },
  "GET /api/ledger/status": { who: ["clinician"] },
  "GET /api/ledger/parked": { who: ["clinician"] },
  "POST /api/ledger/parked/:id/retry": { who: ["clinician"], body: {} },
  "GET /log/checkpoint": { who: everyone },
  "GET /log/tile/*": { who: everyone },
  "GET /api/log": { who: everyone },
  "GET /api/audit/log": { who: ["clinician"] },
  "POST /api/audit/witnesses": { who: ["clinician"], body: { url: "https://witness.example", key: "" } },
  "POST /api/audit/witnesses/:id/remove": { who: ["clinician"], body: {} },
  "POST /api/ledger/rpc": { who: everyone, body: { jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] } },
};

/** About nobody's health: these leave no line, so they go on where none can be left. */
const quiet = [
  ...["GET /api/clinic", "GET /api/people", "GET /api/keys", "GET /api/me", "GET /api/queue"],
  // How many bytes there is room for, and where the first would go: what they are is told when they are kept.
  ...["GET /api/visits/:visitId/uploads", "POST /api/visits/:visitId/uploads"],
  ...[
    "GET /api/audit/overview",
    "GET /api/audit/last",
    "GET /api/audit/views",
    "POST /api/audit/views",
    "GET /api/audit/trends",
    "GET /api/audit/waiting",
    "GET /api/audit/export-requests/count",
    "GET /api/line",
    "GET /api/line/bytes",
    "POST /api/line/bytes",
  ],
  ...["GET /api/ledger/status", "GET /api/ledger/parked", "GET /log/checkpoint", "GET /api/log", "GET /api/audit/log"],
  "POST /api/ledger/rpc",
];

const days = Array.from({ length: 15 }, (_, day) => new Date(day * 86_400_000 + 1.7e12).toISOString());
const queries: Record<string, string> = {
  "GET /api/audit/overview": `?days=${days.join()}`,
  "GET /api/audit/lines": "?after=0",
  "GET /api/audit/follow/:id": "?after=0",
  "GET /api/audit/report": "?month=2026-10",
  "GET /api/audit/trends": `?days=${days.join()}`,
  "GET /api/audit/findings": "?state=open",
  "GET /api/audit/reviews": "?which=open",
  "POST /api/visits/:visitId/uploads/:id": "?offset=0",
};

const ids: [string, string][] = [
  ["/uploads/", "1".repeat(32)],
  ["/erasures/", "1".repeat(32)],
  ["/export-requests/", "1".repeat(32)],
  ["/parked/", "11111111-1111-4111-8111-111111111111"],
  ["/witnesses/", "11111111-1111-4111-8111-111111111111"],
  ["/follow/", "1".repeat(32)],
  ["/views/", "11111111-1111-4111-8111-111111111111"],
];

/** Refusals that are about who asks. Any other answer means that the person was let through to the question itself. */
const turnedAway = new Set(["auth.needed", "auth.not-allowed"]);

let sent = 0;
async function send(
  browser: Browser,
  route: string,
  { visitId, guestId }: { visitId: string; guestId: string },
): Promise<{ status: number; code: string | undefined; text: string }> {
  const [method, pattern] = route.split(" ") as [string, string];
  const path = pattern
    .replace(":visitId", visitId)
    .replace(":guestId", guestId)
    .replace(":record", hash)
    .replace(":shareId", "1".repeat(32))
    .replace(":invitationId", missing)
    .replace(":personId", missing)
    .replace(":signer", signer)
    .replace(":id", ids.find(([part]) => route.includes(part))?.[1] ?? hash)
    .replace(":about", visitId)
    .replace(":blob", hash);
  const query = queries[route] ?? "";
  const body = table[route]?.body;
  const headers = {
    origin: browser.origin,
    "x-assent-side": browser.side,
    ...(body ? { "content-type": "application/json" } : {}),
  };
  browser.from = `10.0.${++sent >> 8}.${sent & 255}`;
  const { status, text } = await browser.send(method, path + query, headers, body && JSON.stringify(body));
  const code = status >= 400 ? (JSON.parse(text) as { code?: string }).code : undefined;
  return { status, code, text };
}

test("every route is in the table, and the table has no other", () => {
  expect(clinic.app.routes.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(Object.keys(table).sort());
});

test.each(Object.keys(table).filter((route) => route !== "POST /api/sign-out"))(
  "%s lets in those it names and nobody else",
  async (route) => {
    const people: Record<Role, Browser> = {
      stranger: clinic.browser(),
      clinician: doctor.browser,
      patient: visit.patient.browser,
      "other patient": other.patient.browser,
      guest: guest.browser,
      "other guest": otherGuest.browser,
    };
    // Ending and deciding would change the visit for the next row: those go to a visit that is nobody's.
    const changes = /end$|admit$|decline$|revoke$|not-private$|leave$/.test(route);
    const isLink = /\/(open|claim)$/.test(route);
    const ofAVisit = /:(visitId|guestId)/.test(route) && !isLink;
    const ids = { visitId: visit.planned.visitId, guestId: guest.link.guestId };
    for (const role of everyone) {
      if (table[route]?.who.includes(role)) {
        if (changes) continue;
        const { status, code } = await send(people[role], route, ids);
        // A wrong token is answered as a missing visit, whoever brings it.
        expect([role, status >= 500 || turnedAway.has(code ?? "") || (code === "visit.not-found" && !isLink)]).toEqual([
          role,
          false,
        ]);
      } else {
        const there = await send(people[role], route, ids);
        expect([role, turnedAway.has(there.code ?? "") || there.code === "visit.not-found"]).toEqual([role, true]);
        // What is not theirs answers, byte for byte, as what is not there.
        if (ofAVisit) expect(await send(people[role], route, { visitId: missing, guestId: missing })).toEqual(there);
      }
    }
  },
);

test("T-LOG4 where the trail takes no line, nothing about anybody comes out and nothing is changed", async () => {
  const port = clinic.port;
  await clinic.close({ keep: true });
  const database = await PGlite.create(join(clinic.folder, "database"));
  await database.exec(`
    CREATE FUNCTION no_line() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no line'; END $$;
    CREATE TRIGGER no_line BEFORE INSERT ON "entry" FOR EACH ROW EXECUTE FUNCTION no_line();`);
  await database.close();
  clinic = await Clinic.open(clinic.folder, { TRUST_PROXY_HOPS: "1", PORT: String(port) });
  const people = {
    stranger: clinic.browser(),
    clinician: doctor.browser,
    patient: visit.patient.browser,
    guest: guest.browser,
  };
  const answered: string[] = [];
  const ids = { visitId: visit.planned.visitId, guestId: guest.link.guestId };
  for (const [route, { who }] of Object.entries(table)) {
    const role = (["clinician", "patient", "guest", "stranger"] as const).find((one) => who.includes(one));
    // Signing out ends the session all the same: closing must never fail.
    if (!role || route === "POST /api/sign-out") continue;
    const { status, code } = await send(people[role], route, ids);
    if (status < 400) answered.push(route);
    else expect([route, status, code]).toEqual([route, expect.any(Number), expect.any(String)]);
  }
  expect(answered).toEqual(quiet);
});
