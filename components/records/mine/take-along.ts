import { makeZip } from "client-zip";
import { loadAge } from "@/lib/keyring/age.ts";
import { PATIENT, visitPurpose } from "@/lib/keyring/owners.ts";
import { askRings } from "@/lib/keyring/ring.browser.ts";
import { readEnvelope } from "@/lib/records/api.ts";
import {
  type ArchiveFile,
  archiveOf,
  filePathOf,
  type OpenedRecord,
  openWithSalt,
  type VisitThere,
} from "@/lib/records/archive.ts";
import type { Background } from "@/lib/records/background.ts";
import { readErasure } from "@/lib/records/erasure.ts";
import { listShares } from "@/lib/records/share.ts";
import { ask } from "@/lib/wire.ts";
import { openBlob } from "../open-blob.ts";
import type { MyVisit } from "./use-mine.ts";

/** How far it is, 0 to 1, and what is done. */
export type Told = (part: number, what: "records" | "files") => void;

/**
 * Everything of the patient's in one archive, made here. With a passphrase the whole is an age file, and what opens the
 * envelopes is in it. Rejects when something can't be opened or isn't what was signed: an archive that lacks something would
 * be believed to be whole.
 */
export async function takeAlong(
  { visits, background }: { visits: readonly MyVisit[]; background: Background },
  options: { passphrase: string | null; signal: AbortSignal; told: Told },
): Promise<Blob> {
  const { passphrase, signal, told } = options;
  const there: VisitThere[] = [];
  for (const [at, visit] of visits.entries()) {
    told(at / visits.length, "records");
    there.push(await ofVisit(visit, signal));
  }
  const files = there.flatMap((visit) => sent(visit));
  const identities = passphrase === null ? null : await lockedIdentities(visits, passphrase);
  const archive = await archiveOf({ visits: there, background, now: new Date(), identities, files });

  async function* all(): AsyncGenerator<ArchiveFile> {
    yield* archive;
    for (const [at, { visitId, file, path }] of files.entries()) {
      told(at / files.length, "files");
      yield { path, bytes: await openBlob({ visitId, file, signal }) };
    }
  }
  const zip = makeZip(named(all()));
  const whole = passphrase === null ? zip : await lock(zip, passphrase);
  const type = passphrase === null ? "application/zip" : "application/octet-stream";
  return new Response(whole, { headers: { "content-type": type } }).blob();
}

async function ofVisit({ join, keys, records, looks }: MyVisit, signal: AbortSignal): Promise<VisitThere> {
  const opened: OpenedRecord[] = [];
  for (const record of records) {
    if (record.erased) continue;
    const view = await ask(readEnvelope, { visitId: join.id, id: record.id }, { signal });
    opened.push(await openWithSalt(join.id, record, view, keys));
  }
  const { shares } = await ask(listShares, { visitId: join.id }, { signal });
  const { certificates } = await ask(readErasure, { visitId: join.id }, { signal });
  return { join, shares, records, looks, certificates, opened, signer: keys.signer };
}

const sent = (visit: VisitThere) =>
  visit.opened.flatMap((one) => {
    const file = one.sealed.content;
    if (file.kind !== "file-share") return [];
    return { visitId: visit.join.id, file, path: filePathOf(visit, one)!, sha256: file.sha256 };
  });

const lockedIdentities = (visits: readonly MyVisit[], passphrase: string) =>
  askRings((rings) =>
    rings.identities(
      PATIENT,
      visits.map(({ join }) => visitPurpose(join.id)),
      passphrase,
    ),
  );

async function* named(files: AsyncIterable<ArchiveFile>) {
  for await (const { path, bytes } of files) yield { name: path, input: bytes, lastModified: new Date() };
}

async function lock(zip: ReadableStream<Uint8Array>, passphrase: string): Promise<ReadableStream<Uint8Array>> {
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase.normalize("NFKC"));
  return encrypter.encrypt(zip);
}
