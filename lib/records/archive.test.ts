import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { makeZip } from "client-zip";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../consent/grant.ts";
import { digestOf, structHash } from "../consent/typed-data.ts";
import { loadAge } from "../keyring/age.ts";
import { fromBase64, randomHex } from "../keyring/bytes.ts";
import { ageIdentity, clinicianKeys, type Keys, newSeed, patientKeys } from "../keyring/keyring.ts";
import { openRings } from "../keyring/rings.ts";
import { openSealed, sealFor } from "../keyring/sealed.ts";
import type { Vault, Way } from "../keyring/ways.ts";
import type { JoinView } from "../visits/api.ts";
import { type ArchiveFile, archiveOf, filePathOf, openWithSalt, type VisitThere } from "./archive.ts";
import { commitmentOf } from "./commitment.ts";
import type { Content } from "./content.ts";
import { envelopeOf, sealRecord } from "./envelope.ts";
import { newPrescription } from "./prescription.ts";
import type { RecordView } from "./record.ts";
import { sealEnvelope } from "./seal.ts";

const ledger = {
  label: "Local ledger",
  chainId: "31337",
  address: "0x00000000000000000000000000000000000000aa",
  local: true,
};
const visitId = "0123456789abcdef0123456789abcdef";
const now = new Date("2026-11-24T15:00:00.000Z");
const seed = newSeed();
let ana: Keys;
let osei: Keys;
let visit: VisitThere;
let folder: string;

const cetirizine = newPrescription({
  items: [
    {
      ...{
        medication: "Cetirizine 10 mg",
        dose: { value: 1, unit: "tablet" },
        route: "By mouth",
        frequency: "Once a day",
      },
      ...{ duration: null, quantity: null, refills: 0, instructions: "" },
    },
  ],
  ...{ patient: "Ana Duarte", clinician: "Dr. Esi Osei", now, replaces: null },
});
const letter = {
  ...({ kind: "file-share" } as const),
  ...{ name: "a/letter: <1>.txt", type: "text/plain", size: 8, sha256: `0x${"5".repeat(64)}` },
  ...{ blob: `0x${"6".repeat(64)}`, key: `AGE-SECRET-KEY-1${"Q".repeat(58)}` },
} as const;

async function recorded(content: Content, number: number) {
  const recipients = [ana.recipient, osei.recipient];
  const { commitment, envelope, ciphertext } = await sealRecord({ visitId, content, recipients });
  const signed = {
    consent: `0x${"c".repeat(64)}`,
    kind: kinds[content.kind],
    commitment,
    number,
    signedAt: 1_795_000_000,
  };
  const record = {
    ...{ id: structHash("Record", signed), visitId, consent: signed.consent, kind: content.kind, author: osei.signer },
    ...{ byPatient: false, commitment, number, signedAt: signed.signedAt, erased: false, approval: null, slip: null },
    signature: await osei.sign(digestOf("Record", signed, ledger)),
    ...{ blob: null, ledger: "final", receipt: null, reason: null, transaction: null, block: 7 },
  } as RecordView;
  const sealed = envelopeOf({ visit: visitId, kind: content.kind, ciphertext, recipients, commitment });
  const seal = await sealEnvelope(sealed, osei);
  return { record, view: { envelope, recipients, seal, author: osei.signer, commitment, record: signed } };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assent-archive-"));
  [ana, osei] = [await patientKeys(seed, visitId), await clinicianKeys(newSeed())];
  const all = [await recorded(cetirizine, 1), await recorded(letter, 2)];
  const consent = {
    ...{
      id: `0x${"c".repeat(64)}`,
      signature: "0x00",
      state: "ended",
      ledger: "final",
      revokedAt: null,
      revocation: null,
    },
    ...{ grantedAt: "2026-11-24T14:00:00.000Z", receipt: null, revocationReceipt: null },
    consent: {
      patient: ana.signer,
      grantee: osei.signer,
      scopes: 42,
      validFrom: 1_795_000_000,
      validUntil: 1_795_080_000,
    },
  };
  visit = {
    join: {
      ...{ id: visitId, clinic: "Riverside Practice", state: "over", ledger, consent, pseudonym: "K7M-4QD" },
      ...{ startedAt: "2026-11-24T14:02:00.000Z", endedAt: "2026-11-24T14:25:00.000Z" },
      clinician: { name: "Dr. Esi Osei", key: osei.card },
    } as unknown as JoinView,
    ...{ shares: [], looks: [], certificates: [], signer: ana.signer, records: all.map(({ record }) => record) },
    opened: await Promise.all(all.map(({ record, view }) => openWithSalt(visitId, record, view, ana))),
  };
});
afterAll(() => rm(folder, { recursive: true }));

const archived = (identities: Uint8Array | null = null) => {
  const files = [{ path: filePathOf(visit, visit.opened[1]!)!, sha256: letter.sha256 }];
  return archiveOf({ visits: [visit], background: { allergies: "Penicillin", medicines: "" }, now, identities, files });
};
const textOf = (files: ArchiveFile[], path: string) =>
  new TextDecoder().decode(files.find((file) => file.path.endsWith(path))!.bytes as Uint8Array);

test("whoever has the archive makes each commitment and each record's id anew from it alone", async () => {
  const evidence = JSON.parse(textOf(await archived(), "evidence.json"));
  expect(evidence.records).toHaveLength(2);
  for (const { id, consent, kind, commitment, number, signedAt, content, salt } of evidence.records) {
    expect(await commitmentOf({ visit: evidence.visit, content, salt })).toBe(commitment);
    expect(structHash("Record", { consent, kind: kinds[kind as "prescription"], commitment, number, signedAt })).toBe(
      id,
    );
  }
});

test("a prescription, a file and a permission are in the bundle with what FHIR R4 requires of each", async () => {
  const bundle = JSON.parse(textOf(await archived(), "bundle.json"));
  const required: Record<string, string[]> = {
    ...{ Patient: ["identifier"], Organization: ["name"], Encounter: ["status", "class", "subject"] },
    Consent: ["status", "scope", "category", "policyRule"],
    MedicationRequest: ["status", "intent", "medicationCodeableConcept", "subject", "encounter"],
    DocumentReference: ["status", "content"],
  };
  const types = bundle.entry.map(({ resource }: { resource: { resourceType: string } }) => resource.resourceType);
  expect(types.sort()).toEqual(Object.keys(required).sort());
  const urls = new Set(bundle.entry.map(({ fullUrl }: { fullUrl: string }) => fullUrl));
  expect(urls.size).toBe(types.length);
  for (const { resource } of bundle.entry) {
    for (const field of required[resource.resourceType]!)
      expect([field, resource[field] !== undefined]).toEqual([field, true]);
    // Ids as FHIR takes them, and every reference leads somewhere.
    expect(resource.id).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
    for (const [, url] of JSON.stringify(resource).matchAll(/"reference":"([^"]+)"/g)) expect(urls).toContain(url);
  }
});

test("what the patient noted is in it", async () => {
  expect(textOf(await archived(), "allergies-and-medicines.txt")).toContain("Penicillin");
});

test("names of files are such as every system takes, and lead nowhere else", async () => {
  expect(filePathOf(visit, visit.opened[1]!)).toMatch(
    /^visits\/2026-11-24 01234567\/files\/[0-9a-f]{8} a_letter_ _1_.txt$/,
  );
});

test("an envelope that is another's, or says something else than was recorded, is not taken along", async () => {
  const [one, other] = [await recorded(cetirizine, 3), await recorded(letter, 4)];
  await expect(openWithSalt(visitId, one.record, other.view, ana)).rejects.toThrow();
  await expect(openWithSalt("f".repeat(32), one.record, one.view, ana)).rejects.toThrow();
  await expect(openWithSalt(visitId, { ...one.record, author: ana.signer }, one.view, ana)).rejects.toThrow();
});

test("a page gets what opens its envelopes only sealed by the passphrase", async () => {
  const kept = new Map<string, Way[]>();
  const vault: Vault = {
    read: async (owner) => kept.get(owner) ?? null,
    write: async (owner, ways) => void kept.set(owner, ways),
    forget: async () => {},
    wrap: async (_, it) => ({ is: "device", iv: new Uint8Array(12), wrapped: new Uint8Array(it).buffer }),
    unwrap: async (_, { wrapped }) => new Uint8Array(wrapped),
    alone: (work) => work(),
  };
  const { wordsOf } = await import("../keyring/words.ts");
  const rings = openRings(vault);
  await rings.restore("patient", wordsOf(seed), null, true);
  const file = await rings.identities("patient", [`visit/${visitId}`], "correct horse battery");
  expect(new TextDecoder("latin1").decode(file)).not.toContain("AGE-SECRET-KEY");
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  decrypter.addPassphrase("correct horse battery");
  const identity = await ageIdentity(seed, `visit/${visitId}`);
  expect(await decrypter.decrypt(file, "text")).toBe(`# visit/${visitId}\n${identity}\n`);
});

const AGE = ["/usr/bin/age", "/usr/local/bin/age"].find((path) => existsSync(path));
if (!AGE) console.log("Left out, for want of age: that its command opens what we seal. Install the package `age`.");

describe.runIf(AGE)("the age command", () => {
  const run = (args: string[]) => spawnSync(AGE!, args, { encoding: "utf8" });
  /** It asks for a passphrase at a terminal alone. */
  const typed = (args: string[], passphrase: string) =>
    new Promise<number | null>((resolve) => {
      const quoted = [AGE!, ...args].map((word) => `'${word}'`).join(" ");
      const child = spawn("script", ["-qec", quoted, "/dev/null"], { stdio: ["pipe", "pipe", "ignore"] });
      child.stdout.once("data", () => child.stdin.write(`${passphrase}\n`));
      child.once("exit", resolve);
    });

  test("opens an envelope of the archive with the identities that are in it, by the archive's passphrase", async () => {
    const { Encrypter } = await loadAge();
    const encrypter = new Encrypter();
    encrypter.setPassphrase("correct horse battery");
    encrypter.setScryptWorkFactor(10);
    const identities = await encrypter.encrypt(`# visit/${visitId}\n${await ageIdentity(seed, `visit/${visitId}`)}\n`);
    for (const { path, bytes } of await archived(identities)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes as Uint8Array);
    }
    const [{ record }] = visit.opened as [VisitThere["opened"][number]];
    const envelope = join(folder, "visits/2026-11-24 01234567/envelopes", `${record.id.slice(2)}.age`);
    const out = join(folder, "opened.json");
    expect(
      await typed(["-d", "-i", join(folder, "identities.age"), "-o", out, envelope], "correct horse battery"),
    ).toBe(0);
    expect(JSON.parse(await readFile(out, "utf8")).content).toEqual(cetirizine);
    const sums = spawnSync("sha256sum", ["-c", "--ignore-missing", "SHA256SUMS"], { cwd: folder, encoding: "utf8" });
    expect(sums.status).toBe(0);
    expect(sums.stdout.match(/: OK/g)).toHaveLength(7);
  });

  test("opens the whole by its passphrase, and it is a zip", async () => {
    const { Encrypter } = await loadAge();
    const encrypter = new Encrypter();
    encrypter.setPassphrase("correct horse battery");
    encrypter.setScryptWorkFactor(10);
    const named = (await archived()).map(({ path, bytes }) => ({ name: path, input: bytes }));
    const locked = await encrypter.encrypt(makeZip(named));
    const [file, out] = [join(folder, "all.zip.age"), join(folder, "all.zip")];
    await writeFile(file, new Uint8Array(await new Response(locked).arrayBuffer()));
    expect(await typed(["-d", "-o", out, file], "correct horse battery")).toBe(0);
    const zip = await readFile(out);
    expect(zip.subarray(0, 4)).toEqual(Buffer.from("PK\x03\x04"));
    expect(zip.includes("fhir/bundle.json")).toBe(true);
  });

  test("seals what our keys open, and refuses what is not for its identity", async () => {
    const [plain, sealed, identity] = ["plain.json", "sealed.age", "identity.txt"].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    await writeFile(plain, JSON.stringify({ from: "the command" }));
    expect(run(["-r", ana.recipient, "-o", sealed, plain]).status).toBe(0);
    expect(await openSealed(ana, (await readFile(sealed)).toString("base64"))).toEqual({ from: "the command" });
    await writeFile(identity, `${await ageIdentity(seed, `visit/${visitId}`)}\n`);
    const forOthers = fromBase64(await sealFor([osei.recipient], { salt: randomHex(32) }));
    await writeFile(sealed, forOthers);
    expect(run(["-d", "-i", identity, sealed]).status).not.toBe(0);
  });
});
