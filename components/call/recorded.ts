import type { RecordView } from "@/lib/records/record.ts";
import { recordKinds } from "@/lib/strings/en.ts";

/** The newest record as a sentence: `Recorded: Prescription signed.` A new one is a new sentence, also of the same kind. */
export function recordedWords(records: readonly RecordView[] | undefined): string | undefined {
  const newest = records?.reduce<RecordView | undefined>(
    (last, one) => (last && last.signedAt > one.signedAt ? last : one),
    undefined,
  );
  if (!newest || !records) return undefined;
  const which = records.length > 1 ? ` That makes ${records.length} records in this visit.` : "";
  return `Recorded: ${recordKinds[newest.kind]}.${which}`;
}
