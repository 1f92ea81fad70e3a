import canonicalize from "canonicalize";
import type { AuditEvent } from "./fhir.ts";

/*
 * The profiles of IHE's Basic Audit Log Patterns 1.1.4 as its StructureDefinitions have them (profiles.ihe.net/ITI/BALP),
 * written down apart from what makes the events.
 */

interface Slice {
  /** System and code, or several of which any will do. */
  type: readonly string[];
  min: 0 | 1;
  needs?: readonly string[];
  never?: readonly string[];
  requestor?: boolean;
  role?: readonly string[];
  isSource?: true;
}
interface Profile {
  type: string;
  subtype: string;
  action: string;
  /** The only outcome there is; else any. */
  outcome?: string;
  agents: readonly Slice[];
  entities: readonly Slice[];
  /** Entities of no slice are not allowed. */
  closed?: true;
}

const DCM = "http://dicom.nema.org/resources/ontology/DCM|";
const HL7 = "http://terminology.hl7.org/CodeSystem/";
const BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";
const SOURCE = `${DCM}110153`;
const DESTINATION = `${DCM}110152`;
const APPLICATION = `${DCM}110150`;
const participation = (code: string) => `${HL7}v3-ParticipationType|${code}`;
const RECIPIENT = [participation("IRCP")];
const AUTHORS = ["AUT", "INF", "CST"].map(participation);

const end = (type: string): Slice => ({ type: [type], min: 1, needs: ["who", "network"], never: ["media"] });
const user = (type: readonly string[]): Slice => ({
  ...{ type, min: 0, needs: ["who"], never: ["media", "network"], requestor: true },
});
const roles = ["4", "3", "20"].map((code) => `${HL7}object-role|${code}`);
const data: Slice = { type: [`${HL7}audit-entity-type|2`], min: 1, needs: ["what"], role: roles };
const query: Slice = {
  ...{ type: [`${HL7}audit-entity-type|2`], min: 1, needs: ["query"], never: ["what", "lifecycle", "detail"] },
  role: [`${HL7}object-role|24`],
};
const patient: Slice = {
  ...{ type: [`${HL7}audit-entity-type|1`], min: 1, needs: ["what"], role: [`${HL7}object-role|1`] },
};
const rest = (code: string, action: string, ends: [string, string], people: readonly string[]): Profile => ({
  ...{ type: `${HL7}audit-event-type|rest`, subtype: `http://hl7.org/fhir/restful-interaction|${code}`, action },
  ...{ outcome: "0", agents: [end(ends[0]), end(ends[1]), user(people)], entities: [data] },
});
const bare = ["role", "altId", "name", "location", "media", "purposeOfUse"];

const profiles: Record<string, Profile> = {
  Create: rest("create", "C", [SOURCE, DESTINATION], AUTHORS),
  Read: rest("read", "R", [DESTINATION, SOURCE], RECIPIENT),
  Update: rest("update", "U", [SOURCE, DESTINATION], AUTHORS),
  Delete: rest("delete", "D", [APPLICATION, `${HL7}provenance-participant-type|custodian`], AUTHORS),
  Query: { ...rest("search", "E", [SOURCE, DESTINATION], RECIPIENT), entities: [query] },
  AuthZconsent: {
    ...{ type: `${DCM}110113`, action: "E", closed: true },
    subtype: "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType|AuthZ-Consent",
    agents: [
      { type: [APPLICATION], min: 1, needs: ["who", "network"], never: bare },
      { ...user(RECIPIENT), min: 1, never: ["altId", "location", "media", "network"] },
      { type: [`${HL7}v3-RoleClass|PROV`], min: 1, needs: ["who"], never: [...bare, "network"], requestor: false },
      {
        ...{ type: [`${HL7}extra-security-role-type|authserver`], min: 1, needs: ["who"], requestor: false },
        ...{ never: [...bare, "policy", "network"], isSource: true },
      },
    ],
    entities: [patient, { type: ["http://hl7.org/fhir/resource-types|Consent"], min: 1, needs: ["what"] }],
  },
  "PrivacyDisclosure.Source": {
    ...{ type: `${DCM}110106`, subtype: `${HL7}iso-21089-lifecycle|disclose`, action: "R" },
    agents: [{ ...end(SOURCE), isSource: true }, end(DESTINATION)],
    entities: [patient],
  },
};

const key = (coding: { system: string; code: string } | undefined) => coding && `${coding.system}|${coding.code}`;

/** What of an event its own profile doesn't allow. One that claims no profile has nothing to hold to. */
export function balpFaults(event: AuditEvent): string[] {
  const [url] = event.meta.profile ?? [];
  if (!url) return [];
  const name = url.startsWith(BALP) ? url.slice(BALP.length) : url;
  const ofPatient = name.startsWith("Patient");
  const profile = profiles[ofPatient ? name.slice("Patient".length) : name];
  if (!profile) return [`no such profile: ${url}`];
  const slices = ofPatient ? [...profile.entities, patient] : profile.entities;
  const { agent, entity = [] } = event;
  const faults = [
    ...(key(event.type) === profile.type ? [] : ["type"]),
    ...(event.subtype?.some((one) => key(one) === profile.subtype) ? [] : ["subtype"]),
    ...(event.action === profile.action ? [] : ["action"]),
    ...(profile.outcome === undefined || event.outcome === profile.outcome ? [] : ["outcome"]),
    ...(agent.length >= 2 ? [] : ["agent: fewer than two"]),
    ...sliceFaults("agent", agent, ({ type }) => key(type.coding[0]), profile.agents, event),
    ...sliceFaults("entity", entity, ({ type }) => key(type), slices, event),
  ];
  const stray = entity.filter(({ type }) => !slices.some((slice) => slice.type.includes(key(type) ?? "")));
  return profile.closed && stray.length > 0 ? [...faults, "entity: of no slice"] : faults;
}

function sliceFaults<T extends object>(
  where: string,
  all: readonly T[],
  typeOf: (one: T) => string | undefined,
  slices: readonly Slice[],
  event: AuditEvent,
): string[] {
  return slices.flatMap((slice) => {
    const at = `${where} ${slice.type[0]}`;
    const found = all.filter((one) => slice.type.includes(typeOf(one) ?? "")) as Record<string, unknown>[];
    if (found.length > 1) return [`${at}: more than one`];
    const [one] = found;
    if (!one) return slice.min === 0 ? [] : [`${at}: missing`];
    return [
      ...(slice.needs ?? []).filter((field) => one[field] === undefined).map((field) => `${at}: no ${field}`),
      ...(slice.never ?? []).filter((field) => one[field] !== undefined).map((field) => `${at}: has ${field}`),
      ...(slice.requestor === undefined || one.requestor === slice.requestor ? [] : [`${at}: requestor`]),
      ...(slice.role && !slice.role.includes(key(one.role as never) ?? "") ? [`${at}: role`] : []),
      ...(slice.isSource && canonicalize(one.who) !== canonicalize(event.source.observer)
        ? [`${at}: not the source`]
        : []),
    ];
  });
}
