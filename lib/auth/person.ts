import * as z from "zod/mini";
import { Recipient, Signature, Signer } from "../wire.ts";

export const Role = z.enum(["admin", "clinician"]);
export type Role = z.infer<typeof Role>;

/** A clinician's public keys: what signs (ERC-7913), what envelopes are sealed to (age), and the first vouching for the second. */
export const KeyCard = z.object({
  signer: Signer,
  recipient: Recipient,
  /** EIP-712 `KeyCard(bytes signer,string recipient)` by the signer. */
  binding: Signature,
});
export type KeyCard = z.infer<typeof KeyCard>;

export const PersonName = z.string().check(z.trim(), z.minLength(1), z.maxLength(120));

/** What the browser of a key is, in words: "Chrome on Windows". */
const Device = z.string().check(z.trim(), z.minLength(1), z.maxLength(80));

/** A key that a browser made for itself. The person's own keyring vouches for it, so that nobody else brings one in their name. */
export const NewKey = z.strictObject({
  card: KeyCard,
  device: Device,
  /** What the person's recovery kit signs with. */
  person: Signer,
  /** EIP-712 `DeviceCard` by it. */
  voucher: Signature,
});
export type NewKey = z.infer<typeof NewKey>;

export const Staff = z.object({
  is: z.literal("staff"),
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(Role),
  /** Those that are enrolled, one a browser, the newest first. */
  keys: z.array(KeyCard),
  /** What vouched for the newest: signs what is nobody's but the person's. */
  person: z.nullable(Signer),
});
export type Staff = z.infer<typeof Staff>;

/** Someone in a visit by its link: known by the key their browser made, nothing else. */
export const Patient = z.object({ is: z.literal("patient"), visitId: z.string(), signer: Signer });
export type Patient = z.infer<typeof Patient>;

/** Someone in another's visit by a guest's link: known by the key their browser made. `visitId` is that visit's. */
export const Guest = z.object({ is: z.literal("guest"), visitId: z.string(), guestId: z.string(), signer: Signer });
export type Guest = z.infer<typeof Guest>;

/** The two whose visit it is: its doctor and its patient. */
export type Principal = Staff | Patient;
export type Person = Principal | Guest;
