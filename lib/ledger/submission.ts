import * as z from "zod/mini";
import { Consent } from "../consent/grant.ts";
import { consentId, digestOf, type LedgerDomain, structHash } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/signature.ts";
import { Bytes32, Seconds, Signature } from "../wire.ts";
import { Receipt } from "./receipt.ts";

/** One record and what authorizes it. `approval` is null unless the patient approved it one by one. */
export const Entry = z.strictObject({
  kind: z.int().check(z.gte(1), z.lte(255)),
  commitment: Bytes32,
  number: z.int().check(z.gte(1), z.lte(16_777_215)),
  signedAt: Seconds,
  byPatient: z.boolean(),
  signature: Signature,
  approval: z.nullable(Signature),
});
export type Entry = z.infer<typeof Entry>;

/** A signed act, whole: whoever has it can put it on the ledger. */
export const Act = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("grant"), consent: Consent, signature: Signature }),
  z.strictObject({ is: z.literal("revoke"), consent: Consent, signature: Signature }),
  z.strictObject({ is: z.literal("record"), consent: Consent, entry: Entry }),
]);
export type Act = z.infer<typeof Act>;

export const LedgerOfFile = z.strictObject({
  /** Without what a terminal would obey or a line end would hide. */
  label: z.string().check(z.maxLength(200), z.regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)),
  chainId: z.string().check(z.regex(/^[1-9][0-9]{0,30}$/)),
  address: z.string().check(z.regex(/^0x[0-9a-fA-F]{40}$/), z.toLowerCase()),
  /** Run by one clinic alone: nobody else can reach it. */
  local: z.boolean(),
});
export type LedgerOfFile = z.infer<typeof LedgerOfFile>;

/** The file of "Submit it myself": the acts in the order the contract wants them, each with its promise where there is one. */
export const Submission = z.strictObject({
  assent: z.literal("submission/1"),
  ledger: LedgerOfFile,
  acts: z.array(z.strictObject({ act: Act, receipt: z.nullable(Receipt) })).check(z.minLength(1), z.maxLength(1_000)),
});
export type Submission = z.infer<typeof Submission>;

/** The identity of an act: its EIP-712 struct hash, whatever its signature's bytes. */
export const actId = (act: Act): string => actUnder(consentId(act.consent), act);

/** The same for whoever knows its consent's id already. */
export function actUnder(consent: string, act: Act): string {
  if (act.is === "grant") return consent;
  if (act.is === "revoke") return structHash("Revocation", { consent });
  const { kind, commitment, number, signedAt } = act.entry;
  return structHash("Record", { consent, kind, commitment, number, signedAt });
}

/**
 * The signature that is not its signer's, or null when all are. Signers of more than 20 bytes are contracts and verifiers:
 * only the contract can say.
 */
export function wrongSignature(act: Act, ledger: LedgerDomain): "patient" | "author" | "approval" | null {
  const { patient, grantee } = act.consent;
  const by = (signer: string, digest: string, signature: string) =>
    signer.length > 42 || signedBy(signer, digest, signature);
  if (act.is === "grant")
    return by(patient, digestOf("Consent", act.consent, ledger), act.signature) ? null : "patient";
  const consent = consentId(act.consent);
  if (act.is === "revoke")
    return by(patient, digestOf("Revocation", { consent }, ledger), act.signature) ? null : "patient";
  const { kind, commitment, number, signedAt, byPatient, signature, approval } = act.entry;
  const digest = digestOf("Record", { consent, kind, commitment, number, signedAt }, ledger);
  if (!by(byPatient ? patient : grantee, digest, signature)) return "author";
  if (approval !== null && !by(patient, digestOf("Approval", { record: actUnder(consent, act) }, ledger), approval))
    return "approval";
  return null;
}

/** A permission first, its records by author and number, its end last. */
export function inOrder<T extends { act: Act }>(acts: readonly T[]): T[] {
  const rank = { grant: 0, record: 1, revoke: 2 } as const;
  const number = ({ act }: T) => (act.is === "record" ? act.entry.number : 0);
  return [...acts].sort((a, b) => rank[a.act.is] - rank[b.act.is] || number(a) - number(b));
}
