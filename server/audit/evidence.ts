import { setTimeout as after } from "node:timers/promises";
import { and, asc, eq, inArray } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import { Entry } from "../../lib/audit/entry.ts";
import { type Evidence, readSessionEvidence, readVisitEvidence } from "../../lib/audit/evidence.ts";
import { emptiedIn } from "../../lib/audit/retained.ts";
import type { Principal, Staff } from "../../lib/auth/person.ts";
import { type Consent, choicesOf } from "../../lib/consent/grant.ts";
import { guestTermsText } from "../../lib/consent/guest-terms.ts";
import { shareTermsText } from "../../lib/consent/share-terms.ts";
import { termsHash, termsText } from "../../lib/consent/terms.ts";
import { MOST_SHARED } from "../../lib/records/content.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { type Whole, whole } from "../storage/whole.ts";
import { type Assembly, assemble } from "./evidence-file.ts";

interface Rooms extends Assembly {
  storage: Storage;
  visits: { mine(read: Reader, person: Principal, visitId: string): Promise<Whole> };
  clinicName: (read: Reader) => Promise<string | null>;
}

/** What the database has of a visit. */
export interface Taken {
  readonly visit: Evidence["visit"];
  /** The one to its doctor first. */
  readonly consents: readonly ({ id: string } & Evidence["consents"][number])[];
  readonly records: readonly ({ id: string } & Evidence["records"][number])[];
  readonly lines: readonly Entry[];
}

/** How long, in milliseconds, somebody waits for what was just signed. Our own ledger takes it in a moment, a network in its time. */
const PATIENCE = 5_000;

export type EvidenceRoom = ReturnType<typeof openEvidence>;

/** The evidence of a visit: a file that says by itself what our server would. See lib/audit/evidence.ts. */
export function openEvidence(rooms: Rooms) {
  const { storage, visits, ledger } = rooms;
  const give = async (person: Principal, visitId: string, find: (read: Reader) => Promise<Whole>) => {
    if (ledger.about.local) await Promise.race([ledger.whenIdle(), after(PATIENCE, undefined, { ref: false })]);
    const taken = await storage.transact(async (tx, finish) => {
      const found = await takenOf(tx, await find(tx), (await rooms.clinicName(tx)) ?? "");
      const detail = { lines: found.lines.length, records: found.records.length };
      return finish({ actor: actorOf(person), action: "evidence.made", visitId, detail }, found);
    });
    return assemble(taken, rooms);
  };

  return {
    /** For its doctor and its patient. */
    ofVisit: (person: Principal, visitId: string) =>
      give(person, visitId, (read) => visits.mine(read, person, visitId)),
    /** For an admin. */
    ofSession: (staff: Staff, visitId: string) =>
      give(staff, visitId, async (read) => {
        const found = await whole(read, visitId);
        if (!found) throw new Refusal("visit.not-found");
        return found;
      }),
  };
}

export function answerEvidence(door: Door, evidence: EvidenceRoom): void {
  door.on(readVisitEvidence, "member", ({ visitId }, person) => evidence.ofVisit(person, visitId));
  door.on(readSessionEvidence, "admin", ({ visitId }, staff) => evidence.ofSession(staff, visitId));
}

async function takenOf(read: Reader, w: Whole, clinic: string): Promise<Taken> {
  const { act, consent, guest, share, user, record, entry } = tables;
  const { id } = w.visit;
  if (!w.consent) throw new Refusal("evidence.none");
  if (await read.$count(act, and(eq(act.visitId, id), inArray(act.state, ["saved", "sent"]))))
    throw new Refusal("evidence.not-yet");
  const consents = await read
    .select({ consent, role: guest.role, reader: user.name })
    .from(consent)
    .leftJoin(guest, eq(guest.id, consent.guestId))
    .leftJoin(share, eq(share.id, consent.shareId))
    .leftJoin(user, eq(user.id, share.clinicianId))
    .where(eq(consent.visitId, id))
    .orderBy(asc(consent.grantedAt));
  const inTime = [record.createdAt, record.number].map(asc);
  const records = await read
    .select()
    .from(record)
    .where(eq(record.visitId, id))
    .orderBy(...inTime);
  const lines = await read.select().from(entry).where(eq(entry.visitId, id)).orderBy(asc(entry.number));
  if (lines.some(emptiedIn)) throw new Refusal("evidence.retained");
  const named = { clinic, clinician: w.clinician.name };
  return {
    visit: { id, ...named },
    consents: await Promise.all(
      consents.map(async ({ consent: { id, consent, signature, revocation }, role, reader }) => {
        return { id, consent, text: await textShown(consent, { ...named, role, reader }), signature, revocation };
      }),
    ),
    records: records.map(({ id, consentId, kind, commitment, number, signedAt, byPatient, signature, approval }) => {
      return { id, consent: consentId, kind, commitment, number, signedAt, byPatient, signature, approval };
    }),
    lines: lines.map(({ actId: _, ...line }) => Entry.parse(line)),
  };
}

type Role = typeof tables.guest.$inferSelect.role;

/** The text that was agreed to, made anew: what the permission holds is its hash. */
async function textShown(
  consent: Consent,
  about: { clinic: string; clinician: string; role: Role | null; reader: string | null },
): Promise<string> {
  const { clinic, clinician, role, reader } = about;
  const same = { version: 1, clinic, clinician, validUntil: consent.validUntil } as const;
  if (role) return guestTermsText({ ...same, role });
  if (reader === null) return termsText({ ...same, choices: choicesOf(consent.scopes) });
  // How many records it was for is in the text alone, once they are erased.
  for (let records = 1; records <= MOST_SHARED; records++) {
    const text = shareTermsText({ ...same, reader, records });
    if ((await termsHash(text)) === consent.terms) return text;
  }
  return shareTermsText({ ...same, reader, records: 1 });
}
