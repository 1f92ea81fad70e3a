import type { Guest, Patient } from "../../lib/auth/person.ts";
import {
  admit,
  claimLink,
  createVisit,
  decline,
  endVisit,
  holdVisit,
  listVisits,
  openLink,
  openVisit,
  readEstimate,
  readJoin,
  readVisit,
  reportNotPrivate,
  setEstimate,
  tellEmail,
  tellName,
} from "../../lib/visits/api.ts";
import {
  acceptGuest,
  claimGuestLink,
  inviteGuest,
  leaveAsGuest,
  openGuestLink,
  readGuest,
  turnAwayGuest,
} from "../../lib/visits/guest-api.ts";
import { openGuesses } from "../guesses.ts";
import { type Door, setLinkSession } from "../http.ts";
import type { Guests } from "./guests.ts";
import type { KeySessions } from "./key-sessions.ts";
import type { Notices } from "./notices.ts";
import type { Queue } from "./queue.ts";
import type { Visits } from "./visits.ts";

export function answerVisits(
  door: Door,
  {
    visits,
    guests,
    notices,
    queue,
    keySessions,
    secure,
    dismiss,
  }: {
    visits: Visits;
    guests: Guests;
    notices: Notices;
    queue: Queue;
    keySessions: KeySessions;
    secure: boolean;
    dismiss(person: Patient | Guest): void;
  },
): void {
  const guarded = openGuesses("visit.not-found", "signature.wrong", "signature.expired");

  door.on(createVisit, "clinician", (asked, staff) => visits.create(staff, asked));
  door.on(holdVisit, "clinician", ({ visitId, signer }, staff) => visits.hold(staff, visitId, signer));
  door.on(listVisits, "clinician", (asked, staff) => visits.list(staff, asked.before));
  door.on(readVisit, "clinician", (asked, staff) => visits.read(staff, asked.visitId));
  door.on(admit, "clinician", (asked, staff) => visits.admit(staff, asked.visitId));
  door.on(decline, "clinician", (asked, staff) => visits.decline(staff, asked.visitId));
  door.on(endVisit, "member", (asked, person) => visits.end(person, asked.visitId));
  door.on(reportNotPrivate, "member", ({ visitId, why, guestId }, person) =>
    guestId ? guests.notPrivate(person, { visitId, guestId, why }) : visits.notPrivate(person, visitId, why),
  );

  door.on(openLink, "anyone", (asked, _, http) => guarded(http, () => visits.openLink(asked.visitId, asked.token)), {
    refused: "link.refused",
  });
  door.on(
    claimLink,
    "anyone",
    (asked, _, http) =>
      guarded(http, async () => {
        const { view, session } = await visits.claim(asked);
        // The session before, if any, is another browser's or a lost one's: its sockets go.
        dismiss({ is: "patient", visitId: asked.visitId, signer: asked.signer });
        setLinkSession(http, asked.visitId, session, secure);
        return view;
      }),
    { refused: "link.refused" },
  );
  door.on(readJoin, "patient", (asked, patient) => visits.readAsPatient(patient, asked.visitId));
  door.on(tellName, "patient", (asked, patient) => visits.tellName(patient, asked.visitId, asked.details));
  door.on(tellEmail, "patient", (asked, patient) => notices.ask(patient, asked.visitId, asked.email));
  door.on(readEstimate, "clinician", (_, staff) => queue.read(staff));
  door.on(setEstimate, "clinician", (asked, staff) => queue.set(staff, asked.minutes));

  door.on(openVisit, "anyone", (asked, _, http) => guarded(http, () => keySessions.open(asked)), {
    refused: "link.refused",
  });
  door.on(inviteGuest, "member", (asked, person) => guests.invite(person, asked));
  door.on(acceptGuest, "clinician", (asked, staff) => guests.accept(staff, asked));
  door.on(turnAwayGuest, "member", (asked, person) => guests.turnAway(person, asked));
  door.on(
    openGuestLink,
    "anyone",
    (asked, _, http) => guarded(http, () => guests.openLink(asked.guestId, asked.token)),
    { refused: "link.refused" },
  );
  door.on(
    claimGuestLink,
    "anyone",
    (asked, _, http) =>
      guarded(http, async () => {
        const { view, guest, session } = await guests.claim(asked);
        dismiss(guest);
        setLinkSession(http, asked.guestId, session, secure);
        return view;
      }),
    { refused: "link.refused" },
  );
  door.on(readGuest, "guest", (_, guest) => guests.read(guest));
  door.on(leaveAsGuest, "guest", ({ why }, guest) => guests.leave(guest, why));
}
