import { sha256 as sha256Stream } from "@noble/hashes/sha2.js";
import { loadAge } from "../keyring/age.ts";
import { sha256, toHex } from "../keyring/bytes.ts";

/** A file that was sealed: its ciphertext is elsewhere. */
export interface SealedFile {
  /** The age identity that opens it. */
  readonly key: string;
  /** SHA-256 of the file itself. */
  readonly sha256: string;
  /** SHA-256 of the ciphertext, which is its name in the stores. */
  readonly blob: string;
  /** Bytes of ciphertext. */
  readonly size: number;
}

/** Where ciphertext goes as it is made, and from where all of it can be read again. */
export interface Ciphertext {
  /** So many bytes will come. */
  expect(size: number): void;
  write(chunk: Uint8Array): void;
  whole(): Promise<Uint8Array>;
}

/** Up to this many bytes the browser's own SHA-256, which cannot stream, is faster than ours. */
const NATIVE = 64 * 1024 * 1024;

/**
 * A file's bytes as an age stream for a key of its own, which then lives in the envelope of the file's record alone: whoever
 * may open that may open the file, and where the envelopes are gone so is the file. Sizes are in bytes; memory stays flat.
 */
export async function sealFile(file: Blob, out: Ciphertext): Promise<SealedFile> {
  // The browser's own SHA-256 goes on beside it.
  const plain = file.size <= NATIVE ? hashOf(file) : null;
  plain?.catch(() => {});
  const { Encrypter, generateIdentity, identityToRecipient } = await loadAge();
  const key = await generateIdentity();
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(key));
  const stream = await encrypter.encrypt(file.stream() as ReadableStream<Uint8Array>);
  const size = stream.size(file.size);
  const small = size <= NATIVE;
  const hash = sha256Stream.create();
  out.expect(size);
  for await (const chunk of chunksOf(stream)) {
    out.write(chunk);
    if (!small) hash.update(chunk);
  }
  const blob = small ? await sha256(await out.whole()) : toHex(hash.digest());
  return { key, sha256: await (plain ?? hashOf(file)), blob, size };
}

/** Opens what `sealFile` made; errors where it was changed. */
export async function openFile(
  ciphertext: ReadableStream<Uint8Array>,
  key: string,
): Promise<ReadableStream<Uint8Array>> {
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  decrypter.addIdentity(key);
  return decrypter.decrypt(ciphertext);
}

async function hashOf(file: Blob): Promise<string> {
  if (file.size <= NATIVE) return sha256(new Uint8Array(await file.arrayBuffer()));
  const hash = sha256Stream.create();
  for await (const chunk of chunksOf(file.stream() as ReadableStream<Uint8Array>)) hash.update(chunk);
  return toHex(hash.digest());
}

/** Not every browser's streams can be looped over. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
