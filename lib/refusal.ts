/**
 * A refusal is a code. The words are in lib/strings; the HTTP status is here; both are total maps over the codes, so a
 * new code does not compile until it has both. What a stranger may not know answers exactly as what does not exist.
 */
export const httpStatus = {
  "request.malformed": 400,
  "request.too-large": 413,
  "request.too-many": 429,
  "request.too-slow": 408,
  "request.foreign-origin": 403,
  "request.not-found": 404,
  "clinic.exists": 409,
  "auth.needed": 401,
  "auth.wrong": 401,
  "auth.not-allowed": 403,
  "auth.confirm": 403,
  "staff.exists": 409,
  "staff.not-found": 404,
  "staff.last-admin": 409,
  "invitation.not-found": 404,
  "invitation.expired": 410,
  "key.not-enrolled": 409,
  "key.not-found": 404,
  "key.moved-on": 409,
  "visit.not-found": 404,
  "visit.claimed": 409,
  "visit.expired": 410,
  "visit.over": 410,
  "visit.wrong-state": 409,
  "call.full": 409,
  "guest.full": 409,
  "guest.too-many": 409,
  "guest.not-asking": 409,
  "consent.missing": 409,
  "consent.exists": 409,
  "consent.not-live": 409,
  "consent.kind-not-allowed": 409,
  "consent.ask-first": 409,
  "consent.device-removed": 409,
  "consent.mismatch": 422,
  "signature.wrong": 422,
  "signature.expired": 422,
  "record.number-taken": 409,
  "record.number-held": 409,
  "record.mismatch": 422,
  "record.not-found": 404,
  "share.over": 410,
  "record.erased": 410,
  "erasure.asked": 409,
  "erasure.not-open": 409,
  "erasure.changed": 409,
  "erasure.nothing-left": 409,
  "evidence.none": 404,
  "evidence.not-yet": 503,
  "evidence.retained": 410,
  "export.over-limit": 403,
  "export.own": 403,
  "export.too-close": 403,
  "export.not-found": 404,
  "export.not-open": 409,
  "export.expired": 410,
  "export.used-up": 429,
  "export.changed": 409,
  "ask.not-open": 409,
  "prescription.not-found": 404,
  "prescription.dispensed": 409,
  "prescription.cancelled": 409,
  "prescription.expired": 410,
  "notes.newer": 409,
  "folder.newer": 409,
  "locker.taken": 409,
  "locker.not-found": 404,
  "call.rated": 409,
  "blob.not-found": 404,
  "blob.mismatch": 422,
  "blob.too-large": 413,
  "blob.visit-full": 409,
  "blob.person-full": 429,
  "ledger.refused": 409,
  "ledger.read-only": 503,
  "ledger.method-not-allowed": 403,
  "storage.full": 507,
  "trail.closed": 503,
  "storage.away": 503,
  "ledger.too-many-acts": 429,
  "act.not-parked": 409,
  "review.newer": 409,
  "review.own": 403,
  "witness.no-key": 422,
  "witness.inside": 422,
  "witness.known": 409,
  "witness.too-many": 409,
  "audit.not-following": 409,
  "view.too-many": 409,
  "view.not-found": 404,
  "server.broke": 500,
  "server.unreachable": 503,
} as const satisfies Record<string, number>;

export type RefusalCode = keyof typeof httpStatus;

/** Something the product says no to. `evidence` is shown to the person who asked: never anything they may not know. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly evidence: Record<string, string | number> | undefined;
  constructor(code: RefusalCode, evidence?: Record<string, string | number>) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.evidence = evidence;
  }
}

export function isRefusalCode(value: unknown): value is RefusalCode {
  return typeof value === "string" && Object.hasOwn(httpStatus, value);
}
