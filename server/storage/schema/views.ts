import { index, jsonb, pgTable, text } from "drizzle-orm/pg-core";
import type { View } from "../../../lib/audit/views.ts";
import { user } from "./auth.ts";
import { instant } from "./instant.ts";

/** An admin's own name for filters of the console. */
export const auditView = pgTable(
  "audit_view",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id),
    name: text("name").notNull(),
    /** Days, codes and ids, as the console's address has them. */
    filters: jsonb("filters").$type<View["filters"]>().notNull(),
    savedAt: instant("saved_at").notNull(),
  },
  (t) => [index("audit_view_by_person").on(t.userId, t.savedAt)],
);
