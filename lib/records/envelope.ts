import { cleanName } from "../call/files.ts";
import type { Kind } from "../consent/grant.ts";
import { loadAge } from "../keyring/age.ts";
import { randomHex, sha256, toBase64 } from "../keyring/bytes.ts";
import type { Keys } from "../keyring/keyring.ts";
import { openSealed } from "../keyring/sealed.ts";
import { commitmentOf } from "./commitment.ts";
import { type Content, Sealed } from "./content.ts";
import { type Envelope, NOTHING } from "./seal.ts";

interface SealedRecord {
  readonly commitment: string;
  /** An age file, base64. */
  readonly envelope: string;
  /** SHA-256 of the age file: what the author's seal signs. */
  readonly ciphertext: string;
}

/** What the author of a record's envelope signs: it has one version, and the ledger knows its commitment. */
export const envelopeOf = (
  about: Pick<SealedRecord, "commitment" | "ciphertext"> & { visit: string; kind: Kind; recipients: readonly string[] },
): Envelope => {
  const { visit, kind, ciphertext, recipients, commitment } = about;
  return { visit, type: kind, version: 1, ciphertext, recipients, commitment, previous: NOTHING };
};

/** Records are padded to full steps of this many bytes: a usual prescription is as long as the end of a session. */
const STEP = 4096;

/** Seals a record's content for its people, with a fresh salt. */
export async function sealRecord(about: {
  visitId: string;
  content: Content;
  recipients: readonly string[];
}): Promise<SealedRecord> {
  const sealed = { visit: about.visitId, content: about.content, salt: randomHex(32) };
  const bare = new TextEncoder().encode(JSON.stringify({ ...sealed, padding: "" })).length;
  const padding = " ".repeat((STEP - (bare % STEP)) % STEP);
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  for (const recipient of about.recipients) encrypter.addRecipient(recipient);
  const file = await encrypter.encrypt(JSON.stringify({ ...sealed, padding }));
  return { commitment: await commitmentOf(sealed), envelope: toBase64(file), ciphertext: await sha256(file) };
}

/** Opens an envelope and checks it against the commitment the ledger has. Throws when it was changed, moved or is not for these keys. */
export async function openRecord(about: {
  envelope: string;
  keys: Pick<Keys, "open">;
  commitment: string;
  visitId: string;
}): Promise<Content> {
  const sealed = Sealed.parse(await openSealed(about.keys, about.envelope));
  if (sealed.visit !== about.visitId) throw new Error("This envelope belongs to another visit.");
  if ((await commitmentOf(sealed)) !== about.commitment) throw new Error("This content is not what was recorded.");
  return shown(sealed.content);
}

/** Our own browsers clean a file's name before they seal it; whoever seals with another program need not. */
const shown = (content: Content): Content =>
  content.kind === "file-share" ? { ...content, name: cleanName(content.name) } : content;
