import type { Person } from "../auth/person.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import type { Actor } from "./entry.ts";

/** How the trail names a person: staff by their account, patients and guests by their pseudonym in this visit. */
export const actorOf = (person: Person): Actor =>
  person.is === "staff" ? { is: "staff", id: person.id } : { is: person.is, id: pseudonymOf(person.signer) };
