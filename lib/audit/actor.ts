import type { Person } from "../auth/person.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import type { Actor } from "./entry.ts";

/** How the trail names a person: staff by their account, a patient by their pseudonym in this visit. */
export const actorOf = (person: Person): Actor =>
  person.is === "staff" ? { is: "staff", id: person.id } : { is: "patient", id: pseudonymOf(person.signer) };
