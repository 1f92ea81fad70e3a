import * as z from "zod/mini";
import { Empty, endpoint } from "../wire.ts";
import { NewKey, PersonName, Staff } from "./person.ts";

export const Password = z.string().check(z.minLength(12), z.maxLength(128));

/** The practice's, as people write it: `030 555 010`, `+49 30 555-010`. */
export const Phone = z.string().check(
  z.trim(),
  z.maxLength(30),
  z.regex(/^\+?[\d\s()/.-]{3,}$/),
  z.refine((phone) => (phone.match(/\d/g) ?? []).length >= 3),
);

/** What anyone may know: whether there is a clinic yet, its name and phone number, and which ledger it writes to. */
export const readClinic = endpoint({
  method: "GET",
  path: "/api/clinic",
  ask: Empty,
  answer: z.object({
    name: z.nullable(z.string()),
    phone: z.nullable(z.string()),
    ledger: z.object({ label: z.string(), chainId: z.string(), address: z.string(), local: z.boolean() }),
  }),
});

/** First run only. Signs the first person in. */
export const createClinic = endpoint({
  method: "POST",
  path: "/api/clinic",
  ask: z.strictObject({
    clinicName: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
    name: PersonName,
    email: z.email().check(z.maxLength(254)),
    password: Password,
    key: NewKey,
  }),
  answer: Staff,
});

/** The number that patients are shown; null shows none. */
export const changePhone = endpoint({
  method: "POST",
  path: "/api/clinic/phone",
  ask: z.strictObject({ phone: z.nullable(Phone) }),
  answer: Empty,
});

export const signIn = endpoint({
  method: "POST",
  path: "/api/sign-in",
  ask: z.strictObject({
    email: z.email().check(z.maxLength(254)),
    password: z.string().check(z.minLength(1), z.maxLength(128)),
  }),
  answer: Staff,
});

/** `forget`: the browser is told to throw away all that it keeps of us, keys included. */
export const signOut = endpoint({
  method: "POST",
  path: "/api/sign-out",
  ask: z.strictObject({ forget: z.boolean() }),
  answer: Empty,
});

export const readMe = endpoint({ method: "GET", path: "/api/me", ask: Empty, answer: Staff });
