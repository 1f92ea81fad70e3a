import type { Staff } from "../lib/auth/person.ts";

/** An admin who is no doctor, for what asks only who somebody is. */
export const mira: Staff = {
  is: "staff",
  id: "mira",
  name: "Mira Thoma",
  email: "m@x.org",
  roles: ["admin"],
  keys: [],
  person: null,
};
