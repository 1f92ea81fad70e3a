import type * as z from "zod/mini";
import type { LedgerStanding, Outcome } from "@/lib/audit/api.ts";
import type { EventOutcome } from "@/lib/audit/events.ts";
import { type ActionGroup, actionGroups, actionsIn } from "@/lib/audit/groups.ts";
import { Kind } from "@/lib/consent/grant.ts";
import { recordKinds } from "@/lib/strings/en.ts";
import { actions } from "@/lib/strings/trail.ts";
import type { VisitState } from "@/lib/visits/visit.ts";

const choicesOf = <T extends string>(words: Record<T, string>) => Object.entries(words) as [T, string][];

export const outcomes: Record<z.infer<typeof Outcome>, string> = {
  ended: "Ended by the doctor",
  left: "Left by the patient",
  declined: "Declined",
  revoked: "Revoked",
  "not-private": "Not private",
  refused: "Something was refused",
};
export const outcomeChoices = choicesOf(outcomes);

export const states: Record<z.infer<typeof VisitState>, string> = {
  planned: "Planned",
  waiting: "Waiting",
  "in-call": "In the call",
  over: "Over",
};
export const stateChoices = choicesOf(states);

export const standings: Record<LedgerStanding, string> = {
  waiting: "On its way",
  ledger: "On the ledger",
  final: "Final",
  parked: "Held back by the ledger",
};
export const recordChoices = choicesOf(standings);

export const resultChoices = choicesOf<z.infer<typeof EventOutcome>>({
  done: "Done",
  refused: "Refused",
  person: "Refused: for who asked",
  permission: "Refused: permission or signature",
  visit: "Refused: visit, call or guest",
  content: "Refused: what was sent or asked for",
  request: "Refused: how it was asked",
  system: "Refused: ledger, disk or log",
});

export const kindChoices = Kind.options.map((kind) => [kind, recordKinds[kind]] as const);

const groupNames: Record<ActionGroup, string> = {
  visits: "Visits",
  links: "Links and names",
  calls: "Calls",
  permissions: "Permissions",
  records: "Records",
  prescriptions: "Prescriptions",
  files: "Files",
  guests: "Guests",
  sharing: "Sharing",
  erasures: "Erasures",
  own: "Patients’ own lists",
  staff: "Practice and staff",
  keys: "Signing keys",
  access: "Access refused",
  audit: "The log itself",
  system: "Ledger and stores",
};

export const actChoices = actionGroups.map((group) => ({
  group,
  name: groupNames[group],
  acts: actionsIn(group).map((action) => [action, actions[action]] as const),
}));
