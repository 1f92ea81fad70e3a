import { authorize, revoke } from "../../lib/consent/api.ts";
import { allowGuest, revokeGuest } from "../../lib/visits/guest-api.ts";
import type { Door } from "../http.ts";
import type { Consents } from "./consents.ts";
import type { GuestConsents } from "./guest-consents.ts";

export function answerConsent(door: Door, consents: Consents, guests: GuestConsents): void {
  door.on(authorize, "patient", (asked, patient) => consents.grant(patient, asked), { refused: "consent.refused" });
  door.on(revoke, "patient", (asked, patient) => consents.revoke(patient, asked.visitId, asked.signature), {
    refused: "consent.refused",
  });
  door.on(allowGuest, "patient", (asked, patient) => guests.allow(patient, asked), { refused: "consent.refused" });
  door.on(revokeGuest, "patient", (asked, patient) => guests.revoke(patient, asked), { refused: "consent.refused" });
}
