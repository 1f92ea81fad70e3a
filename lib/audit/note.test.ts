import { ed25519 } from "@noble/curves/ed25519.js";
import { expect, test } from "vitest";
import {
  COSIGNATURE,
  cosign,
  cosignedAt,
  ED25519,
  isSigned,
  keyText,
  NotANote,
  readKeyText,
  readNote,
  signText,
} from "./note.ts";

/** The note that the documentation of Go's golang.org/x/mod/sumdb/note shows, and its keys. */
const known = {
  vkey: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  note:
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
};

const secret = Uint8Array.from({ length: 32 }, (_, i) => i);
const log = { name: "assent/1/0x00", kind: ED25519, key: ed25519.getPublicKey(secret) };
const witness = { ...log, name: "witness.example/w1", kind: COSIGNATURE };
const text = "assent/1/0x00\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
const noteOf = (...lines: string[]) => readNote(`${text}\n${lines.join("")}`);

test("a note that another implementation signed holds, and not with one letter changed", () => {
  const key = readKeyText(known.vkey);
  expect(keyText(key)).toBe(known.vkey);
  expect(isSigned(readNote(known.note), key)).toBe(true);
  expect(isSigned(readNote(known.note.replace("answer", "Answer")), key)).toBe(false);
});

test("what one key signs is not what another signed, nor the same key for another kind or name", () => {
  const note = noteOf(signText(text, log, secret));
  expect(isSigned(note, log)).toBe(true);
  expect(isSigned(note, { ...log, name: "another" })).toBe(false);
  expect(isSigned(note, { ...log, key: ed25519.getPublicKey(secret.map((byte) => byte + 1)) })).toBe(false);
  expect(isSigned(noteOf(cosign(text, witness, secret, 1)), log)).toBe(false);
});

test("a cosignature says when, and holds for that second and that text alone", () => {
  const line = cosign(text, witness, secret, 1_679_315_147);
  expect(cosignedAt(noteOf(line), witness)).toBe(1_679_315_147);
  const later = readNote(`${text}\n${line}`);
  later.signatures[0]!.bytes[7]! ^= 1;
  expect(cosignedAt(later, witness)).toBeNull();
  expect(cosignedAt({ ...noteOf(line), text: text.replace("7", "8") }, witness)).toBeNull();
  expect(cosignedAt(noteOf(line), { ...witness, kind: ED25519 })).toBeNull();
});

test("a cosignature whose time no date is written for is none", () => {
  expect(cosignedAt(noteOf(cosign(text, witness, secret, 253_402_300_799)), witness)).toBe(253_402_300_799);
  for (const late of [253_402_300_800, 9e12, Number.MAX_SAFE_INTEGER])
    expect(cosignedAt(noteOf(cosign(text, witness, secret, late)), witness)).toBeNull();
});

test("of two signatures that claim to be one key’s neither counts", () => {
  const line = signText(text, log, secret);
  expect(isSigned(noteOf(line, line), log)).toBe(false);
});

test("lines of unknown keys are passed over", () => {
  expect(isSigned(noteOf(cosign(text, witness, secret, 5), signText(text, log, secret)), log)).toBe(true);
});

test.each([
  ["empty", ""],
  ["without signatures", text],
  ["cut off in its last line", `${text}\n— a AAAAAAAA`],
  ["with a line that is no signature", `${text}\nsomething\n`],
  ["with a hyphen for the dash", `${text}\n- a AAAAAAAA\n`],
  ["with a signature of no bytes", `${text}\n— a AAAAAA==\n`],
  ["with base64 that is none", `${text}\n— a A\n`],
  ["with a control character", `${text}\r\n\n— a AAAAAAAA\n`],
  ["with too many signatures", `${text}\n${"— a AAAAAAAA\n".repeat(65)}`],
  ["too long", `${"a".repeat(70_000)}\n\n— a AAAAAAAA\n`],
])("a note %s is refused", (_, note) => {
  expect(() => readNote(note)).toThrow(NotANote);
});

test.each([
  "",
  "name",
  "name+c74f20a3",
  "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  "a b+c74f20a3+AQ==",
])("%j is no key", (vkey) => {
  expect(() => readKeyText(vkey)).toThrow(NotANote);
});
