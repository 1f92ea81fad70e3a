import { z } from "zod";
import { Empty, endpoint } from "../wire.ts";
import { NewKey, PersonName, Staff } from "./person.ts";

export const Password = z.string().min(12).max(128);

/** The practice's, as people write it: `030 555 010`, `+49 30 555-010`. */
export const Phone = z
  .string()
  .trim()
  .max(30)
  .regex(/^\+?[\d\s()/.-]{3,}$/)
  .refine((phone) => (phone.match(/\d/g) ?? []).length >= 3);

/** What anyone may know: whether there is a clinic yet, its name and phone number, and which ledger it writes to. */
export const readClinic = endpoint({
  method: "GET",
  path: "/api/clinic",
  ask: Empty,
  answer: z.object({
    name: z.string().nullable(),
    phone: z.string().nullable(),
    ledger: z.object({ label: z.string(), chainId: z.string(), address: z.string(), local: z.boolean() }),
  }),
});

/** First run only. Signs the first person in. */
export const createClinic = endpoint({
  method: "POST",
  path: "/api/clinic",
  ask: z
    .object({
      clinicName: z.string().trim().min(1).max(120),
      name: PersonName,
      email: z.email().max(254),
      password: Password,
      key: NewKey,
    })
    .strict(),
  answer: Staff,
});

/** The number that patients are shown; null shows none. */
export const changePhone = endpoint({
  method: "POST",
  path: "/api/clinic/phone",
  ask: z.object({ phone: Phone.nullable() }).strict(),
  answer: Empty,
});

export const signIn = endpoint({
  method: "POST",
  path: "/api/sign-in",
  ask: z.object({ email: z.email().max(254), password: z.string().min(1).max(128) }).strict(),
  answer: Staff,
});

/** `forget`: the browser is told to throw away all that it keeps of us, keys included. */
export const signOut = endpoint({
  method: "POST",
  path: "/api/sign-out",
  ask: z.object({ forget: z.boolean() }).strict(),
  answer: Empty,
});

export const readMe = endpoint({ method: "GET", path: "/api/me", ask: Empty, answer: Staff });
