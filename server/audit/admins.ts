import { and, asc, eq, gt, inArray, isNull, or, sql } from "drizzle-orm";
import { entry, user } from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";
import { byActor } from "./session-filter.ts";

export interface Admin {
  readonly id: string;
  readonly name: string;
}

/** Who is an admin of this practice now, by name. */
export function adminsOf(read: Reader): Promise<Admin[]> {
  const isAdmin = sql`'admin' = any(string_to_array(${user.roles}, ','))`;
  return read
    .select({ id: user.id, name: user.name })
    .from(user)
    .where(and(isAdmin, isNull(user.removedAt)))
    .orderBy(asc(user.name));
}

/**
 * Whether somebody who is, or made, one of two accounts made the other since then: invited it, whatever as, or made it an
 * admin. Then both may be one person's. So the trail tells it, over as many hands as it went through.
 */
export async function dependOnEachOther(read: Reader, one: string, other: string, since: Date): Promise<boolean> {
  const [ones, others] = [await handsOf(read, one, since), await handsOf(read, other, since)];
  return [...ones].some((id) => others.has(id));
}

/** This account, who made it since then, who made these, and so on. */
async function handsOf(read: Reader, id: string, since: Date): Promise<Set<string>> {
  const hands = new Set([id]);
  // A set goes on with what is added on the way, and has each once.
  for (const hand of hands) for (const maker of await makersOf(read, hand, since)) hands.add(maker);
  return hands;
}

async function makersOf(read: Reader, id: string, since: Date): Promise<string[]> {
  const later = gt(entry.at, since.toISOString());
  const joined = await read
    .select({ invitation: entry.object })
    .from(entry)
    .where(and(byActor(id), eq(entry.action, "staff.joined"), later));
  const has = (roles: "before" | "after") => sql`'admin' = any(string_to_array(${entry.detail} ->> ${roles}, ','))`;
  const invited = inArray(
    entry.object,
    joined.map(({ invitation }) => invitation!),
  );
  const made = await read
    .select({ actor: entry.actor })
    .from(entry)
    .where(
      or(
        // Whatever they were invited as: another hand may have made them an admin since.
        and(eq(entry.action, "staff.invited"), invited),
        and(
          eq(entry.action, "staff.roles-changed"),
          eq(entry.object, id),
          later,
          has("after"),
          sql`NOT ${has("before")}`,
        ),
      ),
    );
  return made.map(({ actor }) => actor.id);
}
