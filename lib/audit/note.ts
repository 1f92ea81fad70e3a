import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { fromBase64, fromHex, toBase64, toHex } from "../keyring/bytes.ts";

/** Signed notes as c2sp.org/signed-note has them: text, and lines by which keys sign it. */
export interface Note {
  /** With its last newline; what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  /** Four bytes, in hex: which of the name's keys it is by. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Who signs notes: a name without spaces or plus, the kind of signature, and the public key. */
export interface NoteKey {
  readonly name: string;
  readonly kind: number;
  readonly key: Uint8Array;
}

/** Thrown for what is no note, no key or not signed. Its message says why, and never what was in it. */
export class NotANote extends Error {}

/** The kinds of signature that are spoken of here. */
export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;
export const OWN_KIND = 0xff;

/** More than any log and its witnesses write. */
const LARGEST = 64 * 1024;
const MOST_SIGNATURES = 64;

const utf8 = new TextEncoder();

/** The first four bytes of SHA-256(name ‖ newline ‖ kind ‖ key), in hex. */
function keyId({ name, kind, key }: NoteKey): string {
  return idIn(sha256(Uint8Array.from([...utf8.encode(`${name}\n`), kind, ...key])));
}

const idIn = (bytes: Uint8Array): string => toHex(bytes.subarray(0, 4)).slice(2);

/** `name+id+base64`, as other tools take a key. */
export function keyText(key: NoteKey): string {
  return `${key.name}+${keyId(key)}+${toBase64(Uint8Array.from([key.kind, ...key.key]))}`;
}

/** The key that such a text names. Throws `NotANote`. */
export function readKeyText(text: string): NoteKey {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const [kind, ...key] = bytesOf(base64 ?? "") ?? [];
  if (name === undefined || kind === undefined) throw new NotANote("It is no key: name+id+base64 is.");
  const found = { name, kind, key: Uint8Array.from(key) };
  if (keyId(found) !== id) throw new NotANote("It is no key: its id belongs to another.");
  return found;
}

/** The key of a witness that such a text names; null for any other. */
export function readWitnessKey(text: string): NoteKey | null {
  try {
    const found = readKeyText(text);
    return found.kind === COSIGNATURE && found.key.length === 32 ? found : null;
  } catch (error) {
    if (error instanceof NotANote) return null;
    throw error;
  }
}

/** Throws `NotANote` for what the format does not allow. Says nothing about whose signatures hold. */
export function readNote(note: string): Note {
  if (note.length > LARGEST) throw new NotANote("The note is too long.");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format names them.
  if (/[\u0000-\u0009\u000b-\u001f]|[\ud800-\udfff]/u.test(note))
    throw new NotANote("The note holds what no note may.");
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw new NotANote("The note is cut off.");
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > MOST_SIGNATURES) throw new NotANote("The note has too many signatures.");
  return { text: note.slice(0, end + 1), signatures: lines.map(readSignature) };
}

function readSignature(line: string): NoteSignature {
  const [, name, base64] = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  const bytes = bytesOf(base64 ?? "");
  if (name === undefined || !bytes || bytes.length <= 4)
    throw new NotANote("The note has a line that is no signature.");
  return { name, id: idIn(bytes), bytes: bytes.subarray(4) };
}

/** One line, with its newline. */
export function signatureLine(by: NoteKey, signature: Uint8Array): string {
  return `— ${by.name} ${toBase64(Uint8Array.from([...fromHex(keyId(by)), ...signature]))}\n`;
}

/** What this key signed the note with, if it did. Two signatures of one key are as good as none. */
export function signatureBy(note: Note, key: NoteKey): Uint8Array | null {
  const found = note.signatures.filter(({ name, id }) => name === key.name && id === keyId(key));
  return found.length === 1 ? found[0]!.bytes : null;
}

/** The note with the signatures of these keys alone, in their order; one that did not sign adds none. */
export function signedOnlyBy(note: Note, keys: readonly NoteKey[]): string {
  const lines = keys.map((key) => [key, signatureBy(note, key)] as const);
  return `${note.text}\n${lines.map(([key, bytes]) => (bytes ? signatureLine(key, bytes) : "")).join("")}`;
}

/** Signs the text, which ends in a newline, with an Ed25519 key of 32 bytes. */
export function signText(text: string, by: NoteKey, secret: Uint8Array): string {
  return signatureLine(by, ed25519.sign(utf8.encode(text), secret));
}

/** Whether this Ed25519 key signed the note. */
export function isSigned(note: Note, by: NoteKey): boolean {
  const signature = by.kind === ED25519 ? signatureBy(note, by) : null;
  return signature !== null && holds(signature, note.text, by.key);
}

/** What a witness signs with a cosignature: that at this Unix second it was the largest tree it knew (c2sp.org/tlog-cosignature). */
const cosigned = (text: string, seconds: bigint) => `cosignature/v1\ntime ${seconds}\n${text}`;

export function cosign(text: string, by: NoteKey, secret: Uint8Array, seconds: number): string {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
  const signature = ed25519.sign(utf8.encode(cosigned(text, BigInt(seconds))), secret);
  return signatureLine(by, Uint8Array.from([...time, ...signature]));
}

/** The last second whose year has four digits: of what is later no date is written. */
const LATEST = 253_402_300_799n;

/** When this witness cosigned the note, in Unix seconds; null where it did not. */
export function cosignedAt(note: Note, by: NoteKey): number | null {
  const found = by.kind === COSIGNATURE ? signatureBy(note, by) : null;
  if (found?.length !== 72) return null;
  const seconds = new DataView(found.buffer, found.byteOffset).getBigUint64(0);
  if (seconds > LATEST) return null;
  return holds(found.subarray(8), cosigned(note.text, seconds), by.key) ? Number(seconds) : null;
}

function holds(signature: Uint8Array, text: string, key: Uint8Array): boolean {
  if (signature.length !== 64 || key.length !== 32) return false;
  try {
    // As RFC 8032 has it: no key or signature that other verifiers would take for another.
    return ed25519.verify(signature, utf8.encode(text), key, { zip215: false });
  } catch {
    return false; // bytes that are no point of the curve
  }
}

/** Null for what is no base64, or not the one way to write it. */
export function bytesOf(base64: string): Uint8Array | null {
  try {
    return fromBase64(base64);
  } catch {
    return null;
  }
}
