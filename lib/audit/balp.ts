import type { Action } from "./entry.ts";

/**
 * How a line is told in FHIR. The first six are profiles of IHE's Basic Audit Log Patterns, each with a form for a visit
 * whose patient is known and one without; the others are plain AuditEvents in DICOM's codes.
 */
export type Pattern =
  | "create"
  | "read"
  | "update"
  | "delete"
  | "query"
  /** A decision by a patient's permission: permit, or deny. */
  | "authorization"
  /** Something that leaves the practice. */
  | "disclosure"
  | "login"
  | "logout"
  | "authentication"
  /** The audit log itself was looked at. */
  | "log-used"
  /** What somebody may do, or a key, has changed. */
  | "roles-changed"
  | "attributes-changed"
  /** What the program did, about nobody. */
  | "activity";

/** A line's pattern, and what it was done to as FHIR would have it; for a query the address that was asked. */
type Row = readonly [Pattern, string];

/** Closed: a new action needs its row before it compiles. docs/audit.md shows it. */
export const patternOf = {
  "clinic.created": ["create", "Organization"],
  "clinic.phone-changed": ["update", "Organization"],
  "staff.signed-in": ["login", "Practitioner"],
  "staff.sign-in-refused": ["login", "Practitioner"],
  "staff.signed-out": ["logout", "Practitioner"],
  "staff.confirmed": ["authentication", "Practitioner"],
  "staff.invited": ["create", "PractitionerRole"],
  "invitation.withdrawn": ["delete", "PractitionerRole"],
  "invitation.opened": ["read", "PractitionerRole"],
  "invitation.refused": ["read", "PractitionerRole"],
  "staff.joined": ["create", "Practitioner"],
  "staff.roles-changed": ["roles-changed", "PractitionerRole"],
  "staff.removed": ["attributes-changed", "Practitioner"],
  "key.brought": ["attributes-changed", "Practitioner"],
  "key.enrolled": ["attributes-changed", "Practitioner"],
  "key.removed": ["attributes-changed", "Practitioner"],
  "visit.created": ["create", "Encounter"],
  "visit.moved": ["update", "Encounter"],
  "visit.listed": ["query", "/api/visits"],
  "visit.read": ["read", "Encounter"],
  "link.opened": ["read", "Encounter"],
  "link.claimed": ["update", "Encounter"],
  "link.refused": ["read", "Encounter"],
  "visit.opened": ["read", "Encounter"],
  "name.told": ["update", "Encounter"],
  "notice.asked": ["create", "CommunicationRequest"],
  "notice.withdrawn": ["delete", "CommunicationRequest"],
  "notice.sent": ["create", "Communication"],
  "notice.failed": ["activity", "Communication"],
  "queue.estimated": ["update", "Schedule"],
  "consent.granted": ["authorization", "Consent"],
  "consent.refused": ["authorization", "Consent"],
  "consent.revoked": ["update", "Consent"],
  "guest.invited": ["create", "RelatedPerson"],
  "guest.asked": ["update", "RelatedPerson"],
  "guest.accepted": ["update", "RelatedPerson"],
  "guest.turned-away": ["update", "RelatedPerson"],
  "guest.allowed": ["authorization", "Consent"],
  "guest.revoked": ["update", "Consent"],
  "guest.left": ["update", "RelatedPerson"],
  "guest.not-private": ["update", "RelatedPerson"],
  "visit.admitted": ["update", "Encounter"],
  "visit.declined": ["update", "Encounter"],
  "visit.ended": ["update", "Encounter"],
  "call.entered": ["update", "Encounter"],
  "call.left": ["update", "Encounter"],
  "call.not-private": ["update", "Encounter"],
  "record.added": ["create", "DocumentReference"],
  "record.refused": ["create", "DocumentReference"],
  "record.listed": ["query", "/api/visits/:visitId/records"],
  "record.read": ["read", "DocumentReference"],
  "prescription.shown": ["read", "MedicationRequest"],
  "prescription.dispensed": ["create", "MedicationDispense"],
  "prescription.cancelled": ["update", "MedicationRequest"],
  "background.shared": ["create", "QuestionnaireResponse"],
  "background.read": ["read", "QuestionnaireResponse"],
  "background.withdrawn": ["delete", "QuestionnaireResponse"],
  "approval.asked": ["create", "Task"],
  "approval.given": ["authorization", "Consent"],
  "approval.refused": ["authorization", "Consent"],
  "approval.withdrawn": ["delete", "Task"],
  "share.granted": ["authorization", "Consent"],
  "share.refused": ["authorization", "Consent"],
  "share.revoked": ["update", "Consent"],
  "share.listed": ["query", "/api/visits/:visitId/shares"],
  "colleagues.listed": ["query", "/api/visits/:visitId/colleagues"],
  "shared.listed": ["query", "/api/shared"],
  "shared.read": ["read", "Encounter"],
  "erasure.asked": ["create", "Task"],
  "erasure.withdrawn": ["delete", "Task"],
  "erasure.read": ["read", "Task"],
  "erasure.listed": ["query", "/api/erasures"],
  "erasure.refused": ["update", "Task"],
  "visit.erased": ["delete", "Encounter"],
  "file.stored": ["create", "Binary"],
  "file.read": ["read", "Binary"],
  "notes.saved": ["update", "DocumentReference"],
  "notes.read": ["read", "DocumentReference"],
  "looks.read": ["log-used", "AuditEvent"],
  "folder.saved": ["update", "List"],
  "folder.read": ["read", "List"],
  "locker.kept": ["create", "Basic"],
  "locker.opened": ["read", "Basic"],
  "locker.dropped": ["delete", "Basic"],
  "call.rated": ["create", "QuestionnaireResponse"],
  "access.refused": ["read", "Encounter"],
  "audit.read": ["log-used", "AuditEvent"],
  "audit.verified": ["log-used", "AuditEvent"],
  "audit.follow-began": ["log-used", "AuditEvent"],
  "audit.follow-ended": ["log-used", "AuditEvent"],
  "evidence.made": ["disclosure", "AuditEvent"],
  "export.made": ["log-used", "AuditEvent"],
  "export.asked": ["create", "Task"],
  "export.approved": ["update", "Task"],
  "export.refused": ["update", "Task"],
  "export.withdrawn": ["delete", "Task"],
  "trail.retained": ["activity", "AuditEvent"],
  "line.retained": ["activity", "AuditEvent"],
  "finding.dismissed": ["update", "Task"],
  "finding.restored": ["update", "Task"],
  "review.assigned": ["update", "Task"],
  "review.commented": ["update", "Task"],
  "review.closed": ["update", "Task"],
  "review.reopened": ["update", "Task"],
  "witness.added": ["create", "Device"],
  "witness.removed": ["delete", "Device"],
  "act.retried": ["update", "Task"],
  "store.lost": ["activity", "Device"],
  "store.back": ["activity", "Device"],
  "store.damaged": ["activity", "Device"],
  "store.repaired": ["activity", "Device"],
} as const satisfies Record<Action, Row>;

/** Refusals that a permission, or its absence, is the reason of. */
export const byConsent = (refusal: string): boolean => refusal.startsWith("consent.") || refusal === "share.over";
