import { loadAge } from "../keyring/age.ts";
import { newHash } from "./hash.ts";

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

/** Encrypts one file. */
export interface Sealer {
  /** Resolves to the age identity that opens it, and how many bytes will come. */
  begin(file: Blob): Promise<Pick<SealedFile, "key" | "size">>;
  /** The next chunks, `PIECE` bytes or so; none at the end. Asked again before it answered, it answers in turn. */
  more(): Promise<Uint8Array[]>;
}

/** Where ciphertext goes as it is made. */
export interface Ciphertext {
  /** So many bytes will come. */
  expect(size: number): void;
  write(chunk: Uint8Array): void;
}

/** How much is read or handed on at once. */
const PIECE = 1_024 * 1_024;

/**
 * A file's bytes as an age stream for a key of its own, which then lives in the envelope of the file's record alone: whoever
 * may open that may open the file, and where the envelopes are gone so is the file.
 */
export function newSealer(): Sealer {
  let chunks: ReadableStreamDefaultReader<Uint8Array>;
  let last: Promise<unknown> = Promise.resolve();
  const piece = async () => {
    const found: Uint8Array[] = [];
    for (let size = 0; size < PIECE; ) {
      const { done, value } = await chunks.read();
      if (done) break;
      found.push(value);
      size += value.length;
    }
    return found;
  };
  return {
    async begin(file) {
      const { Encrypter, generateIdentity, identityToRecipient } = await loadAge();
      const key = await generateIdentity();
      const encrypter = new Encrypter();
      encrypter.addRecipient(await identityToRecipient(key));
      const stream = await encrypter.encrypt(file.stream() as ReadableStream<Uint8Array>);
      chunks = stream.getReader();
      return { key, size: stream.size(file.size) };
    },
    more() {
      const next = last.then(piece);
      last = next;
      return next;
    },
  };
}

/** Takes what a sealer makes of a file, and hashes both meanwhile. Memory stays flat: two pieces at most are on their way. */
export async function sealFile(file: Blob, sealer: Sealer, out: Ciphertext): Promise<SealedFile> {
  const plain = hashOf(file);
  plain.catch(() => {});
  const { key, size } = await sealer.begin(file);
  out.expect(size);
  const hash = await newHash();
  // The sealer need not wait for us: while one piece is taken in, it knows of the next.
  const coming = [sealer.more(), sealer.more()];
  for (;;) {
    const chunks = (await coming.shift()) ?? [];
    if (chunks.length === 0) break;
    coming.push(sealer.more());
    for (const chunk of chunks) {
      out.write(chunk);
      hash.update(chunk);
    }
  }
  return { key, sha256: await plain, blob: hash.digest(), size };
}

async function hashOf(file: Blob): Promise<string> {
  const hash = await newHash();
  const read = (at: number) => file.slice(at, at + PIECE).arrayBuffer();
  let coming = read(0);
  for (let at = 0; at < file.size; at += PIECE) {
    const bytes = await coming;
    coming = read(at + PIECE);
    hash.update(new Uint8Array(bytes));
  }
  return hash.digest();
}

/** Opens what was sealed so; errors where it was changed. */
export async function openFile(
  ciphertext: ReadableStream<Uint8Array>,
  key: string,
): Promise<ReadableStream<Uint8Array>> {
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  decrypter.addIdentity(key);
  return decrypter.decrypt(ciphertext);
}
