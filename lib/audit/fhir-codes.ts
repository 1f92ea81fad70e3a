import type { Pattern } from "./balp.ts";

// The codes an AuditEvent is written in: DICOM's, HL7's and IHE's, under the addresses these gave them.

export interface Coding {
  system: string;
  code: string;
  display?: string;
}

const DCM = "http://dicom.nema.org/resources/ontology/DCM";
const HL7 = "http://terminology.hl7.org/CodeSystem/";
const BALP = "https://profiles.ihe.net/ITI/BALP/";
const dicom = (code: string, display: string): Coding => ({ system: DCM, code, display });
const hl7 = (system: string, code: string, display: string): Coding => ({ system: `${HL7}${system}`, code, display });

export const profiles = {
  base: `${BALP}StructureDefinition/IHE.BasicAudit.`,
  /** Each with `Patient` before it where the patient is known. */
  rest: { create: "Create", read: "Read", update: "Update", delete: "Delete", query: "Query" },
  authorization: `${BALP}StructureDefinition/IHE.BasicAudit.AuthZconsent`,
  disclosure: `${BALP}StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source`,
} as const;

const rest = (code: string) => ({
  type: hl7("audit-event-type", "rest", "Restful Operation"),
  subtype: { system: "http://hl7.org/fhir/restful-interaction", code, display: code },
});
const alert = (subtype?: Coding) => ({ type: dicom("110113", "Security Alert"), ...(subtype ? { subtype } : {}) });
const decision = (code: string, display: string): Coding => ({
  system: `${BALP}CodeSystem/AuthZsubType`,
  code,
  display,
});
const authentication = dicom("110114", "User Authentication");

interface Kind {
  type: Coding;
  subtype?: Coding;
}
const kinds: Record<Pattern | "alert", Kind> = {
  create: rest("create"),
  read: rest("read"),
  update: rest("update"),
  delete: rest("delete"),
  query: rest("search"),
  authorization: alert(decision("AuthZ-Consent", "Authorization Decision using Roles and Consent")),
  alert: alert(decision("AuthZ-Role", "Authorization Decision using only Roles")),
  disclosure: {
    type: dicom("110106", "Export"),
    subtype: hl7("iso-21089-lifecycle", "disclose", "Disclose Record Lifecycle Event"),
  },
  login: { type: authentication, subtype: dicom("110122", "Login") },
  logout: { type: authentication, subtype: dicom("110123", "Logout") },
  authentication: { type: authentication },
  "log-used": { type: dicom("110101", "Audit Log Used") },
  "roles-changed": alert(dicom("110136", "Security Roles Changed")),
  "attributes-changed": alert(dicom("110137", "User Security Attributes Changed")),
  activity: { type: dicom("110100", "Application Activity") },
};

const source = dicom("110153", "Source Role ID");
const destination = dicom("110152", "Destination Role ID");
const application = dicom("110150", "Application");
const author = hl7("v3-ParticipationType", "AUT", "author (originator)");
const recipient = hl7("v3-ParticipationType", "IRCP", "information recipient");

/** The two ends and the person, each pattern's own: what is read flows from the server, all else to it. */
function agents(pattern: Pattern | "alert"): { client: Coding; server: Coding; user: Coding } {
  switch (pattern) {
    case "read":
    case "disclosure":
    case "log-used":
      return { client: destination, server: source, user: recipient };
    case "query":
      return { client: source, server: destination, user: recipient };
    case "delete":
      return {
        client: application,
        server: hl7("provenance-participant-type", "custodian", "Custodian"),
        user: author,
      };
    case "authorization":
      return {
        client: application,
        server: hl7("extra-security-role-type", "authserver", "authorization server"),
        user: recipient,
      };
    default:
      return { client: source, server: destination, user: author };
  }
}

export const codes = {
  ...kinds,
  agents,
  provider: hl7("v3-RoleClass", "PROV", "healthcare provider"),
  applicationServer: hl7("security-source-type", "4", "Application Server"),
  securityServer: hl7("security-source-type", "6", "Security Server"),
  person: hl7("audit-entity-type", "1", "Person"),
  systemObject: hl7("audit-entity-type", "2", "System Object"),
  patient: hl7("object-role", "1", "Patient"),
  domainResource: hl7("object-role", "4", "Domain Resource"),
  queryRole: hl7("object-role", "24", "Query"),
  consentResource: { system: "http://hl7.org/fhir/resource-types", code: "Consent", display: "Consent" },
} as const;
