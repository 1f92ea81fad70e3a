import { and, eq, gte, sql } from "drizzle-orm";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { kindOf } from "../../lib/consent/grant.ts";
import { dispense, readSlip, type SlipView, tokenHashOf } from "../../lib/records/slip.ts";
import { Refusal, type RefusalCode } from "../../lib/refusal.ts";
import type { Door, Http } from "../http.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { cancellationOf } from "./cancelling.ts";
import { slipState } from "./view.ts";

interface Rooms {
  storage: Storage;
  ledger: Pick<Ledger, "about">;
  clinicOf: (read: Reader) => Promise<{ name: string; phone: string | null } | null>;
  now: () => Date;
}

/** Who holds the paper has no account; the trail says so. */
const holder = { is: "nobody", id: "paper" } as const;

/**
 * Prescriptions on paper, for who has the secret of their QR code. The server sees a token of it, and gives the sealed
 * prescription; that it was given out is kept here, who did it only sealed.
 */
export function answerDispensing(door: Door, { storage, ledger, clinicOf, now }: Rooms): void {
  /** A token has 256 bits: who has one is never kept out because others behind the same address guess. */
  const guessed = new RateLimiterMemory({ points: 20, duration: 3600 });
  /** Each look is a line on the patient's trail: one paper can't fill it. */
  const used = new RateLimiterMemory({ points: 60, duration: 3600 });
  const spare = (limit: RateLimiterMemory, by: string) =>
    limit.consume(by).catch(() => {
      throw new Refusal("request.too-many");
    });

  const admit = async (record: string, token: string, http: Http): Promise<void> => {
    const tokenHash = await tokenHashOf(token);
    const here = and(eq(tables.slip.recordId, record), eq(tables.slip.tokenHash, tokenHash));
    if ((await storage.read.$count(tables.slip, here)) > 0) return void (await spare(used, record));
    await spare(guessed, http.req.header("x-real-ip") ?? "");
    throw new Refusal("prescription.not-found");
  };

  door.on(readSlip, "anyone", async ({ record, token }, _, http) => {
    await admit(record, token, http);
    return storage.transact(async (tx, finish) => {
      const found = await find(tx, record);
      const { name, phone } = (await clinicOf(tx))!;
      const { visitId, envelope, recipients, seal, author, commitment, number, signedAt } = found.record;
      if (envelope === null) throw new Refusal("prescription.not-found");
      const view: SlipView = {
        visitId,
        clinic: name,
        phone,
        ledger: ledger.about,
        envelope: {
          envelope,
          recipients,
          seal,
          author,
          commitment,
          signature: found.record.signature,
          approval: found.record.approval,
          record: { consent: found.record.consentId, kind: found.record.kind, commitment, number, signedAt },
        },
        consent: found.consent.consent,
        state: slipState(found.slip, found.cancelledAt),
        cancellation: await cancellationOf(tx, visitId, record),
      };
      return finish({ ...about(found), action: "prescription.shown" }, view);
    });
  });

  door.on(dispense, "anyone", async ({ record, token, nth, note }, _, http) => {
    await admit(record, token, http);
    const at = now();
    const refusal = await storage.transact<RefusalCode | null>(async (tx, finish) => {
      const found = await find(tx, record);
      const entry = { ...about(found), action: "prescription.dispensed" } as const;
      const why = reasonAgainst(found, at);
      if (!why) {
        const { dispensed, recordId, times } = tables.slip;
        const inTurn = sql`jsonb_array_length(${dispensed}) = ${nth - 1}`;
        const [won] = await tx
          .update(tables.slip)
          .set({ dispensed: sql`${dispensed} || ${JSON.stringify([{ at: at.toISOString(), note }])}::jsonb` })
          .where(and(eq(recordId, record), inTurn, gte(times, nth)))
          .returning();
        if (won) return finish(entry, null);
      }
      const code = why ?? "prescription.dispensed";
      // The patient sees the second try beside the first.
      if (code === "prescription.dispensed") {
        const tried = { refused: sql`${tables.slip.refused} + 1`, refusedAt: at };
        await tx.update(tables.slip).set(tried).where(eq(tables.slip.recordId, record));
      }
      return finish({ ...entry, refusal: code }, code);
    });
    if (refusal) throw new Refusal(refusal);
    return { at: at.toISOString() };
  });
}

type Found = Awaited<ReturnType<typeof find>>;

async function find(read: Reader, id: string) {
  const { record, slip, consent, cancellation } = tables;
  const [found] = await read
    .select({ record, slip, consent, cancelledAt: cancellation.at })
    .from(record)
    .innerJoin(slip, eq(slip.recordId, record.id))
    .innerJoin(consent, eq(consent.id, record.consentId))
    .leftJoin(cancellation, eq(cancellation.prescriptionId, record.id))
    .where(eq(record.id, id));
  // A question that nobody said yes to has a slip and is no record.
  if (!found) throw new Refusal("prescription.not-found");
  return found;
}

function reasonAgainst({ slip, cancelledAt }: Found, at: Date): RefusalCode | null {
  if (cancelledAt) return "prescription.cancelled";
  return slip.dispensed.length < slip.times && slip.until.getTime() < at.getTime() ? "prescription.expired" : null;
}

const about = ({ record }: Found) => ({
  actor: holder,
  visitId: record.visitId,
  object: record.id,
  consent: record.consentId,
  detail: { kind: kindOf(record.kind) },
});
