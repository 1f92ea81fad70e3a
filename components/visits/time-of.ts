import type { VisitView } from "@/lib/visits/api.ts";

/** When a visit is or was meant to be. */
export const timeOf = (visit: VisitView): Date => new Date(visit.plannedFor ?? visit.createdAt);
