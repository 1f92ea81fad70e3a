import { listLines, listSessions, readEvidence, readSession, tellVerified } from "../../lib/audit/api.ts";
import { readOverview } from "../../lib/audit/overview.ts";
import type { Door } from "../http.ts";
import { openAudit } from "./audit.ts";
import { openOverview, type Rooms } from "./overview.ts";

export function answerAudit(door: Door, rooms: Rooms): void {
  const audit = openAudit(rooms);
  const overview = openOverview(rooms);
  door.on(readOverview, "admin", (asked) => overview(asked.days));
  door.on(listSessions, "admin", (asked, staff) => audit.sessions(staff, asked));
  door.on(readSession, "admin", (asked, staff) => audit.session(staff, asked.visitId));
  door.on(listLines, "admin", (asked, staff) => audit.lines(staff, asked.after));
  door.on(readEvidence, "admin", (asked, staff) => audit.evidence(staff, asked));
  door.on(tellVerified, "admin", (asked, staff) => audit.verified(staff, asked));
}
