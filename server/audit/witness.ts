import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { readCheckpoint, type TreeHead } from "../../lib/audit/checkpoint.ts";
import { isConsistent } from "../../lib/audit/merkle.ts";
import { cosign, isSigned, NotANote, type NoteKey, readNote } from "../../lib/audit/note.ts";
import { readSubmission } from "../../lib/audit/witness.ts";
import { writeDurably } from "../storage/durably.ts";

/** What a witness answers. */
export interface WitnessAnswer {
  readonly status: 200 | 400 | 403 | 404 | 409 | 413 | 422;
  readonly text: string;
  readonly type: "text/plain; charset=utf-8" | "text/x.tlog.size";
}

export interface WitnessOptions {
  /** The file in which it remembers what it cosigned. */
  state: string;
  /** Its own key, of kind 4, and the 32 bytes of its secret. */
  key: NoteKey;
  secret: Uint8Array;
  /** The log it watches: its name is the origin. */
  log: NoteKey;
  now: () => Date;
}

/** More than a checkpoint with sixteen signatures and the longest proof. */
const LARGEST = 64 * 1024;

/**
 * A witness of one log, as c2sp.org/tlog-witness has it: it cosigns a checkpoint when that begins with the last one it
 * cosigned, and remembers it before it answers. Throws when what it remembers cannot be read.
 */
export async function openWitness(options: WitnessOptions): Promise<(body: string) => Promise<WitnessAnswer>> {
  const { log } = options;
  let last: TreeHead | null = await remembered(options);
  // One after the other: between looking and remembering nobody else may come.
  let turn: Promise<unknown> = Promise.resolve();
  return (body) => {
    const answer = turn.then(() => judge(body));
    turn = answer.catch(() => undefined);
    return answer;
  };

  async function judge(body: string): Promise<WitnessAnswer> {
    let said: ReturnType<typeof readSubmission>;
    let head: TreeHead;
    let text: string;
    try {
      said = readSubmission(body);
      const note = readNote(said.checkpoint);
      text = note.text;
      if (text.split("\n")[0] !== log.name) return no(404, "The log is unknown here.");
      if (!isSigned(note, log)) return no(403, "The checkpoint is not signed by the log.");
      head = readCheckpoint(text, log.name);
    } catch (error) {
      if (error instanceof NotANote) return no(400, error.message);
      throw error;
    }
    if (said.old > head.size) return no(400, "The old size is more than the checkpoint’s.");
    if (said.old !== (last?.size ?? 0)) return { status: 409, text: `${last?.size ?? 0}\n`, type: "text/x.tlog.size" };
    if (last && head.size === last.size && head.root !== last.root) return no(409, "It has another root at that size.");
    const begins = last ? isConsistent(last, head, said.proof) : said.proof.length === 0;
    if (!begins) return no(422, "The checkpoint does not begin with the last one.");
    await writeDurably(options.state, JSON.stringify(head));
    last = head;
    const line = cosign(text, options.key, options.secret, Math.floor(options.now().getTime() / 1000));
    return { status: 200, text: line, type: "text/plain; charset=utf-8" };
  }
}

const no = (status: WitnessAnswer["status"], why: string): WitnessAnswer => ({
  status,
  text: `${why}\n`,
  type: "text/plain; charset=utf-8",
});

async function remembered({ state }: WitnessOptions): Promise<TreeHead | null> {
  const text = await readFile(state, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  const { size, root } = JSON.parse(text) as TreeHead;
  if (!Number.isSafeInteger(size) || !/^0x[0-9a-f]{64}$/.test(root)) throw new Error(`${state} is damaged.`);
  return { size, root };
}

/** The witness over HTTP: `POST /add-checkpoint`, nothing else. */
export function serveWitness(judge: (body: string) => Promise<WitnessAnswer>): Server {
  const server = createServer((request, response) => {
    const send = ({ status, text, type }: WitnessAnswer) =>
      response.writeHead(status, { "content-type": type }).end(text);
    if (request.method !== "POST" || request.url !== "/add-checkpoint")
      return void send(no(404, "There is nothing here."));
    const pieces: Buffer[] = [];
    let size = 0;
    request.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size <= LARGEST) pieces.push(piece);
    });
    request.on("end", () => {
      if (size > LARGEST) return void send(no(413, "It is too large."));
      judge(Buffer.concat(pieces).toString("utf8")).then(send, () => response.writeHead(500).end());
    });
  });
  server.requestTimeout = 10_000;
  server.headersTimeout = 5_000;
  return server;
}
