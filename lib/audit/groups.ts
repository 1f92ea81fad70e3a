import type { RefusalCode } from "../refusal.ts";
import { Action } from "./entry.ts";

type WordOf<T extends string> = T extends `${infer Word}.${string}` ? Word : never;

/** Acts by what they are about, as one looks for them. Total over their first words: a new one needs its place here. */
const groupOf = {
  clinic: "staff",
  staff: "staff",
  invitation: "staff",
  key: "keys",
  visit: "visits",
  queue: "visits",
  notice: "visits",
  name: "links",
  link: "links",
  consent: "permissions",
  guest: "guests",
  call: "calls",
  record: "records",
  approval: "records",
  notes: "records",
  background: "records",
  prescription: "prescriptions",
  file: "files",
  share: "sharing",
  shared: "sharing",
  colleagues: "sharing",
  erasure: "erasures",
  looks: "own",
  folder: "own",
  locker: "own",
  access: "access",
  audit: "audit",
  evidence: "audit",
  witness: "audit",
  line: "audit",
  trail: "audit",
  export: "audit",
  finding: "audit",
  review: "audit",
  act: "system",
  store: "system",
} as const satisfies Record<WordOf<Action>, string>;
export type ActionGroup = (typeof groupOf)[keyof typeof groupOf];

export const actionGroups = [...new Set(Object.values(groupOf))] as [ActionGroup, ...ActionGroup[]];
export const actionsIn = (group: ActionGroup): Action[] =>
  Action.options.filter((action) => groupOf[action.slice(0, action.indexOf(".")) as WordOf<Action>] === group);

/** Refusals by why, likewise. */
const reasonOf = {
  request: "request",
  clinic: "person",
  auth: "person",
  staff: "person",
  invitation: "person",
  key: "person",
  visit: "visit",
  call: "visit",
  guest: "visit",
  consent: "permission",
  signature: "permission",
  record: "content",
  ask: "content",
  prescription: "content",
  notes: "content",
  folder: "content",
  locker: "content",
  blob: "content",
  share: "content",
  erasure: "content",
  evidence: "content",
  ledger: "system",
  act: "system",
  witness: "system",
  audit: "system",
  view: "system",
  export: "system",
  review: "system",
  storage: "system",
  trail: "system",
  server: "system",
} as const satisfies Record<WordOf<RefusalCode>, string>;
export type RefusalReason = (typeof reasonOf)[keyof typeof reasonOf];

export const refusalReasons = [...new Set(Object.values(reasonOf))] as [RefusalReason, ...RefusalReason[]];
/** What the codes of a reason begin with. */
export const wordsIn = (reason: RefusalReason): string[] =>
  Object.entries(reasonOf).flatMap(([word, why]) => (why === reason ? [word] : []));
