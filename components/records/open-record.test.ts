import { beforeAll, expect, test, vi } from "vitest";
import { kinds } from "@/lib/consent/grant.ts";
import { digestOf, structHash } from "@/lib/consent/typed-data.ts";
import { clinicianKeys, type Keys, newSeed, patientKeys } from "@/lib/keyring/keyring.ts";
import type { Content } from "@/lib/records/content.ts";
import { envelopeOf, sealRecord } from "@/lib/records/envelope.ts";
import { ciphertextOf, type Envelope, sealEnvelope } from "@/lib/records/seal.ts";
import { openChecked } from "./open-record.ts";

const visitId = "a".repeat(32);
const consent = `0x${"c".repeat(64)}`;
const content: Content = { kind: "session-end", at: "2026-11-23T09:00:00.000Z" };
const kind = content.kind;

/** What the server hands out when it is asked for an envelope. */
let view: Awaited<ReturnType<typeof made>>["view"];
vi.mock("@/lib/wire.ts", async (original) => ({ ...(await original<object>()), ask: async () => view }));

let ana: Keys;
let drOsei: Keys;
let mallory: Keys;
let other: Keys;
let good: Awaited<ReturnType<typeof made>>;
beforeAll(async () => {
  [ana, drOsei, mallory, other] = await Promise.all([
    patientKeys(newSeed(), visitId),
    clinicianKeys(newSeed()),
    clinicianKeys(newSeed()),
    patientKeys(newSeed(), "b".repeat(32)),
  ]);
  good = await made();
});

async function made(
  about: { by?: Keys; visit?: string; recipients?: readonly string[]; seal?: Partial<Envelope> } = {},
) {
  const { by = drOsei, visit = visitId, recipients = [ana.recipient, drOsei.recipient] } = about;
  const { commitment, envelope, ciphertext } = await sealRecord({ visitId: visit, content, recipients });
  const record = { consent, kind: kinds[kind], commitment, number: 1, signedAt: 1_790_000_000 };
  const sealed = envelopeOf({ visit, kind, ciphertext, recipients, commitment });
  const seal = await sealEnvelope({ ...sealed, ...about.seal }, by);
  const id = structHash("Record", record);
  return { id, view: { envelope, recipients, seal, author: by.signer, commitment, record } };
}

const open = (shown: typeof view, id = good.id) => {
  view = shown;
  return openChecked({
    visitId,
    id,
    keys: ana,
    consent,
    recipients: [ana.recipient, drOsei.recipient],
    authors: [ana.signer, drOsei.signer],
  });
};

test("what its author sealed opens, and says who that was", async () => {
  expect(await open(good.view)).toEqual({ id: good.id, author: drOsei.signer, kind, content });
});

test("T-K2: what was encrypted anew by a third party, for others, elsewhere or as another version is not opened", async () => {
  const fault = async (forged: { id: string; view: typeof view }, id = forged.id) =>
    open(forged.view, id).then(
      () => "opened",
      (why: Error) => `${why.name}: ${why.message}`,
    );
  const not = (why: string) => `NotWhatWasSigned: ${why}`;
  // The same content by somebody whom the ledger doesn't know, and the same under the doctor's name.
  expect(await fault(await made({ by: mallory }))).toBe(not("it is by nobody of this visit"));
  const forged = await made({ by: mallory });
  forged.view.author = drOsei.signer;
  expect(await fault(forged)).toBe(not("its seal is not its author’s"));
  // Encrypted once more by someone who could read it.
  const again = await sealRecord({ visitId, content, recipients: good.view.recipients });
  expect(await fault({ id: good.id, view: { ...good.view, envelope: again.envelope } })).toBe(
    not("its seal is not its author’s"),
  );
  // For others than it was made for: one more, one less, another.
  const [first, second] = good.view.recipients as [string, string];
  for (const recipients of [[first], [second], [first, mallory.recipient], [first, second, mallory.recipient]])
    expect(await fault({ id: good.id, view: { ...good.view, recipients } })).toBe(not("it was made for other people"));
  const shared = await made({ recipients: [first, second, mallory.recipient] });
  expect(await fault(shared)).toBe(not("it was made for other people"));
  // Of another visit, even by the same doctor to the same patient.
  expect(await fault(await made({ visit: "b".repeat(32) }))).toBe(not("its seal is not its author’s"));
  const moved = await made({ visit: "b".repeat(32), seal: { visit: visitId } });
  expect(await fault(moved)).toBe(not("its content is not what was signed"));
  // As something else, as another version, in place of another, or under another commitment.
  const zero = `0x${"1".repeat(64)}`;
  const seals: Partial<Envelope>[] = [
    { type: "file-share" },
    { version: 2 },
    { previous: zero },
    { commitment: zero },
    { ciphertext: zero },
  ];
  for (const seal of seals) expect(await fault(await made({ seal }))).toBe(not("its seal is not its author’s"));
  // Another record than was asked for, and one under another permission.
  expect(await fault(await made(), good.id)).toBe(not("another record was sent"));
  const elsewhere = { ...good.view, record: { ...good.view.record, consent: zero } };
  expect(await fault({ id: structHash("Record", elsewhere.record), view: elsewhere })).toBe(
    not("it belongs to another permission"),
  );
  // Changed by one byte.
  const bytes = atob(good.view.envelope);
  const flipped = btoa(`${bytes.slice(0, -1)}${String.fromCharCode(bytes.charCodeAt(bytes.length - 1) ^ 1)}`);
  expect(await fault({ id: good.id, view: { ...good.view, envelope: flipped } })).toBe(
    not("its seal is not its author’s"),
  );
});

test("what was sealed well but to others is not valid, and says no more", async () => {
  const recipients = [drOsei.recipient, other.recipient];
  const claimed = [ana.recipient, drOsei.recipient];
  const { id, view } = await made({ recipients, seal: { recipients: claimed } });
  await expect(open({ ...view, recipients: claimed }, id)).rejects.toThrow("its content is not what was signed");
});

test("a seal names everything that could be exchanged", async () => {
  const { envelope, recipients, commitment } = good.view;
  const ciphertext = await ciphertextOf(envelope);
  const whole = { visit: visitId, type: kind, version: 1, ciphertext, recipients: recipients.join(), commitment };
  const digest = (change: object) => digestOf("Envelope", { ...whole, previous: `0x${"0".repeat(64)}`, ...change });
  const changes = Object.keys(whole).map((name) => ({ [name]: name === "version" ? 2 : `0x${"2".repeat(64)}` }));
  const digests = [{}, { previous: commitment }, ...changes].map(digest);
  expect(new Set(digests).size).toBe(digests.length);
});
