import type { ConsentView } from "@/lib/consent/grant.ts";
import type { Alarm } from "@/lib/ledger/watch.ts";
import type { RecordView } from "@/lib/records/record.ts";

/** How far an act is, as the server says, unless this browser looked at the ledger and did not find it: then it is only saved. */
export function consentAsSeen(consent: ConsentView, alarms: readonly Alarm[]): ConsentView {
  const missing = (is: "grant" | "revoke") => alarms.some((alarm) => alarm.is === "broken" && alarm.kept.act.is === is);
  return {
    ...consent,
    ledger: missing("grant") ? "saved" : consent.ledger,
    revocation: consent.revocation && missing("revoke") ? "saved" : consent.revocation,
  };
}

export function recordsAsSeen(records: readonly RecordView[], alarms: readonly Alarm[]): readonly RecordView[] {
  const missing = new Set(alarms.filter(({ is }) => is === "broken").map(({ kept }) => kept.id));
  return records.map((record) => (missing.has(record.id) ? { ...record, ledger: "saved" } : record));
}
