import * as z from "zod/mini";
import { ReceiptOrNone } from "../ledger/receipt.ts";
import { Bytes32, LedgerState, Seconds, Signature, Signer } from "../wire.ts";

/** The kinds of record the ledger knows; the numbers are the contract's. */
export const kinds = {
  "session-start": 1,
  "session-end": 2,
  prescription: 3,
  "prescription-cancelled": 4,
  "file-share": 5,
  "access-granted": 6,
} as const;
export type Kind = keyof typeof kinds;
export const Kind = z.enum(Object.keys(kinds) as [Kind, ...Kind[]]);

export function kindOf(number: number): Kind {
  const found = (Object.keys(kinds) as Kind[]).find((kind) => kinds[kind] === number);
  if (!found) throw new RangeError(`no record kind ${number}`);
  return found;
}

export const Choice = z.enum(["allow", "ask", "deny"]);
export type Choice = z.infer<typeof Choice>;

/** What a patient chose on the consent card. Video has no "ask": it is allowed, or the patient leaves. */
export const Choices = z.object({ video: z.literal("allow"), prescriptions: Choice, files: Choice });
export type Choices = z.infer<typeof Choices>;

const kindsOfChoice = {
  video: ["session-start", "session-end"],
  prescriptions: ["prescription", "prescription-cancelled"],
  files: ["file-share"],
} as const satisfies Record<keyof Choices, readonly Kind[]>;

/** Bit k of the result allows kind k; bit 16 + k lets it be approved one by one. */
export function scopesOf(choices: Choices): number {
  let scopes = 0;
  for (const [what, kindsOfIt] of Object.entries(kindsOfChoice) as [keyof Choices, readonly Kind[]][]) {
    for (const kind of kindsOfIt) {
      if (choices[what] === "allow") scopes |= 1 << kinds[kind];
      if (choices[what] === "ask") scopes |= 1 << (16 + kinds[kind]);
    }
  }
  return scopes;
}

export function choiceFor(scopes: number, kind: Kind): Choice {
  if (scopes & (1 << kinds[kind])) return "allow";
  if (scopes & (1 << (16 + kinds[kind]))) return "ask";
  return "deny";
}

export function choicesOf(scopes: number): Choices {
  return { video: "allow", prescriptions: choiceFor(scopes, "prescription"), files: choiceFor(scopes, "file-share") };
}

/** Exactly what the patient signs. `terms` is the SHA-256 of the text that was shown. */
export const Consent = z.strictObject({
  patient: Signer,
  grantee: Signer,
  visit: Bytes32,
  scopes: z.int().check(z.gte(0), z.lte(0xffffffff)),
  validFrom: Seconds,
  validUntil: Seconds,
  terms: Bytes32,
  salt: Bytes32,
});
export type Consent = z.infer<typeof Consent>;

export const ConsentState = z.enum(["live", "ended", "revoked"]);
export type ConsentState = z.infer<typeof ConsentState>;

/** A consent as the people in the visit see it. */
export const ConsentView = z.object({
  id: Bytes32,
  consent: Consent,
  signature: Signature,
  state: ConsentState,
  ledger: LedgerState,
  grantedAt: z.iso.datetime(),
  revokedAt: z.nullable(z.iso.datetime()),
  /** How far the revocation is on its way to the ledger; null while there is none. */
  revocation: z.nullable(LedgerState),
  receipt: ReceiptOrNone,
  revocationReceipt: ReceiptOrNone,
});
export type ConsentView = z.infer<typeof ConsentView>;
