import { RateLimiterMemory } from "rate-limiter-flexible";
import {
  acceptInvitation,
  bringKey,
  changeRoles,
  confirmSelf,
  enrolKey,
  invite,
  openInvitation,
  readOwnKeys,
  readPeople,
  removeKey,
  removePerson,
  withdrawInvitation,
} from "../../lib/auth/people-api.ts";
import { Refusal } from "../../lib/refusal.ts";
import { openGuesses } from "../guesses.ts";
import type { Door, Http } from "../http.ts";
import type { Auth } from "./auth.ts";
import type { openInvitations } from "./invitations.ts";
import type { People } from "./people.ts";

/** What changes who may sign or look asks for the password again: a session that was left open is not enough. */
export function answerPeople(
  door: Door,
  { auth, people, invitations }: { auth: Auth; people: People; invitations: ReturnType<typeof openInvitations> },
): void {
  const guesses = new RateLimiterMemory({ points: 5, duration: 15 * 60 });
  const guarded = openGuesses("invitation.not-found");
  const confirmed = (http: Http) => auth.assertConfirmed(http.req.raw.headers);

  door.on(readPeople, "admin", () => people.list());

  door.on(invite, "admin", async (asked, staff, http) => {
    await confirmed(http);
    return invitations.make(staff, asked);
  });

  door.on(withdrawInvitation, "admin", async ({ invitationId }, staff) => invitations.withdraw(staff, invitationId));

  door.on(openInvitation, "anyone", (asked, _, http) => guarded(http, () => invitations.open(asked)), {
    refused: "invitation.refused",
  });

  door.on(
    acceptInvitation,
    "anyone",
    async (asked, _, http) => {
      const email = await guarded(http, () => invitations.accept(asked));
      const { staff, cookies } = await auth.signIn(email, asked.password, http.req.raw.headers);
      for (const cookie of cookies) http.header("set-cookie", cookie, { append: true });
      return staff;
    },
    { refused: "invitation.refused" },
  );

  door.on(readOwnKeys, "staff", (_, staff) => people.ownKeys(staff));

  door.on(bringKey, "clinician", async (asked, staff, http) => {
    await confirmed(http);
    return people.bring(staff, asked);
  });

  door.on(enrolKey, "staff", async ({ signer, by }, staff, http) => {
    await confirmed(http);
    return people.enrol(staff, signer, by);
  });

  door.on(removeKey, "staff", async ({ signer, why }, staff, http) => {
    await confirmed(http);
    return people.removeKey(staff, signer, why, await auth.sessionOf(http.req.raw.headers));
  });

  door.on(changeRoles, "admin", async ({ personId, roles }, staff, http) => {
    await confirmed(http);
    return people.changeRoles(staff, personId, roles);
  });

  door.on(removePerson, "admin", async ({ personId }, staff, http) => {
    await confirmed(http);
    return people.removePerson(staff, personId);
  });

  door.on(confirmSelf, "staff", async ({ password }, staff, http) => {
    await guesses.consume(staff.id).catch(() => {
      throw new Refusal("request.too-many");
    });
    await auth.confirm(staff, password, http.req.raw.headers);
    await guesses.delete(staff.id);
    return {};
  });
}
