import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { bech32 } from "@scure/base";
import { computeAddress } from "ethers";
import { describe, expect, test } from "vitest";
import { loadAge } from "./age.ts";
import { signedBy } from "./signature.ts";

// What others agreed on: the age files of C2SP/CCTV and the cases of C2SP/wycheproof, in a folder beside the project.
const folder = join(import.meta.dirname, "../../../shared/vectors");
const here = existsSync(folder);
const given = here ? describe : describe.skip;
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

/** A module of the very copy that age brings with it. */
const ofAge = <T>(path: string): Promise<T> =>
  import(createRequire(createRequire(import.meta.url).resolve("age-encryption")).resolve(path));

interface AgeCase {
  name: string;
  about: Map<string, string[]>;
  file: Uint8Array;
}

function ageCases(): AgeCase[] {
  return readdirSync(join(folder, "age")).map((name) => {
    const whole = readFileSync(join(folder, "age", name));
    const end = whole.indexOf("\n\n");
    const about = new Map<string, string[]>();
    for (const line of whole.subarray(0, end).toString().split("\n")) {
      const [key, ...value] = line.split(": ");
      about.set(key!, [...(about.get(key!) ?? []), value.join(": ")]);
    }
    const rest = whole.subarray(end + 2);
    return { name, about, file: about.has("compressed") ? inflateSync(rest) : rest };
  });
}

/** The plaintext's SHA-256, or why there is none. Plaintext that came before the fault is none. */
async function opened({ about, file }: AgeCase): Promise<string> {
  const { Decrypter, armor } = await loadAge();
  const decrypter = new Decrypter();
  for (const identity of about.get("identity") ?? []) decrypter.addIdentity(identity);
  for (const passphrase of about.get("passphrase") ?? []) decrypter.addPassphrase(passphrase);
  try {
    const bare = about.has("armored") ? armor.decode(new TextDecoder().decode(file)) : file;
    return createHash("sha256")
      .update(await decrypter.decrypt(bare))
      .digest("hex");
  } catch {
    return "refused";
  }
}

given(`vectors of others (needs ${folder})`, () => {
  test("T-K1: all 143 age files open or are refused as C2SP's vectors say", async () => {
    const cases = ageCases();
    expect(cases).toHaveLength(143);
    for (const one of cases) {
      const good = one.about.get("expect")?.[0] === "success";
      expect(`${one.name}: ${await opened(one)}`).toBe(
        `${one.name}: ${good ? one.about.get("payload")?.[0] : "refused"}`,
      );
    }
  }, 120_000);

  interface Wycheproof<G, T> {
    testGroups: (G & {
      tests: (T & { tcId: number; result: "valid" | "invalid" | "acceptable"; flags: string[] })[];
    })[];
  }
  const casesOf = <T, G = object>(name: string) =>
    (JSON.parse(readFileSync(join(folder, "wycheproof", name), "utf8")) as Wycheproof<G, T>).testGroups.flatMap(
      ({ tests, ...group }) => tests.map((one) => ({ ...(group as G), ...one })),
    );
  const fate = (work: Promise<string>) => work.catch(() => "refused");

  test("T-K8: X25519, by the browser and by what stands in for it, computes Wycheproof's secrets and refuses those of low order", async () => {
    const { x25519 } = await ofAge<typeof import("@noble/curves/ed25519.js")>("@noble/curves/ed25519.js");
    const cases = casesOf<{ public: string; private: string; shared: string }>("x25519_test.json");
    expect(cases).toHaveLength(518);
    const prefix = bytes("302e020100300506032b656e04220420");
    for (const { tcId, public: theirs, private: ours, shared } of cases) {
      const expected = `${tcId}: ${/^0+$/.test(shared) ? "refused" : shared}`;
      const native = async () => {
        const pkcs8 = new Uint8Array([...prefix, ...bytes(ours)]);
        const key = await crypto.subtle.importKey("pkcs8", pkcs8, "X25519", false, ["deriveBits"]);
        const peer = await crypto.subtle.importKey("raw", bytes(theirs), "X25519", false, []);
        const bits = await crypto.subtle.deriveBits({ name: "X25519", public: peer }, key, 256);
        return Buffer.from(bits).toString("hex");
      };
      expect(`${tcId}: ${await fate(native())}`).toBe(expected);
      const standIn = async () => Buffer.from(x25519.getSharedSecret(bytes(ours), bytes(theirs))).toString("hex");
      expect(`${tcId}: ${await fate(standIn())}`).toBe(expected);
    }
  });

  test("T-K8: ChaCha20-Poly1305 opens what is whole among Wycheproof's and nothing else", async () => {
    const { chacha20poly1305 } = await ofAge<typeof import("@noble/ciphers/chacha.js")>("@noble/ciphers/chacha.js");
    type Aead = { key: string; iv: string; aad: string; msg: string; ct: string; tag: string };
    const cases = casesOf<Aead, { ivSize: number }>("chacha20_poly1305_test.json");
    expect(cases).toHaveLength(325);
    for (const { tcId, result, key, iv, aad, msg, ct, tag } of cases) {
      const open = async () =>
        Buffer.from(chacha20poly1305(bytes(key), bytes(iv), bytes(aad)).decrypt(bytes(ct + tag))).toString("hex");
      expect(`${tcId}: ${await fate(open())}`).toBe(`${tcId}: ${result === "valid" ? msg : "refused"}`);
    }
  });

  test("T-K8: AES-GCM, which wraps a keyring on its device, opens what is whole among Wycheproof's and nothing else", async () => {
    type Aead = { key: string; iv: string; aad: string; msg: string; ct: string; tag: string };
    const cases = casesOf<Aead, { ivSize: number; keySize: number }>("aes_gcm_test.json").filter(
      ({ ivSize, keySize }) => ivSize === 96 && keySize === 256,
    );
    expect(cases.length).toBeGreaterThan(60);
    for (const { tcId, result, key, iv, aad, msg, ct, tag } of cases) {
      const open = async () => {
        const wrapping = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["decrypt"]);
        const about = { name: "AES-GCM", iv: bytes(iv), additionalData: bytes(aad) };
        return Buffer.from(await crypto.subtle.decrypt(about, wrapping, bytes(ct + tag))).toString("hex");
      };
      expect(`${tcId}: ${await fate(open())}`).toBe(`${tcId}: ${result === "valid" ? msg : "refused"}`);
    }
  });

  test("T-K8: HKDF makes Wycheproof's keys, and none longer than it can", async () => {
    const cases = casesOf<{ ikm: string; salt: string; info: string; size: number; okm: string }>(
      "hkdf_sha256_test.json",
    );
    expect(cases).toHaveLength(86);
    for (const { tcId, result, ikm, salt, info, size, okm } of cases) {
      const derive = async () => {
        const key = await crypto.subtle.importKey("raw", bytes(ikm), "HKDF", false, ["deriveBits"]);
        const about = { name: "HKDF", hash: "SHA-256", salt: bytes(salt), info: bytes(info) };
        return Buffer.from(await crypto.subtle.deriveBits(about, key, size * 8)).toString("hex");
      };
      expect(`${tcId}: ${await fate(derive())}`).toBe(`${tcId}: ${result === "valid" ? okm : "refused"}`);
    }
  });

  test("T-K8: a signature counts in its one form and for its one key, as Wycheproof's cases for Bitcoin have it", () => {
    const cases = casesOf<{ msg: string; sig: string; comment: string }, { publicKey: { uncompressed: string } }>(
      "ecdsa_secp256k1_sha256_bitcoin_test.json",
    );
    expect(cases).toHaveLength(463);
    let read = 0;
    for (const { tcId, result, comment, msg, sig, publicKey } of cases) {
      const bare = readDer(sig);
      if (!bare) continue; // our signatures are no DER: there is nothing to judge
      read += 1;
      const signer = computeAddress(`0x${publicKey.uncompressed}`).toLowerCase();
      const digest = `0x${createHash("sha256").update(bytes(msg)).digest("hex")}`;
      const good = ["1b", "1c"].some((v) => signedBy(signer, digest, `0x${bare}${v}`));
      // One in 2^127 signatures has an r that no recovery of the ledger's takes: valid elsewhere, refused here and there alike.
      const taken = result === "valid" && comment !== "k*G has a large x-coordinate";
      expect(`${tcId}: ${good}`).toBe(`${tcId}: ${taken}`);
    }
    expect(read).toBeGreaterThan(200);
  });
});

/** r and s of a well-formed DER signature, 64 bytes of hex; null for any other. */
function readDer(sig: string): string | null {
  const der = bytes(sig);
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der[2] !== 2) return null;
  const rEnd = 4 + der[3]!;
  if (der[rEnd] !== 2 || rEnd + 2 + der[rEnd + 1]! !== der.length) return null;
  const parts = [der.subarray(4, rEnd), der.subarray(rEnd + 2)].map((part) => {
    if (part.length === 0 || part[0]! >= 0x80 || (part[0] === 0 && part.length > 1 && part[1]! < 0x80)) return null;
    return Buffer.from(part).toString("hex").replace(/^00/, "").padStart(64, "0");
  });
  return parts.every((part) => part?.length === 64) ? parts.join("") : null;
}

test("an age identity has the public half that RFC 7748 computes, and HKDF makes what RFC 5869 says", async () => {
  const { identityToRecipient } = await loadAge();
  // RFC 7748, section 5.2: the point 9 times the scalar 9.
  const nine = new Uint8Array(32).fill(9, 0, 1);
  const product = bytes("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
  const identity = bech32.encodeFromBytes("AGE-SECRET-KEY-", nine).toUpperCase();
  expect(await identityToRecipient(identity)).toBe(bech32.encodeFromBytes("age", product));
  // RFC 5869, appendix A.1.
  const key = await crypto.subtle.importKey("raw", new Uint8Array(22).fill(0x0b), "HKDF", false, ["deriveBits"]);
  const salt = bytes("000102030405060708090a0b0c");
  const about = { name: "HKDF", hash: "SHA-256", salt, info: bytes("f0f1f2f3f4f5f6f7f8f9") };
  expect(Buffer.from(await crypto.subtle.deriveBits(about, key, 42 * 8)).toString("hex")).toBe(
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  );
});
