import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addWitness, readLogStanding, readSession, removeWitness } from "../../lib/audit/api.ts";
import { type Evidence, readSessionEvidence, readVisitEvidence, textOf } from "../../lib/audit/evidence.ts";
import { COSIGNATURE, keyText } from "../../lib/audit/note.ts";
import { emptiedIn } from "../../lib/audit/retained.ts";
import { type Verified, verifyAtNode, verifyEvidence } from "../../lib/audit/verify-evidence.ts";
import { readLooks } from "../../lib/records/looks.ts";
import { type Browser, Clinic, type Doctor, drOsei, type InCall, inWaitingRoom, plan } from "../clinic.fixture.ts";
import { migrations } from "../storage/made.fixture.ts";
import { entry } from "../storage/schema.ts";
import { openStorage } from "../storage/storage.ts";
import { aVisit, openedFor } from "./evidence.fixture.ts";
import { withoutTrigger } from "./log.fixture.ts";
import { openRetention } from "./retention.ts";
import { verify } from "./verify-command.ts";
import { startWitness, type WitnessThere } from "./witness.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;
let evidence: Evidence;
let witness: WitnessThere;

beforeAll(async () => {
  clinic = await Clinic.open(undefined, { WITNESS_HOSTS: "127.0.0.1" });
  doctor = await drOsei(clinic);
  const log = (await doctor.browser.ask(readLogStanding, {})).value.key;
  witness = await startWitness(log, join(clinic.folder, "witness"));
  await doctor.browser.ask(addWitness, { url: witness.url, key: witness.key });
  visit = await aVisit(clinic, doctor);
  evidence = await openedFor(visit);
  if (process.env.EVIDENCE_EXAMPLE) writeFileSync(process.env.EVIDENCE_EXAMPLE, textOf(evidence));
}, 60_000);
afterAll(async () => {
  await witness.close();
  await clinic.close();
});

const failing = ({ checks }: Verified) => checks.filter(({ holds }) => !holds);
const node = (browser: Browser) => async (method: string, params: unknown[]) => {
  const headers = { "content-type": "application/json" };
  const { text } = await browser.send(
    "POST",
    "/api/ledger/rpc",
    headers,
    JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  );
  return (JSON.parse(text) as { result: unknown }).result;
};

interface Said {
  code: number | null;
  said: string;
}
/** What the two commands say of this text, where the reader knows this witness: their exit codes and their lines. The second needs Python. */
async function commandsSay(text: string, known: string[]): Promise<[Said, Said?]> {
  const file = join(clinic.folder, "witnessed.json");
  writeFileSync(file, text);
  const args = [file, ...known.flatMap((key) => ["--witness", key])];
  const lines: string[] = [];
  const code = await verify(args, (line) => lines.push(line));
  const first = { code, said: lines.join("\n") };
  if (!isThere) return [first];
  const script = new URL("../../docs/verifier/verify.py", import.meta.url).pathname;
  const second = spawnSync("python3", ["-B", script, ...args], { encoding: "utf8" });
  return [first, { code: second.status, said: second.stdout }];
}
const codesOf = (said: [Said, Said?]) => said.map((one) => one!.code);
/** Of each command that can be run here: none may fall away unseen. */
const each = (code: number) => (isThere ? [code, code] : [code]);
const isThere = spawnSync("python3", ["-c", "import cryptography"]).status === 0;

describe("the evidence of a visit", () => {
  test("holds with nothing but the file", async () => {
    const verified = await verifyEvidence(textOf(evidence));
    expect(failing(verified)).toEqual([]);
    expect(verified.blocks.length).toBeGreaterThan(1);
    expect(evidence.opened).toHaveLength(3);
    expect(evidence.consents).toHaveLength(2);
    expect(evidence.transactions.length).toBeGreaterThan(1);
  });

  test("rests on blocks and a log key that any node of the chain has", async () => {
    const verified = await verifyEvidence(textOf(evidence));
    expect(await verifyAtNode(verified, node(clinic.browser()))).toEqual({ name: "node", holds: true, faults: [] });
    const forked = async (method: string, params: unknown[]) => {
      const told = await node(clinic.browser())(method, params);
      return method === "eth_getBlockByNumber" ? { ...(told as object), hash: `0x${"0".repeat(64)}` } : told;
    };
    expect((await verifyAtNode(verified, forked)).faults[0]).toMatchObject({ why: "node-block" });
    expect((await verifyAtNode(verified, async () => Promise.reject(new Error("away")))).faults).toEqual([
      { at: "", why: "node-away" },
    ]);
  });

  test("is given to the visit's doctor, its patient and an admin, without any content, and that is on its trail", async () => {
    const { visitId } = visit.planned;
    for (const told of [
      await doctor.browser.ask(readVisitEvidence, { visitId }),
      await doctor.browser.ask(readSessionEvidence, { visitId }),
      await visit.patient.browser.ask(readVisitEvidence, { visitId }),
    ]) {
      expect(told.status).toBe(200);
      expect(told.value.opened).toEqual([]);
      expect(JSON.stringify(told.value)).not.toContain("Cetirizine");
      expect(failing(await verifyEvidence(textOf(told.value)))).toEqual([]);
    }
    const { looks } = (await visit.patient.browser.ask(readLooks, { visitId })).value;
    expect(looks.filter(({ action }) => action === "evidence.made").map(({ who }) => who)).toEqual(
      expect.arrayContaining(["you", "doctor"]),
    );
  });

  test("is given to no stranger, and to nobody of a visit without a permission", async () => {
    const { visitId } = visit.planned;
    expect((await clinic.browser().ask(readVisitEvidence, { visitId })).code).toBe("visit.not-found");
    expect((await visit.patient.browser.ask(readSessionEvidence, { visitId })).status).toBeGreaterThanOrEqual(400);
    const { visitId: bare } = await plan(doctor);
    expect((await doctor.browser.ask(readVisitEvidence, { visitId: bare })).code).toBe("evidence.none");
  });

  test("holds for a visit that is not over and of which nothing is recorded", async () => {
    const waiting = await inWaitingRoom(clinic, doctor, { video: "allow", prescriptions: "deny", files: "deny" });
    const told = await doctor.browser.ask(readVisitEvidence, { visitId: waiting.planned.visitId });
    expect(told.value.records).toEqual([]);
    expect(failing(await verifyEvidence(textOf(told.value)))).toEqual([]);
  });
});

test("a witness inside the network is refused, unless whoever runs the server named it", async () => {
  const { browser } = doctor;
  for (const url of ["http://127.0.0.2:3100", "http://192.168.1.1", "http://[::1]:3100", "https://localhost"])
    expect(await browser.ask(addWitness, { url, key: witness.key })).toMatchObject({ code: "witness.inside" });
});

describe("the evidence of a visit whose log a witness cosigned", () => {
  test("T-EV4 says so to both verifiers, who hold it to the key they know", async () => {
    expect(evidence.log.witnesses).toEqual([witness.key]);
    const said = await commandsSay(textOf(evidence), [witness.key]);
    expect(codesOf(said)).toEqual(each(0));
    const [first, second] = said;
    expect(first.said).toMatch(/holds {2}The witnesses you know saw this log\n {7}notary\.example on .* \(UTC\)/);
    if (second) expect(second.said).toContain("holds  witness");
  });

  test("T-EV4 claims nothing of witnesses that nobody asked about", async () => {
    const said = await commandsSay(textOf(evidence), []);
    expect(codesOf(said)).toEqual(each(0));
    for (const one of said) expect(one!.said).toMatch(/names witnesses that nobody asked about: notary\.example/);
  });

  test("T-EV4 whose cosignature was changed, or is another’s, is told by both, by name", async () => {
    const lines = evidence.log.checkpoint.split("\n");
    const at = lines.findIndex((line) => line.startsWith("— notary.example "));
    const bytes = Buffer.from(lines[at]!.split(" ").at(-1)!, "base64");
    bytes[40]! ^= 1;
    const changed = structuredClone(evidence);
    changed.log.checkpoint = lines.with(at, `— notary.example ${bytes.toString("base64")}`).join("\n");
    const said = await commandsSay(textOf(changed), [witness.key]);
    expect(codesOf(said)).toEqual(each(1));
    const [first, second] = said;
    const told = "Witness notary.example: no cosignature of this witness under the checkpoint holds.";
    expect(first.said).toContain(`FAILS  A line is not in the log as the file says\n       ${told}`);
    expect(first.said).toContain(`FAILS  A witness you know did not cosign this log\n       ${told}`);
    if (second) expect(second.said).toContain("log.witnesses.0: not-cosigned");
    if (second) expect(second.said).toContain("known.notary.example: not-cosigned");
    const another = keyText({
      name: "notary.example",
      kind: COSIGNATURE,
      key: ed25519.getPublicKey(Buffer.alloc(32, 1)),
    });
    const ofAnother = await commandsSay(textOf(evidence), [another]);
    expect(codesOf(ofAnother)).toEqual(each(1));
    expect(ofAnother[0].said).toContain("A witness you know did not cosign this log");
    if (ofAnother[1]) expect(ofAnother[1].said).toContain("FAILS  witness");
    expect(codesOf(await commandsSay(textOf(evidence), ["no key"]))).toEqual(each(2));
  });

  test("is as good while new lines come, and without the witness once that is removed", async () => {
    const { visitId } = visit.planned;
    const later = await doctor.browser.ask(readSessionEvidence, { visitId });
    expect(later.value.log.witnesses).toEqual([witness.key]);
    const { witnesses } = (await doctor.browser.ask(readLogStanding, {})).value;
    await doctor.browser.ask(removeWitness, { id: witnesses[0]!.id });
    const without = await doctor.browser.ask(readSessionEvidence, { visitId });
    expect(without.value.log.witnesses).toEqual([]);
    expect(failing(await verifyEvidence(textOf(without.value)))).toEqual([]);
  });
});

describe("the evidence of a visit whose lines were emptied after the years", () => {
  test("T-EV5 is not made again, which is said, and what was made before holds as it did", async () => {
    const { visitId } = visit.planned;
    await clinic.close({ keep: true });
    const storage = await openStorage(clinic.folder, migrations);
    const now = () => new Date(Date.now() + 7 * 366 * 86_400_000);
    // The trail's own trigger goes by the database's clock, on which the years have not gone by.
    await withoutTrigger(storage, () => openRetention({ storage, years: 6, now }).run());
    const goes = await storage.read.select().from(entry).where(eq(entry.action, "trail.retained"));
    const kept = await storage.read.select().from(entry).where(eq(entry.visitId, visitId)).orderBy(asc(entry.number));
    await storage.close();
    clinic = await Clinic.open(clinic.folder, { PORT: String(clinic.port) });

    const hashes = evidence.lines.map(({ entry }) => entry.hash);
    expect(kept.slice(0, hashes.length).map((line) => [emptiedIn(line) !== null, line.hash])).toEqual(
      hashes.map((hash) => [true, hash]),
    );
    const session = (await doctor.browser.ask(readSession, { visitId })).value;
    expect(session.goes).toEqual(goes.map(({ number }) => number));
    expect(session.goes).toHaveLength(1);
    const asked = [
      await doctor.browser.ask(readVisitEvidence, { visitId }),
      await doctor.browser.ask(readSessionEvidence, { visitId }),
      await visit.patient.browser.ask(readVisitEvidence, { visitId }),
    ];
    expect(asked.map(({ status, code }) => [status, code])).toEqual(asked.map(() => [410, "evidence.retained"]));
    const said = await commandsSay(textOf(evidence), [witness.key]);
    expect(codesOf(said)).toEqual(each(0));
    expect(failing(await verifyEvidence(textOf(evidence)))).toEqual([]);
  });
});
