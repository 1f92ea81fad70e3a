import { listLines, listSessions, readEvidence, readSession, tellVerified } from "../../lib/audit/api.ts";
import type { Door } from "../http.ts";
import type { Storage } from "../storage/storage.ts";
import { openAudit } from "./audit.ts";

export function answerAudit(door: Door, { storage, now }: { storage: Storage; now: () => Date }): void {
  const audit = openAudit({ storage, now });
  door.on(listSessions, "admin", (asked, staff) => audit.sessions(staff, asked));
  door.on(readSession, "admin", (asked, staff) => audit.session(staff, asked.visitId));
  door.on(listLines, "admin", (asked, staff) => audit.lines(staff, asked.after));
  door.on(readEvidence, "admin", (asked, staff) => audit.evidence(staff, asked));
  door.on(tellVerified, "admin", (asked, staff) => audit.verified(staff, asked));
}
