import { saveFile } from "@/components/ui/save-file.ts";
import { type Evidence, fileNameOf, readSessionEvidence, readVisitEvidence, textOf } from "@/lib/audit/evidence.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { listRecords, readEnvelope } from "@/lib/records/api.ts";
import { openWithSalt } from "@/lib/records/archive.ts";
import { ask } from "@/lib/wire.ts";

/**
 * Saves the evidence of a visit, with what its records say where these keys open them: only a browser can. Rejects where one of
 * them is not what was recorded.
 */
export async function takeEvidence(visitId: string, keys: Pick<Keys, "open" | "recipient"> | null): Promise<void> {
  const evidence = await ask(readVisitEvidence, { visitId });
  const opened = keys ? await openedWith(keys, visitId) : [];
  save({ ...evidence, opened });
}

/** The same for an admin, who can open nothing. */
export async function takeSessionEvidence(visitId: string): Promise<void> {
  save(await ask(readSessionEvidence, { visitId }));
}

async function openedWith(keys: Pick<Keys, "open" | "recipient">, visitId: string): Promise<Evidence["opened"]> {
  const { records } = await ask(listRecords, { visitId });
  const opened: Evidence["opened"] = [];
  for (const record of records) {
    if (record.erased) continue;
    const view = await ask(readEnvelope, { visitId, id: record.id });
    if (!view.recipients.includes(keys.recipient)) continue;
    const { content, salt } = (await openWithSalt(visitId, record, view, keys)).sealed;
    opened.push({ record: record.id, content, salt });
  }
  return opened;
}

const save = (evidence: Evidence) =>
  saveFile(new Blob([textOf(evidence)], { type: "application/json" }), fileNameOf(evidence));
