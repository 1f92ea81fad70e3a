import canonicalize from "canonicalize";
import type { LedgerDomain } from "../consent/typed-data.ts";
import type { Line, StoredEntry } from "./api.ts";
import { byConsent, type Pattern, patternOf } from "./balp.ts";
import { Actor } from "./entry.ts";
import { type Coding, codes, profiles } from "./fhir-codes.ts";

/*
 * A line of the trail as a FHIR R4 AuditEvent by IHE's Basic Audit Log Patterns (profiles.ihe.net/ITI/BALP). A patient is
 * their code in this visit and nothing else. docs/audit.md says what a line becomes.
 */

/** What an AuditEvent says beside its line. */
export interface Told {
  /** Names this install in identifiers. */
  readonly ledger: LedgerDomain;
  /** Where people find the server: `https://visits.example.org`. */
  readonly address: string;
  readonly clinic: string;
  /** The code of the visit's patient, where somebody took its link. */
  readonly patient: string | null;
  /** Somebody of the staff by name. */
  readonly name: string | null;
}

interface Reference {
  type?: string;
  identifier?: { system: string; value: string };
  display?: string;
}
interface Agent {
  type: { coding: [Coding] };
  who: Reference;
  name?: string;
  requestor: boolean;
  network?: object;
}
interface Entity {
  what?: Reference;
  type: Coding;
  role?: Coding;
  query?: string;
  detail?: { type: string; valueString: string }[];
}
export interface AuditEvent {
  resourceType: "AuditEvent";
  /** The line's hash, which is its leaf in the log's tree. */
  id: string;
  meta: { profile?: [string]; tag: [Coding, Coding] };
  type: Coding;
  subtype?: [Coding];
  action: "C" | "R" | "U" | "D" | "E";
  recorded: string;
  outcome: "0" | "4";
  outcomeDesc?: string;
  agent: Agent[];
  source: { observer: Reference; type: [Coding] };
  entity?: Entity[];
}

const actions = { create: "C", read: "R", update: "U", delete: "D", disclosure: "R", "log-used": "R" } as const;

export function auditEventOf({ entry }: Pick<Line, "entry">, told: Told): AuditEvent {
  const [pattern, what] = rowOf(entry, told);
  const ids = idsOf(told);
  const denied = entry.refusal !== null || entry.action === "approval.refused";
  const profile = profileOf(pattern, told.patient !== null);
  const { type, subtype } = codes[pattern];
  const entities = entitiesOf(pattern, what, entry, told);
  return {
    resourceType: "AuditEvent",
    id: entry.hash.slice(2),
    meta: {
      ...(profile ? { profile: [profile] } : {}),
      tag: [
        { system: ids.system("action"), code: entry.action },
        { system: ids.system("line"), code: String(entry.number) },
      ],
    },
    type,
    ...(subtype ? { subtype: [subtype] } : {}),
    action: actions[pattern as keyof typeof actions] ?? "E",
    recorded: entry.at,
    outcome: denied ? "4" : "0",
    ...(denied ? { outcomeDesc: entry.refusal ?? entry.action } : {}),
    agent: agentsOf(pattern, entry, told),
    source: {
      observer: ids.server,
      type: [pattern === "authorization" ? codes.securityServer : codes.applicationServer],
    },
    ...(entities.length > 0 ? { entity: entities } : {}),
  };
}

/** The pattern a line has when it was refused too: the profiles of reading and changing are for what was done. */
function rowOf(entry: StoredEntry, { patient }: Told): readonly [Pattern | "alert", string] {
  const known = Object.hasOwn(patternOf, entry.action);
  const [pattern, what]: readonly [Pattern, string] = known
    ? patternOf[entry.action as keyof typeof patternOf]
    : ["activity", "AuditEvent"];
  if (entry.refusal !== null && pattern !== "login")
    return [byConsent(entry.refusal) && patient !== null ? "authorization" : "alert", what];
  return [pattern === "authorization" && patient === null ? "alert" : pattern, what];
}

function profileOf(pattern: Pattern | "alert", ofPatient: boolean): string | undefined {
  if (pattern === "disclosure") return ofPatient ? profiles.disclosure : undefined;
  if (pattern === "authorization") return profiles.authorization;
  const name = profiles.rest[pattern as keyof typeof profiles.rest];
  return name && `${profiles.base}${ofPatient ? "Patient" : ""}${name}`;
}

/** How this install names what it speaks of. */
function idsOf({ ledger: { chainId, address } }: Pick<Told, "ledger">) {
  const base = `urn:assent:${chainId}:${address}`;
  const system = (of: string) => `${base}:${of}`;
  const named = (of: string, value: string, type?: string): Reference => ({
    ...(type ? { type } : {}),
    identifier: { system: system(of), value },
  });
  return { system, named, server: named("server", "server", "Device") };
}

/** The trail has no addresses of browsers, which its reader is told in FHIR's own way. */
const NO_ADDRESS = {
  _address: {
    extension: [{ url: "http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode: "unsupported" }],
  },
};

function agentsOf(pattern: Pattern | "alert", entry: StoredEntry, told: Told): Agent[] {
  const ids = idsOf(told);
  const { client, server, user } = codes.agents(pattern);
  const agent = (type: Coding, who: Reference, more: Partial<Agent> = {}): Agent => ({
    type: { coding: [type] },
    who,
    requestor: false,
    ...more,
  });
  const actor = Actor.safeParse(entry.actor).data;
  const network = { address: told.address, type: "5" };
  const atServer =
    pattern === "authorization"
      ? [agent(server, ids.server), agent(codes.provider, { type: "Organization", display: told.clinic })]
      : [agent(server, ids.server, { network })];
  const people = [
    agent(client, { display: "Browser" }, { network: NO_ADDRESS }),
    agent(user, whoOf(actor, told), { requestor: true, ...(told.name ? { name: told.name } : {}) }),
  ];
  if (actor?.is !== "system" || pattern === "authorization") return [...people, ...atServer];
  // The server itself did it: both ends are the server, and nobody asked.
  return [agent(client, ids.server, { network }), ...atServer];
}

function whoOf(actor: Actor | undefined, told: Told): Reference {
  const { named } = idsOf(told);
  if (actor?.is === "staff") return named("staff", actor.id, "Practitioner");
  if (actor?.is === "patient") return named("patient", actor.id, "Patient");
  if (actor?.is === "guest") return named("guest", actor.id, "RelatedPerson");
  return { display: "Somebody who was not known" };
}

function entitiesOf(pattern: Pattern | "alert", what: string, entry: StoredEntry, told: Told): Entity[] {
  const { named } = idsOf(told);
  const patient: Entity[] =
    told.patient === null
      ? []
      : [{ what: named("patient", told.patient, "Patient"), type: codes.person, role: codes.patient }];
  if (pattern === "authorization") {
    const id = entry.consent ?? (what === "Consent" ? entry.object : null);
    const consent = id ? named("consent", id, "Consent") : { type: "Consent", display: "None" };
    return [...patient, { what: consent, type: codes.consentResource }];
  }
  const details = detailsOf(entry);
  if (pattern === "query") {
    const asked = what.replace(":visitId", entry.visitId ?? "");
    return [{ type: codes.systemObject, role: codes.queryRole, query: base64(asked) }, ...patient];
  }
  const data: Entity = {
    what: {
      type: what,
      identifier: {
        system: `urn:assent:${told.ledger.chainId}:${told.ledger.address}:object`,
        value: entry.object ?? entry.visitId ?? String(entry.number),
      },
    },
    type: codes.systemObject,
    role: codes.domainResource,
    ...(pattern === "delete" || details.length === 0 ? {} : { detail: details }),
  };
  const consent: Entity[] = entry.consent
    ? [{ what: named("consent", entry.consent, "Consent"), type: codes.consentResource }]
    : [];
  return [data, ...patient, ...consent];
}

function detailsOf({ detail }: StoredEntry): { type: string; valueString: string }[] {
  if (typeof detail !== "object" || detail === null) return [];
  return Object.entries(detail)
    .filter(([, value]) => value !== "")
    .map(([type, value]) => ({ type, valueString: typeof value === "string" ? value : String(canonicalize(value)) }));
}

const base64 = (text: string): string => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
