import { setTimeout as after } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { cosignedAt, readKeyText, readNote } from "../../lib/audit/note.ts";
import { submissionText } from "../../lib/audit/witness.ts";
import type { LedgerLog } from "../ledger/act.ts";
import { withoutValues } from "../log.ts";
import { postOutside } from "../outside.ts";
import { checkpoint as checkpoints, witness as witnesses } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import type { Signed } from "./log.ts";

type Row = typeof witnesses.$inferSelect;
/** Why a witness did not cosign: no answer that helps, whatever it was; or it cosigned more than the log has, or something else at its size. */
export type WitnessTrouble = NonNullable<Row["trouble"]>;

/** How long, in milliseconds, one question to a witness is waited for, and all that it takes to have its word; and the most it may say. */
const PATIENCE = 5_000;
const LONGEST = 15_000;
const LARGEST = 64 * 1024;
/** How far, in milliseconds, a witness's clock may be from ours. */
const CLOCKS = 86_400_000;

/** Which witnesses are asked: every one, or those alone that cosigned when they were asked last. */
export type Asked = "all" | "answering";

interface Rooms {
  storage: Storage;
  /** Hosts that may be asked wherever they are. */
  named: readonly string[];
  now: () => Date;
  /** The newest checkpoint; null before there is one. */
  newest: () => Signed | null;
  /** That so many leaves begin with the first `since`; null where they don't. */
  proof: (since: number, size: number) => Promise<string[] | null>;
  /** Told of each checkpoint that a witness cosigned, with all lines that it has by then. */
  took: (cosigned: Signed) => void;
  log: LedgerLog;
  longest?: number;
}

/**
 * Asks witnesses to cosign the newest checkpoint, each by itself, and keeps each line as it comes: one that is slow, away or
 * wrong holds up and undoes nobody else's. Whoever asks one that is being asked comes after, of what is newest then.
 */
export function openWitnesses(rooms: Rooms): (who: Asked) => Promise<void> {
  const { storage, named, now, newest, proof, took, log, longest = LONGEST } = rooms;
  const turns = new Map<string, Promise<void>>();
  const failed = (error: unknown) => log.warn(withoutValues(error), "The witnesses could not be asked for now.");
  return async (who) => {
    const there = await storage.read.select({ id: witnesses.id }).from(witnesses).catch(failed);
    await Promise.all((there ?? []).map(({ id }) => inTurn(id, who)));
  };

  function inTurn(id: string, who: Asked): Promise<void> {
    const turn = (turns.get(id) ?? Promise.resolve()).then(() => askOne(id, who)).catch(failed);
    turns.set(id, turn);
    return turn;
  }

  async function askOne(id: string, who: Asked): Promise<void> {
    const [row] = await storage.read.select().from(witnesses).where(eq(witnesses.id, id));
    const asked = newest();
    if (!row || !asked || !(row.trouble === null ? row.size < asked.size : who === "all")) return;
    const late = after(longest, { trouble: "away" } as const, { ref: false });
    const answer = await Promise.race([submit(row, asked), late]);
    const cosigned = await storage.keepBooks(async (tx) => {
      const told =
        "line" in answer
          ? { size: asked.size, cosignedAt: new Date(answer.at * 1000), trouble: null }
          : { trouble: answer.trouble };
      await tx.update(witnesses).set(told).where(eq(witnesses.id, id));
      return "line" in answer ? noteWith(tx, asked.size, row.key, answer.line) : null;
    });
    if (cosigned) took({ ...asked, note: cosigned });
  }

  async function submit({ url, key, size }: Row, signed: Signed): Promise<Answer> {
    let old = size;
    // It may know more than we noted of it: then it says how much, and is asked once more.
    for (let tries = 0; tries < 2; tries++) {
      const since = old === 0 ? [] : await proof(old, signed.size);
      if (!since) return { trouble: "knows-more" };
      const to = `${url.replace(/\/$/, "")}/add-checkpoint`;
      const said = await postOutside(to, submissionText({ old, proof: since, checkpoint: signed.note }), {
        ...{ named, patience: PATIENCE, largest: LARGEST },
      });
      if (!said) return { trouble: "away" };
      if (said.status === 200) return taken(said.text, signed, key, now());
      if (said.status === 422) return { trouble: "knows-another" };
      const knows = said.status === 409 ? /^(0|[1-9]\d{0,15})\n$/.exec(said.text)?.[1] : undefined;
      if (knows === undefined) return { trouble: said.status === 409 ? "knows-another" : "away" };
      if (Number(knows) > signed.size) return { trouble: "knows-more" };
      old = Number(knows);
    }
    return { trouble: "away" };
  }
}

/** Adds the line to what the checkpoint of this size is kept with, and resolves to that. */
async function noteWith(tx: Writer, size: number, key: string, line: string): Promise<string | null> {
  const [kept] = await tx
    .select({ note: checkpoints.note })
    .from(checkpoints)
    .where(eq(checkpoints.size, size))
    .for("update");
  // Of a witness that was added anew its line may be there: two of one key are as good as none.
  if (!kept || cosignedAt(readNote(kept.note), readKeyText(key)) !== null) return kept?.note ?? null;
  const note = kept.note + line;
  await tx.update(checkpoints).set({ note }).where(eq(checkpoints.size, size));
  return note;
}

type Answer = { line: string; at: number } | { trouble: WitnessTrouble };

/** Its line, when it is by the key that the admin gave and of about now; others are passed over. */
function taken(text: string, signed: Signed, key: string, now: Date): Answer {
  for (const line of text.split(/(?<=\n)/)) {
    try {
      const at = cosignedAt(readNote(`${readNote(signed.note).text}\n${line}`), readKeyText(key));
      if (at !== null && Math.abs(at * 1000 - now.getTime()) <= CLOCKS) return { line, at };
    } catch {
      // Not a line: the next may be.
    }
  }
  return { trouble: "away" };
}
