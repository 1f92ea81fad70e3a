/**
 * `verify FILE [--witness KEY]… [--rpc URL]`: checks an evidence file, or an erasure certificate, with nothing of ours but this. Bundled into one
 * file that runs by itself: see server/setup/verify.mjs. It shares its code with /verify, and none with the server.
 */
import { readFile, stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { LARGEST_EVIDENCE } from "../../lib/audit/evidence.ts";
import { type NoteKey, readWitnessKey } from "../../lib/audit/note.ts";
import { type Checked, verifyFile } from "../../lib/audit/verify-file.ts";
import { resultIn } from "../../lib/ledger/logs.ts";
import type { AskChain } from "../../lib/ledger/read.ts";
import { outcomeOf } from "../../lib/strings/evidence.ts";

const USAGE = "Usage: npm run verify -- FILE [--witness KEY]… [--rpc URL]";

/** A reason to stop that a person can act on. */
class Stop extends Error {}

/** Milliseconds for one question to a node. */
const PATIENCE = 20_000;

/** Resolves to the exit code: 0 everything holds, 1 something does not, 2 it could not be checked. */
export async function verify(args: string[], say: (line: string) => void): Promise<number> {
  try {
    const { file, rpc, known } = questionIn(args);
    const text = await textIn(file);
    const checked = await verifyFile(text, () => rpc, known);
    for (const line of inLines(checked, rpc !== null)) say(line);
    if (checked.about === null) return 2;
    if (checked.lines.some(({ holds }) => holds === false)) return 1;
    return checked.lines.some(({ holds }) => holds === null) ? 2 : 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    say(error.message);
    return 2;
  }
}

function questionIn(args: string[]): { file: string; rpc: AskChain | null; known: NoteKey[] } {
  let parsed: { values: { rpc?: string; witness?: string[] }; positionals: string[] };
  try {
    const options = { rpc: { type: "string" }, witness: { type: "string", multiple: true } } as const;
    parsed = parseArgs({ args, options, allowPositionals: true });
  } catch {
    throw new Stop(USAGE);
  }
  const { values, positionals } = parsed;
  if (positionals.length !== 1) throw new Stop(USAGE);
  const { rpc, witness = [] } = values;
  if (rpc !== undefined && !(URL.canParse(rpc) && /^https?:$/.test(new URL(rpc).protocol)))
    throw new Stop("--rpc takes the address of a node of the ledger: https://…");
  const known = witness.map(readWitnessKey);
  if (!known.every((key) => key !== null)) throw new Stop("--witness takes a witness’s key: name+12345678+letters");
  return { file: positionals[0]!, rpc: rpc === undefined ? null : nodeAt(rpc), known };
}

async function textIn(file: string): Promise<string> {
  try {
    if ((await stat(file)).size > LARGEST_EVIDENCE) throw new Stop("This is longer than any evidence file.");
    return await readFile(file, "utf8");
  } catch (error) {
    throw error instanceof Stop ? error : new Stop(`${file} can’t be read.`);
  }
}

const nodeAt =
  (url: string): AskChain =>
  async (method, params) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return resultIn(response);
  };

function* inLines({ lines, about, blocks, unasked }: Checked, asked: boolean): Generator<string> {
  const signs = new Map<boolean | null, string>([
    [true, "holds"],
    [false, "FAILS"],
    [null, "open "],
  ]);
  for (const { holds, title, details } of lines) {
    yield `${signs.get(holds)}  ${title}`;
    for (const detail of details) yield `       ${detail}`;
  }
  if (about) yield `\n${outcomeOf(lines)}.`;
  if (unasked.length > 0)
    yield `It names witnesses that nobody asked about: ${unasked.join(", ")}. Who knows one has its key from the witness itself: --witness KEY.`;
  const last = blocks.at(-1);
  if (last && !asked)
    yield `It rests on ${blocks.length} blocks of chain ${about?.ledger.chainId}, the last of them ${last.number}, ${last.hash}. Ask any node of it whether it has them: --rpc URL.`;
  if (about?.asOf)
    yield `It says how everything stood on ${about.asOf.at.toISOString()}, in block ${about.asOf.block}.`;
  if (about)
    yield `Which contract is the practice’s own the file cannot say: it names ${about.ledger.address}. Compare it with theirs.`;
  if (about?.ledger.local)
    yield "One practice runs this ledger. It cannot prove by itself that the practice did not start it over; a receipt that the patient kept can.";
}
