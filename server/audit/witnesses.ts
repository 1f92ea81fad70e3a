import { asc, eq } from "drizzle-orm";
import { cosignedAt, readKeyText, readNote } from "../../lib/audit/note.ts";
import { submissionText } from "../../lib/audit/witness.ts";
import { postOutside } from "../outside.ts";
import { checkpoint as checkpoints, witness as witnesses } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { Signed } from "./log.ts";

type Row = typeof witnesses.$inferSelect;
/** Why a witness did not cosign: no answer that helps, whatever it was; or it cosigned more than the log has, or something else at its size. */
export type WitnessTrouble = NonNullable<Row["trouble"]>;

/** How long, in milliseconds, a witness is waited for, and the most it may say. */
const PATIENCE = 5_000;
const LARGEST = 64 * 1024;

/** Which witnesses are asked: every one, or those alone that cosigned when they were asked last. */
export type Asked = "all" | "answering";

/**
 * Puts a signed checkpoint to the witnesses that have not cosigned it, each by itself: one that is away holds up nobody.
 * Resolves to the note with their lines, when there are new ones.
 */
export async function cosigned(
  storage: Storage,
  signed: Signed,
  proofSince: (size: number) => Promise<string[] | null>,
  { who, named }: { who: Asked; named: readonly string[] },
): Promise<string | null> {
  const rows = await storage.read.select().from(witnesses).orderBy(asc(witnesses.addedAt));
  const behind = rows.filter(({ size, trouble }) => (trouble === null ? size < signed.size : who === "all"));
  if (behind.length === 0) return null;
  const answers = await Promise.all(behind.map((row) => submit(row, signed, proofSince, named)));
  const lines = answers.flatMap((answer) => ("line" in answer ? [answer.line] : []));
  await storage.keepBooks(async (tx) => {
    for (const [i, answer] of answers.entries()) {
      const { id } = behind[i]!;
      const told =
        "line" in answer
          ? { size: signed.size, cosignedAt: new Date(answer.at * 1000), trouble: null }
          : { trouble: answer.trouble };
      await tx.update(witnesses).set(told).where(eq(witnesses.id, id));
    }
    if (lines.length > 0)
      await tx
        .update(checkpoints)
        .set({ note: signed.note + lines.join("") })
        .where(eq(checkpoints.size, signed.size));
  });
  return lines.length > 0 ? signed.note + lines.join("") : null;
}

type Answer = { line: string; at: number } | { trouble: WitnessTrouble };

async function submit(
  { url, key, size }: Row,
  signed: Signed,
  proofSince: (size: number) => Promise<string[] | null>,
  named: readonly string[],
): Promise<Answer> {
  let old = size;
  // It may know more than we noted of it: then it says how much, and is asked once more.
  for (let tries = 0; tries < 2; tries++) {
    const proof = old === 0 ? [] : await proofSince(old);
    if (!proof) return { trouble: "knows-more" };
    const to = `${url.replace(/\/$/, "")}/add-checkpoint`;
    const said = await postOutside(to, submissionText({ old, proof, checkpoint: signed.note }), {
      ...{ named, patience: PATIENCE, largest: LARGEST },
    });
    if (!said) return { trouble: "away" };
    if (said.status === 200) return taken(said.text, signed, key);
    if (said.status === 422) return { trouble: "knows-another" };
    const knows = said.status === 409 ? /^(0|[1-9]\d{0,15})\n$/.exec(said.text)?.[1] : undefined;
    if (knows === undefined) return { trouble: said.status === 409 ? "knows-another" : "away" };
    if (Number(knows) > signed.size) return { trouble: "knows-more" };
    old = Number(knows);
  }
  return { trouble: "away" };
}

/** Its line, when it is by the key that the admin gave; others are passed over. */
function taken(text: string, signed: Signed, key: string): Answer {
  for (const line of text.split(/(?<=\n)/)) {
    try {
      const at = cosignedAt(readNote(`${readNote(signed.note).text}\n${line}`), readKeyText(key));
      if (at !== null) return { line, at };
    } catch {
      // Not a line: the next may be.
    }
  }
  return { trouble: "away" };
}
