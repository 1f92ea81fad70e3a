import type { ConsentEvidence, Line, RecordEvidence } from "./api.ts";
import type { Evidence } from "./difference.ts";
import { actFor } from "./verify.ts";

/** Where lines and what they are held against come from. */
export interface Source {
  lines(after: number): Promise<{ lines: Line[]; more: boolean; last: number }>;
  evidence(asked: {
    consents: string[];
    records: string[];
  }): Promise<{ consents: ConsentEvidence[]; records: RecordEvidence[] }>;
}

/** How many consents or records one question may name. */
const EVIDENCE = 200;

/** What the acts of these lines are held against. */
export async function evidenceFor(lines: Line[], source: Source, owners: Map<string, string>): Promise<Evidence> {
  const consents = new Set<string>();
  const records = new Set<string>();
  for (const { entry } of lines) {
    const kind = actFor(entry);
    if (kind === "grant" || kind === "revoke") consents.add(entry.object ?? "");
    if (kind !== "record") continue;
    records.add(entry.object ?? "");
    consents.add(entry.consent ?? "");
  }
  const isId = (id: string) => /^0x[0-9a-f]{64}$/.test(id);
  const wanted = { consents: [...consents].filter(isId), records: [...records].filter(isId) };
  const byId = { consents: new Map<string, ConsentEvidence>(), records: new Map<string, RecordEvidence>() };
  for (let i = 0; i < Math.max(wanted.consents.length, wanted.records.length); i += EVIDENCE) {
    const answer = await source.evidence({
      consents: wanted.consents.slice(i, i + EVIDENCE),
      records: wanted.records.slice(i, i + EVIDENCE),
    });
    for (const row of answer.consents) byId.consents.set(row.id, row);
    for (const row of answer.records) byId.records.set(row.id, row);
  }
  return {
    consent: (id) => byId.consents.get(id) ?? null,
    record: (id) => byId.records.get(id) ?? null,
    owner: (signer) => owners.get(signer),
  };
}
