import type { LedgerDomain } from "../consent/typed-data.ts";
import { type Checkpoint, openCheckpoint, originOf, readCheckpoint, type TreeHead } from "./checkpoint.ts";
import { attempt } from "./difference.ts";
import { isConsistent } from "./merkle.ts";
import { NotANote, readNote } from "./note.ts";

/**
 * What a browser finds wrong with the log that it is shown: `unsigned`, `shorter` than what it saw before, `other` than what
 * it saw before, or `differs` from what the other person in the call was shown.
 */
export interface LogAlarm {
  readonly is: "unsigned" | "shorter" | "other" | "differs";
  /** The two notes that do not go together, or the one that is bad: the proof. */
  readonly notes: readonly string[];
}

/** What is remembered between visits: the newest checkpoint that held, and the alarm that nothing takes back. */
export interface Followed {
  readonly note: string | null;
  readonly alarm: LogAlarm | null;
}

interface FollowerOptions {
  ledger: LedgerDomain;
  /** The key that the contract knows as its log's. */
  logKey(): Promise<string>;
  /** The newest checkpoint, with the proofs that it begins with the first `since` leaves, and with the first `also`. */
  newest(
    since: number | undefined,
    also: number | undefined,
  ): Promise<{ checkpoint: string | null; proof: string[] | null; also: string[] | null }>;
  before: Followed;
  /** Called with each change. */
  changed(now: Followed): void;
}

export interface Follower {
  /** Asks for the newest checkpoint, and holds it to the one before. Throws where nothing could be asked. */
  look(): Promise<void>;
  /** Holds what the other person in the call was shown to what this browser is. */
  compare(note: string): Promise<void>;
}

/** Two different logs under one name are for ever: whoever signed both cannot take one back. */
const lasting = (alarm: LogAlarm | null) => alarm !== null && (alarm.is === "other" || alarm.is === "differs");

/** What a browser remembers of `now`, over what another of its pages remembered before: two different logs are not forgotten. */
export const remembering = (before: Followed, now: Followed): Followed =>
  lasting(before.alarm) && !lasting(now.alarm) ? { ...now, alarm: before.alarm } : now;

/** Follows a log as one browser sees it: T-LOG3. */
export function openFollower(options: FollowerOptions): Follower {
  const { ledger } = options;
  let now = options.before;
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const set = (next: Followed) => {
    if (next.note === now.note && next.alarm === now.alarm) return;
    now = next;
    options.changed(now);
  };
  const raise = (is: LogAlarm["is"], ...notes: (string | null)[]) => {
    if (!lasting(now.alarm)) set({ ...now, alarm: { is, notes: notes.filter((note) => note !== null) } });
  };
  const headOf = (note: string): TreeHead => readCheckpoint(readNote(note).text, originOf(ledger));
  // What is remembered and unreadable was not kept by us: it is as if nothing were.
  const seen = () => attempt(() => (now.note === null ? null : headOf(now.note)));

  /** The newest checkpoint and how it stands to these earlier ones, one and the same to both. */
  async function newestAfter(before: TreeHead | null, theirs: TreeHead | null = null) {
    const { checkpoint, proof, also } = await options.newest(before?.size, theirs?.size);
    const earlier = [
      { head: before, proof },
      { head: theirs, proof: also },
    ].flatMap(({ head, proof }) => (head ? [{ head, proof: proof ?? [] }] : []));
    if (checkpoint === null) return { note: null, fits: earlier.length === 0 ? "yes" : "shorter" } as const;
    const newest = await opened(checkpoint);
    if (!newest) return { note: checkpoint, fits: "unsigned" } as const;
    if (earlier.some(({ head }) => newest.size < head.size)) return { note: checkpoint, fits: "shorter" } as const;
    const begins = earlier.every(({ head, proof }) => isConsistent(head, newest, proof));
    return { note: checkpoint, fits: begins ? "yes" : "other" } as const;
  }

  async function opened(note: string): Promise<Checkpoint | null> {
    const logKey = await options.logKey();
    try {
      return openCheckpoint(note, ledger, logKey);
    } catch (fault) {
      if (fault instanceof NotANote) return null;
      throw fault;
    }
  }

  return {
    look: () =>
      inTurn(async () => {
        const { note, fits } = await newestAfter(seen());
        if (fits !== "yes") raise(fits, now.note, note);
        else set({ note: note ?? now.note, alarm: lasting(now.alarm) ? now.alarm : null });
      }),
    compare: (theirs) =>
      inTurn(async () => {
        const head = await opened(theirs);
        // What the log did not sign says nothing about it, and anybody can send it.
        if (!head) return;
        // Held to both at once: who keeps a log for each of the two could go on with theirs here, and with ours at the next look.
        const { note, fits } = await newestAfter(seen(), head);
        if (fits === "other") raise("differs", theirs, now.note, note);
        else if (fits !== "yes") raise(fits, theirs, now.note, note);
        else set({ ...now, note });
      }),
  };
}
