import { and, asc, isNull, sql } from "drizzle-orm";
import { user } from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";

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
