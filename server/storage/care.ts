import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "pino";
import type { StoreFigures } from "../../lib/audit/stores.ts";
import { withoutValues } from "../log.ts";
import type { Copies, Task } from "./copies.ts";
import { type Known, NowhereRight, verified } from "./pieces.ts";
import { faultOf, type Store, within } from "./store.ts";

/** Milliseconds, and bytes a second. */
export interface Pace {
  /** Until a store that sends, takes and answers nothing counts as away. */
  patience: number;
  /** Between two looks at a store that is well, and at one that isn't. */
  every: number;
  soon: number;
  /** What reading all files and copying missing ones may take from each store's line. */
  rate: number;
  /** Between two looks for bytes without a row, and until such bytes go. */
  sweepEvery: number;
  strays: number;
  /** Until what can be repaired from nowhere is tried again. */
  hopeless: number;
}

export const usual: Pace = {
  patience: 10_000,
  every: 30_000,
  soon: 5_000,
  rate: 32 * 1024 * 1024,
  sweepEvery: 86_400_000,
  strays: 7 * 86_400_000,
  hopeless: 3_600_000,
};

const PAGE = 500;

/** Looks after one store: whether it is there, whether each copy is whole, and what it owes. Goes on where it was after a restart. */
export interface Care {
  readonly store: Store;
  readonly state: StoreFigures["state"];
  /** Something is to be done. */
  wake(): void;
  /** Something went wrong: look now whether it is there. */
  doubt(): void;
  /** Looks and works until `closing`; what is broken off then is owed still. `sources` are the stores to copy a blob from. */
  run(sources: (key: string) => Promise<readonly Store[]>): Promise<void>;
}

/** Resolves once it is known whether the store is there. */
export async function careFor(
  store: Store,
  options: {
    /** Of all stores. */
    all: readonly string[];
    copies: Copies;
    pace: Pace;
    now: () => Date;
    log: Logger;
    closing: AbortSignal;
  },
): Promise<Care> {
  const { all, copies, pace, now, log, closing } = options;
  const { name } = store;
  const met = await copies.meet(name);
  let { state, fresh } = met;
  let told = state;
  let awake = () => {};
  let looked = Number.NEGATIVE_INFINITY;
  /** Read and found whole, and not in the books yet. */
  let whole: string[] = [];
  const owed = () => ({ state: "owed" as const, due: now() });

  /** Whether it is ours and can be written to. One that lost its mark lost its blobs, as far as we know. */
  async function look(): Promise<StoreFigures["state"]> {
    try {
      const word = await within(pace.patience, (signal) => store.mark(signal), closing);
      if (word !== null && word !== met.mark && !(await copies.moved(name, word, all))) return "foreign";
      await within(pace.patience, (signal) => store.leaveMark(met.mark, signal), closing);
      if (word === null && !fresh) await copies.doubtAll(name);
      fresh = false;
      return "up";
    } catch (error) {
      closing.throwIfAborted();
      return faultOf(error) === "full" ? "full" : "away";
    }
  }

  async function tellState(): Promise<void> {
    if (state === told) return;
    if (state === "up") log.info({ store: name }, "a store is back");
    else log.error({ store: name, state }, "a store is lost");
    await copies.tell(name, state, now());
    told = state;
  }

  /** Every byte of a blob, at no more than our rate. */
  async function* slowly(blob: Known, from: readonly Store[]): AsyncGenerator<Uint8Array> {
    for await (const piece of verified(blob, from, { patience: pace.patience, signal: closing })) {
      yield piece;
      await pause((piece.length / pace.rate) * 1_000, undefined, { signal: closing });
    }
  }

  /** What is wrong with our copy. One that can't be read, though the store is there, is as good as changed. */
  async function faultIn(blob: Known): Promise<"missing" | "damaged" | null> {
    for (let again = false; ; again = true) {
      try {
        for await (const _ of slowly(blob, [store]));
        return null;
      } catch (error) {
        const fault = error instanceof NowhereRight ? error.faults[0] : undefined;
        if (fault === "missing" || fault === "damaged") return fault;
        if ((await look()) !== "up") throw error;
        if (again) return "damaged";
      }
    }
  }

  async function check(blob: Known): Promise<void> {
    const fault = await faultIn(blob);
    if (!fault) return void whole.push(blob.key);
    log.error({ store: name, key: blob.key, fault }, "a copy is not whole");
    await copies.found(blob.key, name, fault);
  }

  async function repair(blob: Known, sources: readonly Store[]): Promise<void> {
    // Its own pieces last: of two damaged copies a whole one can be made.
    const from = [...sources.filter((source) => source !== store), store];
    let nowhere: NowhereRight | undefined;
    async function* pieces(moved: () => void) {
      try {
        for await (const piece of slowly(blob, from)) {
          moved();
          yield piece;
          moved();
        }
      } catch (error) {
        if (error instanceof NowhereRight) nowhere = error;
        throw error;
      }
    }
    // Finding a piece may take each source's patience, before this store's own begins.
    const patience = pace.patience * (from.length + 1);
    try {
      await within(patience, (quit, moved) => store.put(blob.key, blob.size, pieces(moved), quit), closing);
    } catch (error) {
      closing.throwIfAborted();
      if (!nowhere) throw error;
      log.error({ key: blob.key, faults: nowhere.faults }, "a file is whole in no store that can be reached");
      return void (await copies.postpone(blob.key, name, pace.hopeless));
    }
    await copies.repaired(blob.key, name);
  }

  async function doTask({ key, state: what, blob }: Task, sources: Parameters<Care["run"]>[0]): Promise<unknown> {
    if (what === "arriving") return blob ? copies.move(key, name, "arriving", owed()) : copies.giveUp(key, name);
    if (what === "drop") {
      // A row that refers to it is worth more than a word that it has to go.
      if (blob) return copies.move(key, name, "drop", owed());
      await within(pace.patience, (signal) => store.drop(key, signal), closing);
      return copies.gone(key, name);
    }
    if (!blob) return copies.move(key, name, what, { state: "drop", due: now() });
    return what === "kept" ? check(blob) : repair(blob, await sources(key));
  }

  /** What a crash left between a store and its row, and what somebody else put there. */
  async function sweep(): Promise<void> {
    for (let from = await copies.sweepFrom(name, pace.sweepEvery); from !== null; ) {
      const at = from;
      const { keys, next } = await within(pace.patience, (signal) => store.list(at, PAGE, signal), closing);
      await copies.swept(name, await copies.unknown(name, keys), next, pace.strays);
      from = next;
    }
  }

  async function work(sources: Parameters<Care["run"]>[0]): Promise<void> {
    const until = performance.now() + pace.every;
    for (let tasks = await copies.tasks(name); tasks.length > 0; tasks = await copies.tasks(name)) {
      for (const task of tasks) {
        try {
          await doTask(task, sources);
        } catch (error) {
          closing.throwIfAborted();
          await copies.postpone(task.key, name, pace.every); // others may have more luck
          throw error;
        }
        if (performance.now() > until) break;
      }
      await bookWhole();
      if (performance.now() > until) return;
    }
    await copies.wholeAgain(name);
    await sweep();
  }

  async function bookWhole(): Promise<void> {
    const keys = whole;
    whole = [];
    await copies.checked(keys, name, store.lookEvery);
  }

  state = await look();
  looked = performance.now();
  await copies.oweAll(name);
  return {
    store,
    get state() {
      return state;
    },
    wake: () => awake(),
    doubt() {
      looked = Number.NEGATIVE_INFINITY;
      awake();
    },
    async run(sources) {
      while (!closing.aborted) {
        const woken = new Promise<void>((resolve) => {
          awake = resolve;
        });
        try {
          const rest = state === "up" ? pace.every : pace.soon;
          if (performance.now() - looked >= rest) {
            looked = performance.now();
            state = await look();
            await tellState();
          }
          await bookWhole();
          if (state === "up" || state === "full") await work(sources);
        } catch (error) {
          if (!closing.aborted)
            log.warn({ store: name, ...withoutValues(error) }, "the care for a store was cut short");
        }
        const rest = state === "up" ? pace.every : pace.soon;
        await Promise.race([woken, pause(rest, undefined, { signal: closing, ref: false }).catch(() => undefined)]);
      }
    },
  };
}
