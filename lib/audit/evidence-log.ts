import { consentId } from "../consent/typed-data.ts";
import { type Checkpoint, ledgerKey, openCheckpoint } from "./checkpoint.ts";
import { attempt } from "./difference.ts";
import type { Evidence } from "./evidence.ts";
import { recordIdOf, type Tell } from "./evidence-ledger.ts";
import { entryHash, leafOf } from "./log.ts";
import { isConsistent, isIncluded, leafHash } from "./merkle.ts";
import { cosignedAt, isSigned, readKeyText, signatureBy } from "./note.ts";
import { actFor } from "./verify.ts";

/** The checkpoint is the log's, every line is under it, and the ledger keeps one that it is consistent with. */
export async function logFaults(evidence: Evidence, tell: Tell): Promise<void> {
  const { log, ledger, logKey, lines, visit } = evidence;
  const checkpoint = attempt(() => openCheckpoint(log.checkpoint, ledger, logKey));
  if (!checkpoint) tell("log.checkpoint", "checkpoint");
  else signersFaults(evidence, checkpoint, tell);
  if (checkpoint) {
    const { anchor } = log;
    const [first, last] = anchor.size <= checkpoint.size ? [anchor, checkpoint] : [checkpoint, anchor];
    if (!isConsistent(first, last, anchor.proof)) tell("log.anchor", "inconsistent");
  }
  let before = 0;
  for (const [i, { entry, proof }] of lines.entries()) {
    if (entry.number <= before) tell(`lines.${i}`, "twice");
    before = entry.number;
    if (entry.visitId !== visit.id) tell(`lines.${i}`, "visit");
    if (attempt(() => entryHash(entry)) !== entry.hash) tell(`lines.${i}`, "line");
    else if (checkpoint && !isIncluded(leafHash(leafOf(entry.hash)), entry.number, checkpoint, proof))
      tell(`lines.${i}`, "not-included");
  }
  actsFaults(evidence, tell);
}

/** Every signature under a checkpoint is somebody's who is named: the log's two, and each witness's. */
function signersFaults({ log, ledger, logKey }: Evidence, { note }: Checkpoint, tell: Tell): void {
  const own = ledgerKey(ledger, logKey);
  const key = attempt(() => readKeyText(log.key));
  if (!key || key.name !== own.name || !isSigned(note, key)) tell("log.key", "checkpoint");
  const witnesses = log.witnesses.map((text) => attempt(() => readKeyText(text)));
  witnesses.forEach((witness, i) => {
    if (!witness || cosignedAt(note, witness) === null) tell(`log.witnesses.${i}`, "not-cosigned");
  });
  const named = [own, key, ...witnesses].filter((one) => one !== null && signatureBy(note, one) !== null);
  if (named.length !== note.signatures.length) tell("log.checkpoint", "witness");
}

/** What the log tells of the ledger is in the file, and what the file has of the ledger is told by the log. */
function actsFaults({ lines, consents, records }: Evidence, tell: Tell): void {
  const told = { grant: new Set<string>(), revoke: new Set<string>(), record: new Set<string>() };
  const has = {
    grant: new Set(consents.map(({ consent }) => consentId(consent))),
    revoke: new Set(consents.flatMap(({ consent, revocation }) => (revocation === null ? [] : [consentId(consent)]))),
    record: new Set(records.map(recordIdOf)),
  };
  lines.forEach(({ entry }, i) => {
    const kind = actFor(entry);
    if (kind !== "grant" && kind !== "revoke" && kind !== "record") return;
    const object = entry.object ?? "";
    told[kind].add(object);
    if (!has[kind].has(object)) tell(`lines.${i}`, "untrue");
  });
  consents.forEach(({ consent, revocation }, i) => {
    const id = consentId(consent);
    if (!told.grant.has(id)) tell(`consents.${i}`, "untold");
    if (revocation !== null && !told.revoke.has(id)) tell(`consents.${i}.revocation`, "untold");
  });
  records.forEach((record, i) => {
    if (!told.record.has(recordIdOf(record))) tell(`records.${i}`, "untold");
  });
}
