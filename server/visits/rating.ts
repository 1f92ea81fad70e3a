import { and, eq, sql } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Principal } from "../../lib/auth/person.ts";
import { rateCall } from "../../lib/call/rating.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { lock } from "./lock.ts";
import type { Visits } from "./visits.ts";

interface Rooms {
  storage: Storage;
  visits: Pick<Visits, "mine">;
  now: () => Date;
}

/** How good a call was: counted by day and side, so that no row says what somebody answered. */
export function openRatings({ storage, visits, now }: Rooms) {
  return (person: Principal, visitId: string, score: number) =>
    storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const w = await visits.mine(tx, person, visitId);
      if (!w.visit.startedAt) throw new Refusal("visit.wrong-state");
      const actor = actorOf(person);
      const { entry, rating } = tables;
      const before = and(
        eq(entry.visitId, visitId),
        eq(entry.action, "call.rated"),
        sql`${entry.actor}->>'is' = ${actor.is}`,
        sql`${entry.refusal} IS NULL`,
      );
      if ((await tx.$count(entry, before)) > 0) throw new Refusal("call.rated");
      const day = now().toISOString().slice(0, 10);
      const side = person.is === "staff" ? ("clinician" as const) : ("patient" as const);
      await tx
        .insert(rating)
        .values({ day, side, score, times: 1 })
        .onConflictDoUpdate({
          target: [rating.day, rating.side, rating.score],
          set: { times: sql`${rating.times} + 1` },
        });
      return finish({ actor, action: "call.rated", visitId, consent: w.consent?.id }, {});
    });
}

export function answerRating(door: Door, rooms: Rooms): void {
  const rate = openRatings(rooms);
  door.on(rateCall, "member", ({ visitId, score }, person) => rate(person, visitId, score));
}
