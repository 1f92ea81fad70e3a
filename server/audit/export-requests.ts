import { randomBytes } from "node:crypto";
import { desc, eq, inArray } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import {
  APPROVED_FOR,
  type askExport,
  type ExportRequest,
  type ExportState,
  MOST_TAKEN,
  SETTLED_AFTER,
} from "../../lib/audit/export-request.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import { exportRequest, user } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import { type Admin, adminsOf, dependOnEachOther } from "./admins.ts";
import { fixedIn } from "./exported-lines.ts";
import { assertKnown, codesOf, type Exports, type Made, madeLine, standing } from "./exports.ts";

/** Requests that are told at once. */
const SHOWN = 50;

type Row = typeof exportRequest.$inferSelect;

/** Large exports: one admin asks, another says yes or no, and the first takes exactly that, for a day. */
export function openExportRequests(rooms: { storage: Storage; exports: Pick<Exports, "fileOf">; now: () => Date }) {
  const { storage, exports, now } = rooms;
  const newId = () => randomBytes(16).toString("hex");

  async function waiting(staff: Staff) {
    const { read } = storage;
    const open = await read
      .select()
      .from(exportRequest)
      .where(inArray(exportRequest.state, ["asked", "approved"]));
    const admins = await adminsOf(read);
    const mine = open.filter(({ askedBy }) => askedBy === staff.id).map((row) => stateOf(row, admins, now()));
    return {
      waiting: open.filter(({ askedBy, state }) => askedBy !== staff.id && state === "asked").length,
      mine: mine.filter((state) => state === "asked" || state === "approved").length,
      others: admins.filter(({ id }) => id !== staff.id).length,
    };
  }

  function list(staff: Staff): Promise<{ requests: ExportRequest[] }> {
    return storage.transact(async (tx, finish) => {
      const by = alias(user, "decider");
      const rows = await tx
        .select({ row: exportRequest, askedBy: user.name, decidedBy: by.name })
        .from(exportRequest)
        .innerJoin(user, eq(user.id, exportRequest.askedBy))
        .leftJoin(by, eq(by.id, exportRequest.decidedBy))
        .orderBy(desc(exportRequest.askedAt), desc(exportRequest.id))
        .limit(SHOWN);
      const admins = await adminsOf(tx);
      const requests = rows.map(({ row, askedBy, decidedBy }): ExportRequest => {
        const { id, format, filter, lines, sessions, reason, note } = row;
        const state = stateOf(row, admins, now());
        return {
          ...{ id, format, filter, lines, sessions, reason, note, askedBy, decidedBy, state },
          askedAt: row.askedAt.toISOString(),
          mine: row.askedBy === staff.id,
          until: state === "approved" ? endOf(row).toISOString() : null,
          left: Math.max(0, MOST_TAKEN - row.taken),
        };
      });
      return finish(
        { actor: actorOf(staff), action: "audit.read", detail: { exports: requests.length } },
        { requests },
      );
    });
  }

  function request(staff: Staff, asked: z.infer<typeof askExport.ask>): Promise<{ id: string }> {
    return storage.transact(async (tx, finish) => {
      const { format, filter, reason } = asked;
      await assertKnown(tx, filter);
      const until = await standing(tx, now());
      const { lines, sessions, digest } = await fixedIn(tx, { filter, until }, format);
      const id = newId();
      await tx.insert(exportRequest).values({
        ...{ id, askedBy: staff.id, askedAt: until.at, format, filter, last: until.last, lines, sessions, digest },
        ...{ reason, note: asked.note || null, state: "asked" },
      });
      const detail = { format, ...codesOf(filter), reason, lines, sessions, digest, last: until.last };
      return finish(
        { actor: actorOf(staff), action: "export.asked", visitId: filter.visitId, object: id, detail },
        { id },
      );
    });
  }

  function decide(staff: Staff, id: string, approve: boolean): Promise<Record<string, never>> {
    return storage.transact(async (tx, finish) => {
      const row = await there(tx, id);
      if (row.askedBy === staff.id) throw new Refusal("export.own");
      if (row.state !== "asked") throw new Refusal("export.not-open");
      // Anybody may say no.
      if (approve && (await dependOnEachOther(tx, staff.id, row.askedBy, settledSince(row, now()))))
        throw new Refusal("export.too-close");
      await tx
        .update(exportRequest)
        .set({ state: approve ? "approved" : "refused", decidedBy: staff.id, decidedAt: now() })
        .where(eq(exportRequest.id, id));
      return finish(lineOf(staff, approve ? "export.approved" : "export.refused", row), {});
    });
  }

  function withdraw(staff: Staff, id: string): Promise<Record<string, never>> {
    return storage.transact(async (tx, finish) => {
      const row = await ownThere(tx, staff, id);
      if (row.state !== "asked" && row.state !== "approved") throw new Refusal("export.not-open");
      await tx.update(exportRequest).set({ state: "withdrawn" }).where(eq(exportRequest.id, id));
      return finish(lineOf(staff, "export.withdrawn", row), {});
    });
  }

  /**
   * Throws `export.expired`, `export.used-up`, `export.changed` where what the yes was for is no longer what the filter finds,
   * or `export.not-open` where there is no yes, or no longer one.
   */
  async function take(staff: Staff, requestId: string): Promise<Made> {
    const id = newId();
    const { row, scope, found } = await storage.transact(async (tx, finish) => {
      const row = await ownThere(tx, staff, requestId);
      const state = stateOf(row, await adminsOf(tx), now());
      if (state === "expired") throw new Refusal("export.expired");
      if (state !== "approved") throw new Refusal("export.not-open");
      if (row.taken >= MOST_TAKEN) throw new Refusal("export.used-up");
      const scope = { filter: row.filter, until: { at: row.askedAt, last: row.last } };
      const found = await fixedIn(tx, scope, row.format);
      // How far a visit is may have changed since, and with it what a filter finds among the same lines.
      if (found.digest !== row.digest) throw new Refusal("export.changed");
      await tx
        .update(exportRequest)
        .set({ taken: row.taken + 1 })
        .where(eq(exportRequest.id, row.id));
      return finish(madeLine(staff, row, found, id, { request: row.id }), { row, scope, found });
    });
    return exports.fileOf(staff, row.format, scope, found, id);
  }

  return { waiting, list, request, decide, withdraw, take };
}

export type ExportRequests = ReturnType<typeof openExportRequests>;

const lineOf = (
  staff: Staff,
  action: "export.approved" | "export.refused" | "export.withdrawn",
  { id, filter }: Row,
) => ({ actor: actorOf(staff), action, visitId: filter.visitId, object: id });

async function there(tx: Writer, id: string): Promise<Row> {
  const [row] = await tx.select().from(exportRequest).where(eq(exportRequest.id, id)).for("update");
  if (!row) throw new Refusal("export.not-found");
  return row;
}

/** Somebody else's is answered as none. */
async function ownThere(tx: Writer, staff: Staff, id: string): Promise<Row> {
  const row = await there(tx, id);
  if (row.askedBy !== staff.id) throw new Refusal("export.not-found");
  return row;
}

/** An admin of since then is one for this yes, as far as anybody can tell. */
const settledSince = ({ askedAt }: Row, now: Date): Date =>
  new Date(Math.min(askedAt.getTime(), now.getTime() - SETTLED_AFTER * 86_400_000));

const endOf = ({ decidedAt }: Row): Date => new Date((decidedAt?.getTime() ?? 0) + APPROVED_FOR * 3_600_000);

function stateOf(row: Row, admins: readonly Admin[], now: Date): ExportState {
  if (row.state !== "approved") return row.state;
  if (!admins.some(({ id }) => id === row.decidedBy)) return "lapsed";
  return endOf(row) <= now ? "expired" : "approved";
}
