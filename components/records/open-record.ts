import { type Kind, kindOf } from "@/lib/consent/grant.ts";
import { structHash } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { readEnvelope } from "@/lib/records/api.ts";
import type { Content } from "@/lib/records/content.ts";
import { envelopeOf, openRecord } from "@/lib/records/envelope.ts";
import { othersOf } from "@/lib/records/record.ts";
import { ciphertextOf, sealHolds } from "@/lib/records/seal.ts";
import { slipOf } from "@/lib/records/slip.ts";
import { ask } from "@/lib/wire.ts";

/** What was opened doesn't fit what was signed: somebody changed it, or sent another's. */
export class NotWhatWasSigned extends Error {
  constructor(what: string) {
    super(what);
    this.name = "NotWhatWasSigned";
  }
}

export interface Opened {
  /** The record's identity, made anew here from what its author signed. */
  readonly id: string;
  readonly author: string;
  readonly kind: Kind;
  readonly content: Content;
}

/**
 * Opens a record or a question and trusts no one: the id is made anew from the record's fields, the seal must be the
 * author's over exactly this envelope, and the content must be what the commitment stands for.
 */
export async function openChecked(about: {
  visitId: string;
  id: string;
  keys: Pick<Keys, "open">;
  /** The consent this must have been made under. */
  consent: string;
  /** age recipients of both people, as the author sealed to them. */
  recipients: readonly string[];
  /** The people of this visit: nobody else may be its author. */
  authors: readonly string[];
  signal?: AbortSignal;
}): Promise<Opened> {
  const { visitId, id } = about;
  const view = await ask(readEnvelope, { visitId, id }, about.signal ? { signal: about.signal } : {});
  const { record, author, envelope } = view;
  if (structHash("Record", record) !== id) throw new NotWhatWasSigned("another record was sent");
  if (record.consent !== about.consent) throw new NotWhatWasSigned("it belongs to another permission");
  if (!about.authors.includes(author)) throw new NotWhatWasSigned("it is by nobody of this visit");
  const { recipients } = view;
  const kind = kindOf(record.kind);
  if (
    !about.recipients.every((one) => recipients.includes(one)) ||
    recipients.length !== about.recipients.length + othersOf(kind)
  )
    throw new NotWhatWasSigned("it was made for other people");
  const ciphertext = await ciphertextOf(envelope);
  const sealed = { visit: visitId, kind, ciphertext, recipients, commitment: record.commitment };
  if (!sealHolds(envelopeOf(sealed), author, view.seal)) throw new NotWhatWasSigned("its seal is not its author’s");
  let content: Content;
  try {
    content = await openRecord({
      envelope,
      keys: about.keys,
      commitment: record.commitment,
      visitId,
    });
  } catch {
    throw new NotWhatWasSigned("its content is not what was signed");
  }
  // The third is whoever holds the paper, and nobody else.
  if (content.kind === "prescription" && !recipients.includes((await slipOf(content.slip)).recipient))
    throw new NotWhatWasSigned("it was made for other people");
  if (content.kind !== kind) throw new NotWhatWasSigned("its content is of another kind");
  return { id, author, kind, content };
}
