import { rm } from "node:fs/promises";
import { join } from "node:path";
import { SigningKey, Wallet } from "ethers";
import { expect, test } from "vitest";
import { authorize, revoke } from "../lib/consent/api.ts";
import { digestOf } from "../lib/consent/typed-data.ts";
import { randomHex } from "../lib/keyring/bytes.ts";
import { addRecord, answerAsk, askApproval } from "../lib/records/api.ts";
import { claimLink } from "../lib/visits/api.ts";
import { ana, Clinic, cetirizine, claimAsk, consentOf, drOsei, inCall, plan, signed } from "./clinic.fixture.ts";
import { root } from "./config.ts";
import { act, ledgerTransaction } from "./storage/schema.ts";
import { openStorage } from "./storage/storage.ts";

/** A nightly run sends ten thousand. */
const JUNK = Number(process.env.JUNK ?? 1_000);
const AT_ONCE = 40;
const open = { video: "allow", prescriptions: "ask", files: "allow" } as const;

test(`T-C11 ${JUNK.toLocaleString("en")} junk signatures from members and strangers pay for no transaction`, async () => {
  const clinic = await Clinic.open(undefined, { TRUST_PROXY_HOPS: "1" });
  const doctor = await drOsei(clinic);
  const visit = await inCall(clinic, doctor, open);
  const planned = await plan(doctor);
  const waiting = await ana(clinic, planned);
  const { consent } = await consentOf(clinic, planned, doctor, waiting, open);
  const claim = await claimAsk(await plan(doctor), visit.patient.keys);
  const visitId = visit.planned.visitId;
  const good = await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, 1);
  const asked = (await doctor.browser.ask(askApproval, good)).value;
  const stranger = clinic.browser();
  const mallory = new SigningKey(Wallet.createRandom().privateKey);
  const junk: (() => string)[] = [
    () => randomHex(65),
    () => mallory.sign(randomHex(32)).serialized,
    () => mallory.sign(digestOf("Revocation", { consent: visit.consentId }, visit.ledger)).serialized,
    () => `${good.signature.slice(0, -2)}00`,
  ];
  const routes: ((signature: string) => Promise<{ status: number; code: string | undefined }>)[] = [
    (signature) => waiting.browser.ask(authorize, { visitId: planned.visitId, consent, signature }),
    (signature) => visit.patient.browser.ask(revoke, { visitId, signature }),
    (signature) => doctor.browser.ask(addRecord, { ...good, kind: "session-start", signature }),
    (signature) => doctor.browser.ask(askApproval, { ...good, number: 2, signature }),
    (approval) => visit.patient.browser.ask(answerAsk, { visitId, id: asked.id, approval }),
    (proof) => stranger.ask(claimLink, { ...claim, proof }),
    (signature) => stranger.ask(revoke, { visitId, signature }),
    (signature) => stranger.ask(addRecord, { ...good, signature }),
  ];
  const refused = new Map<string, number>();
  const from = performance.now();
  let sent = 0;
  const people = [doctor.browser, visit.patient.browser, waiting.browser, stranger];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (sent < JUNK) {
        const n = sent++;
        if (n % 100 === 0) for (const browser of people) browser.from = `2001:db8:${(n / 100).toString(16)}::1`;
        const { status, code } = await routes[n % routes.length]!(junk[(n >> 3) % junk.length]!());
        const said = `${status} ${code}`;
        refused.set(said, (refused.get(said) ?? 0) + 1);
      }
    }),
  );
  console.log(`${JUNK} junk signatures: ${Math.round(performance.now() - from)} ms`, Object.fromEntries(refused));
  expect([...refused.keys()].sort()).toEqual(["404 visit.not-found", "422 signature.wrong"]);

  await clinic.close({ keep: true });
  const storage = await openStorage(clinic.folder, join(root, "server/storage/migrations"));
  const kinds = (await storage.read.select({ kind: act.kind }).from(act)).map(({ kind }) => kind);
  // The clinic's own log is anchored by the clock, junk or not.
  expect(kinds.filter((kind) => kind !== "anchor").sort()).toEqual(["enroll", "grant"]);
  // The contract's own, and one for each act.
  expect(await storage.read.$count(ledgerTransaction)).toBeLessThanOrEqual(1 + kinds.length);
  await storage.close();
  await rm(clinic.folder, { recursive: true, force: true });
}, 300_000);
