import * as z from "zod/mini";
import { cleanName, plainType } from "@/lib/call/files.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { openSealed, sealFor } from "@/lib/keyring/sealed.ts";
import { listRecords } from "@/lib/records/api.ts";
import { FileShare } from "@/lib/records/content.ts";
import { type Parcel, pack, parcelsLeft } from "@/lib/records/parcels.browser.ts";
import { LARGEST_FILE } from "@/lib/records/record.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask } from "@/lib/wire.ts";
import { whileUnreachable } from "./patience.ts";
import { upload } from "./upload.ts";

/** What a parcel's note says, sealed to who sends it. */
const Note = z.object({ share: FileShare, ciphertext: z.int(), upload: z.nullable(z.string()) });

interface Sending {
  visitId: string;
  keys: Keys;
  signal: AbortSignal;
}

/** Seals a file, sends the ciphertext and has it recorded. A page that goes in the middle of it leaves what is needed to go on. */
export async function sendFile<T>(
  { visitId, keys, signal }: Sending,
  file: File,
  record: (share: FileShare) => Promise<T>,
): Promise<T> {
  if (file.size > LARGEST_FILE) throw new Refusal("blob.too-large");
  const parcel = await pack(visitId, file, { signal });
  const { key, sha256, blob } = parcel.sealed;
  const about = { name: cleanName(file.name), type: plainType(file.type), size: file.size };
  const share = FileShare.parse({ kind: "file-share", ...about, sha256, blob, key });
  return deliver({ visitId, keys, signal }, { parcel, share, begun: null }, record);
}

/** Goes on with what another page of this browser left; `onFound` is told the name of each. */
export async function sendWhatIsLeft(
  { visitId, keys, signal }: Sending,
  record: (share: FileShare) => Promise<unknown>,
  onFound: (name: string) => void,
): Promise<void> {
  for (const left of await parcelsLeft(visitId)) {
    const note = await openSealed(keys, left.note).then(Note.parse, () => null);
    const take = await left.take();
    if (!take) continue;
    if (!note) {
      await left.drop();
      continue;
    }
    const { share, ciphertext, upload: begun } = note;
    const parcel = take({ key: share.key, sha256: share.sha256, blob: share.blob, size: ciphertext });
    const { records, asks } = await whileUnreachable(() => ask(listRecords, { visitId }, { signal }), signal);
    if ([...records, ...asks].some(({ blob }) => blob === share.blob)) {
      await parcel.drop();
      continue;
    }
    onFound(share.name);
    await deliver({ visitId, keys, signal }, { parcel, share, begun }, record);
  }
}

async function deliver<T>(
  { visitId, keys, signal }: Sending,
  about: { parcel: Parcel; share: FileShare; begun: string | null },
  record: (share: FileShare) => Promise<T>,
): Promise<T> {
  const { parcel, share, begun } = about;
  const { sealed, bytes } = parcel;
  const onBegun = async (id: string) => {
    const note = { share, ciphertext: sealed.size, upload: id } satisfies z.infer<typeof Note>;
    await parcel.note(await sealFor([keys.recipient], note));
  };
  try {
    await upload({ visitId, sealed, bytes, begun, onBegun, signal });
    const done = await record(share);
    await parcel.drop();
    return done;
  } catch (fault) {
    // A page that goes leaves it to the next; what was refused is not tried again.
    if (signal.aborted) parcel.leave();
    else await parcel.drop();
    throw fault;
  }
}
