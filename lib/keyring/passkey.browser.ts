/**
 * Passkeys as ways to a keyring: the PRF extension (WebAuthn Level 3) derives 32 bytes that only this passkey makes, wherever
 * it is synchronised to. The server takes no part in it: nobody signs in with these, they unwrap.
 */

/** What the passkey derives its bytes from. One for all, since each passkey has a secret of its own. */
const SALT = new TextEncoder().encode("assent/1/keyring");

export interface PasskeyAnswer {
  credential: Uint8Array;
  secret: Uint8Array;
}

export const canPasskey = (): boolean => typeof PublicKeyCredential === "function" && "credentials" in navigator;

/** This device or passkey derives no bytes, so it can't open a keyring. The person has another way. */
export class NoPrf extends Error {
  override readonly name = "NoPrf";
}

const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
const extensions = { prf: { eval: { first: SALT } } } as AuthenticationExtensionsClientInputs;

/** Makes a passkey that is named `name` in the person's list. Rejects with `NotAllowedError` when they don't go on, with `NoPrf` where it can't derive. */
export async function makePasskey(name: string): Promise<PasskeyAnswer> {
  const made = (await navigator.credentials.create({
    publicKey: {
      rp: { name: "Assent" },
      // Nobody is named to the authenticator either: what it opens is found by what it derives.
      user: { id: random(32), name, displayName: name },
      challenge: random(32),
      pubKeyCredParams: [
        { type: "public-key", alg: -7 },
        { type: "public-key", alg: -257 },
      ],
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      extensions,
    },
  })) as PublicKeyCredential | null;
  if (!made) throw new NoPrf("no passkey was made");
  const credential = new Uint8Array(made.rawId);
  // Many derive only when they are used, and not when they are made.
  return { credential, secret: derivedIn(made) ?? (await askPasskey([credential])).secret };
}

/** Asks for one of these passkeys, or for any of this site. Rejects likewise. */
export async function askPasskey(credentials: readonly Uint8Array[] = []): Promise<PasskeyAnswer> {
  const given = (await navigator.credentials.get({
    publicKey: {
      challenge: random(32),
      userVerification: "required",
      allowCredentials: credentials.map((id) => ({ type: "public-key", id: new Uint8Array(id) })),
      extensions,
    },
  })) as PublicKeyCredential | null;
  const secret = given && derivedIn(given);
  if (!given || !secret) throw new NoPrf("this passkey derives nothing");
  return { credential: new Uint8Array(given.rawId), secret };
}

function derivedIn(credential: PublicKeyCredential): Uint8Array | null {
  const { prf } = credential.getClientExtensionResults() as { prf?: { results?: { first?: BufferSource } } };
  const first = prf?.results?.first;
  if (!first) return null;
  return new Uint8Array(
    ArrayBuffer.isView(first) ? first.buffer.slice(first.byteOffset, first.byteOffset + first.byteLength) : first,
  );
}
