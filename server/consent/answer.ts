import { authorize, revoke } from "../../lib/consent/api.ts";
import type { Door } from "../http.ts";
import type { Consents } from "./consents.ts";

export function answerConsent(door: Door, consents: Consents): void {
  door.on(authorize, "patient", (asked, patient) => consents.grant(patient, asked), { refused: "consent.refused" });
  door.on(revoke, "patient", (asked, patient) => consents.revoke(patient, asked.visitId, asked.signature), {
    refused: "consent.refused",
  });
}
