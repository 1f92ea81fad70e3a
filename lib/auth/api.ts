import { z } from "zod";
import { Empty, endpoint } from "../wire.ts";
import { KeyCard, Staff } from "./person.ts";

export const PersonName = z.string().trim().min(1).max(120);
export const Password = z.string().min(12).max(128);

/** What anyone may know: whether there is a clinic yet, its name, and which ledger it writes to. */
export const readClinic = endpoint({
  method: "GET",
  path: "/api/clinic",
  ask: Empty,
  answer: z.object({
    name: z.string().nullable(),
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
      key: KeyCard,
    })
    .strict(),
  answer: Staff,
});

export const signIn = endpoint({
  method: "POST",
  path: "/api/sign-in",
  ask: z.object({ email: z.email().max(254), password: z.string().min(1).max(128) }).strict(),
  answer: Staff,
});

export const signOut = endpoint({ method: "POST", path: "/api/sign-out", ask: Empty, answer: Empty });

export const readMe = endpoint({ method: "GET", path: "/api/me", ask: Empty, answer: Staff });
