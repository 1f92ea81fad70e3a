import type { ConsentView } from "../consent/grant.ts";
import type { JoinView } from "../visits/api.ts";
import type { Content } from "./content.ts";
import type { RecordView } from "./record.ts";
import type { ShareView } from "./share.ts";

/** A visit as its patient takes it along. */
export interface Taken {
  join: JoinView;
  shares: readonly ShareView[];
  /** What could be opened, in the order it was recorded. */
  opened: readonly {
    record: RecordView;
    content: Content /** Where a file is in the archive. */;
    path: string | null;
  }[];
}

type Resource = { resourceType: string; id: string } & Record<string, unknown>;

const coded = (system: string, code: string, display: string) => ({ coding: [{ system, code, display }] });
const HL7 = "http://terminology.hl7.org/CodeSystem";

/**
 * Everything of a patient as one FHIR R4 bundle of type `collection`: Patient without a name but those codes that each visit
 * knows them by, Organization, and for each visit Encounter, Consents, MedicationRequests and DocumentReferences.
 */
export function bundleOf(visits: readonly Taken[], now: Date): { resourceType: "Bundle" } & Record<string, unknown> {
  const patient: Resource = {
    resourceType: "Patient",
    id: crypto.randomUUID(),
    identifier: visits.flatMap(({ join }) =>
      join.pseudonym ? { system: "urn:assent:patient-in-visit", value: `${join.id}/${join.pseudonym}` } : [],
    ),
  };
  const organization: Resource = {
    resourceType: "Organization",
    id: crypto.randomUUID(),
    name: visits[0]?.join.clinic || "Clinic",
  };
  const about = { subject: referenceTo(patient), serviceProvider: referenceTo(organization) };
  const resources = [patient, organization, ...visits.flatMap((visit) => ofVisit(visit, about))];
  return {
    resourceType: "Bundle",
    type: "collection",
    timestamp: now.toISOString(),
    entry: resources.map((resource) => ({ fullUrl: urlOf(resource), resource })),
  };
}

const urlOf = ({ id }: Pick<Resource, "id">) => `urn:uuid:${id}`;
const referenceTo = (resource: Pick<Resource, "id">) => ({ reference: urlOf(resource) });
/** The first 32 hexadecimal digits in the form of a UUID. */
const uuidOf = (hex: string) => hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");

/** Whose and of which clinic everything is. */
interface About {
  subject: { reference: string };
  serviceProvider: { reference: string };
}

function ofVisit({ join, shares, opened }: Taken, { subject, serviceProvider }: About): Resource[] {
  const doctor = { display: join.clinician.name };
  const start = join.startedAt ?? join.admittedAt ?? join.consent?.grantedAt ?? null;
  const period = { ...(start ? { start } : {}), ...(join.endedAt ? { end: join.endedAt } : {}) };
  const visit: Resource = {
    resourceType: "Encounter",
    id: uuidOf(join.id),
    status: join.state === "over" ? "finished" : join.state === "in-call" ? "in-progress" : "planned",
    class: { system: `${HL7}/v3-ActCode`, code: "VR", display: "virtual" },
    subject,
    participant: [{ individual: doctor }],
    ...(start ? { period } : {}),
    serviceProvider,
  };
  const consents = [
    ...(join.consent ? [consentOf(join.consent, doctor, subject)] : []),
    ...shares.map(({ consent, reader }) => consentOf(consent, { display: reader }, subject)),
  ];
  const ofThis = { subject, encounter: referenceTo(visit) };
  return [visit, ...consents, ...opened.flatMap((one) => ofRecord(one, ofThis))];
}

function consentOf(
  { id, consent, state, grantedAt }: ConsentView,
  actor: { display: string },
  patient: About["subject"],
): Resource {
  const end = new Date(consent.validUntil * 1000).toISOString();
  return {
    resourceType: "Consent",
    id: uuidOf(id.slice(2)),
    identifier: [{ system: "urn:assent:consent", value: id }],
    status: state === "live" ? "active" : "inactive",
    scope: coded(`${HL7}/consentscope`, "patient-privacy", "Privacy Consent"),
    category: [coded("http://loinc.org", "59284-0", "Consent Document")],
    patient,
    dateTime: grantedAt,
    policyRule: coded(`${HL7}/v3-ActCode`, "OPTIN", "opt-in"),
    provision: {
      type: "permit",
      period: { start: new Date(consent.validFrom * 1000).toISOString(), end },
      actor: [{ role: coded(`${HL7}/v3-ParticipationType`, "IRCP", "information recipient"), reference: actor }],
    },
  };
}

function ofRecord(
  { record, content, path }: Taken["opened"][number],
  { subject, encounter }: { subject: About["subject"]; encounter: { reference: string } },
): Resource[] {
  /** A record's id has more digits than a UUID: each of its medicines has others of them. */
  const idAt = (at: number) => uuidOf(record.id.slice(2 + at));
  if (content.kind === "prescription") {
    const usedUp = record.slip && record.slip.dispensed.length >= record.slip.times;
    const status = record.slip?.cancelledAt ? "cancelled" : usedUp ? "completed" : "active";
    return content.requests.map((request, at) => ({
      ...request,
      ...{ id: idAt(at), status, subject: { ...request.subject, ...subject }, encounter },
      groupIdentifier: { system: "urn:assent:record", value: record.id },
    }));
  }
  if (content.kind !== "file-share" || !path) return [];
  const date = new Date(record.signedAt * 1000).toISOString();
  const attachment = {
    ...(content.type ? { contentType: content.type } : {}),
    title: content.name,
    size: content.size,
  };
  return [
    {
      resourceType: "DocumentReference",
      id: idAt(0),
      status: "current",
      masterIdentifier: { system: "urn:assent:record", value: record.id },
      subject,
      date,
      content: [{ attachment: { ...attachment, url: path, creation: date } }],
      context: { encounter: [encounter] },
    },
  ];
}
