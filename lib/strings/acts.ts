import { type Kind, kindOf } from "../consent/grant.ts";
import type { Act } from "../ledger/submission.ts";

/** How a sentence calls a signed act, for its patient, its clinician and a stranger. */
type Reader = "patient" | "clinician" | "stranger";

const records = {
  "session-start": "the start of the visit",
  "session-end": "the end of the visit",
  prescription: "a prescription",
  "prescription-cancelled": "a cancelled prescription",
  "file-share": "a shared file",
  "access-granted": "an access that was given",
} as const satisfies Record<Kind, string>;

const permissions = {
  patient: { grant: "your permission", revoke: "taking back your permission" },
  clinician: { grant: "the patient’s permission", revoke: "taking back the permission" },
  stranger: { grant: "a patient’s permission", revoke: "a patient’s permission, taken back" },
} as const satisfies Record<Reader, Record<"grant" | "revoke", string>>;

export function nameOfAct(act: Act, reader: Reader): string {
  if (act.is !== "record") return permissions[reader][act.is];
  try {
    return records[kindOf(act.entry.kind)];
  } catch {
    return "a record of an unknown kind";
  }
}
