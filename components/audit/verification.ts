"use client";

import { useSyncExternalStore } from "react";
import { type Line, tellVerified } from "@/lib/audit/api.ts";
import { actFor, isGrant, type Verdict } from "@/lib/audit/verify.ts";
import type { Checked, Fault, Mark } from "@/lib/audit/walk.ts";
import { ask } from "@/lib/wire.ts";
import { type Failure, type News, run, type Task } from "./run.ts";

/** What one check has found so far. Immutable: a new one for every piece of news. */
export interface Verification {
  readonly is: "running" | "done" | "stopped" | "failed";
  /** How much of the ledger is read, 0 to 1; the lines come after. */
  readonly ledger: number;
  readonly read: number;
  readonly last: number;
  readonly lines: number;
  /** Lines held against the ledger, and against the log's own chain alone. */
  readonly holds: number;
  readonly chained: number;
  readonly pending: number;
  readonly changed: ReadonlyMap<number, Checked>;
  readonly waiting: ReadonlyMap<number, Checked>;
  readonly visits: ReadonlyMap<string, Tally>;
  /** Lines whose time is in doubt, and nothing else of them. */
  readonly odd: ReadonlyMap<number, Checked>;
  readonly faults: readonly Fault[];
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly failure: Failure | null;
}
interface Tally {
  readonly lines: number;
  readonly holds: number;
  readonly changed: number;
  readonly pending: number;
}

const ALL = "";
const kept = new Map<string, Verification>();
const stops = new Map<string, () => void>();
const listeners = new Set<() => void>();

/** Kept while the browser tab lives, so that going from the table to a session loses nothing. `null` is the whole log. */
export function useVerification(visitId: string | null): Verification | null {
  const read = () => kept.get(visitId ?? ALL) ?? null;
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read,
    () => null,
  );
}

function keep(key: string, verification: Verification): void {
  kept.set(key, verification);
  for (const listener of listeners) listener();
}

export function startVerification(task: Omit<Task, "mark">): void {
  const key = task.session?.visitId ?? ALL;
  stops.get(key)?.();
  // What the whole log says outdates what a session said before.
  if (key === ALL) for (const other of kept.keys()) if (!stops.has(other)) kept.delete(other);
  keep(key, {
    is: "running",
    ledger: 0,
    read: 0,
    last: 0,
    lines: 0,
    holds: 0,
    chained: 0,
    pending: 0,
    changed: new Map(),
    waiting: new Map(),
    visits: new Map(),
    odd: new Map(),
    faults: [],
    startedAt: Date.now(),
    endedAt: null,
    failure: null,
  });
  const grants = new Map<number, Checked>();
  stops.set(
    key,
    work({ ...task, mark: task.session ? null : readMark() }, (news) => {
      const before = kept.get(key);
      if (before?.is !== "running") return;
      if (news.is === "ledger") keep(key, { ...before, ledger: news.part });
      else if (news.is === "checked") keep(key, counted(before, news, grants));
      else if (news.is !== "ready") end(key, before, news);
    }),
  );
}

export function stopVerification(visitId: string | null): void {
  const key = visitId ?? ALL;
  const before = kept.get(key);
  if (before?.is !== "running") return;
  stops.get(key)?.();
  stops.delete(key);
  keep(key, { ...before, is: "stopped", endedAt: Date.now() });
}

function end(key: string, before: Verification, news: Extract<News, { is: "done" | "failed" }>): void {
  stops.get(key)?.();
  stops.delete(key);
  const endedAt = Date.now();
  if (news.is === "failed") {
    keep(key, { ...before, is: "failed", failure: news.code, endedAt });
    return;
  }
  keep(key, { ...before, is: "done", ledger: 1, faults: news.faults, endedAt });
  if (news.mark) writeMark(news.mark);
  // Told for the trail; that it could not be told changes nothing of what was found.
  ask(tellVerified, {
    visitId: key === ALL ? undefined : key,
    lines: before.lines,
    failed: before.changed.size + news.faults.length,
    first: before.changed.size > 0 ? Math.min(...before.changed.keys()) : undefined,
  }).catch(() => undefined);
}

/**
 * Adds a batch; a line told again (one that was red, or gave a permission) takes back what it counted for. The maps grow
 * in place, since a long log comes in thousands of batches; what wraps them is new each time.
 */
function counted(
  before: Verification,
  { batch, read, last }: Extract<News, { is: "checked" }>,
  grants: Map<number, Checked>,
): Verification {
  const changed = before.changed as Map<number, Checked>;
  const waiting = before.waiting as Map<number, Checked>;
  const visits = before.visits as Map<string, Tally>;
  const odd = before.odd as Map<number, Checked>;
  let { lines } = before;
  const counts = { holds: before.holds, chained: before.chained, pending: before.pending };
  const add = ({ verdict, visitId }: Checked, by: 1 | -1) => {
    if (verdict.is !== "changed") counts[verdict.is] += by;
    if (visitId === null) return;
    const tally = visits.get(visitId) ?? { lines: 0, holds: 0, changed: 0, pending: 0 };
    visits.set(visitId, {
      lines: tally.lines + by,
      holds: tally.holds + (verdict.is === "holds" ? by : 0),
      changed: tally.changed + (verdict.is === "changed" ? by : 0),
      pending: tally.pending + (verdict.is === "pending" ? by : 0),
    });
  };
  for (const checked of batch) {
    const earlier = changed.get(checked.number) ?? grants.get(checked.number);
    if (earlier) add(earlier, -1);
    else lines += 1;
    if (isGrant(checked.action)) grants.set(checked.number, checked);
    add(checked, 1);
    if (checked.verdict.is === "changed") changed.set(checked.number, checked);
    if (checked.verdict.is === "pending") waiting.set(checked.number, checked);
    else waiting.delete(checked.number);
    if (checked.odd) odd.set(checked.number, checked);
  }
  return { ...before, ...counts, read, last, lines, changed, waiting, visits, odd };
}

/** A worker that has not loaded by then (milliseconds) never will: a policy or an old browser is in its way. */
const PATIENCE = 8_000;

/** Starts the work, and returns what ends it: in a worker, or here where the browser gives none. */
function work(task: Task, tell: (news: News) => void): () => void {
  const stop = new AbortController();
  let worker: Worker | null = null;
  let ready = false;
  const here = () => {
    worker?.terminate();
    worker = null;
    if (ready || stop.signal.aborted) return;
    ready = true;
    void run(task, tell, stop.signal);
  };
  try {
    worker = new Worker(new URL("./verify.worker.ts", import.meta.url), { type: "module" });
  } catch {
    here();
    return () => stop.abort();
  }
  const late = setTimeout(() => {
    if (!ready) here();
  }, PATIENCE);
  worker.onmessage = ({ data }: MessageEvent<News>) => {
    if (data.is === "ready") ready = true;
    tell(data);
  };
  worker.onerror = () => {
    if (!ready) return here();
    worker?.terminate();
    tell({ is: "failed", code: "server.broke" });
  };
  worker.postMessage(task);
  return () => {
    clearTimeout(late);
    stop.abort();
    worker?.terminate();
  };
}

/** What a check says of one line: null while it has not come to it. */
export function verdictOf(verification: Verification | null, { entry }: Pick<Line, "entry">): Verdict | null {
  if (!verification) return null;
  const found = verification.changed.get(entry.number) ?? verification.waiting.get(entry.number);
  if (found) return found.verdict;
  if (entry.number > verification.read) return null;
  return { is: actFor(entry) ? "holds" : "chained" };
}

const MARK = "assent/audit/seen";

/** The last line this browser saw hold: a log that was made anew since does not repeat it. */
function readMark(): Mark | null {
  try {
    const mark = JSON.parse(localStorage.getItem(MARK) ?? "null") as Mark | null;
    return mark && typeof mark.number === "number" && typeof mark.hash === "string" ? mark : null;
  } catch {
    return null;
  }
}

function writeMark(mark: Mark): void {
  try {
    localStorage.setItem(MARK, JSON.stringify(mark));
  } catch {
    // a browser that keeps nothing forgets what it saw; the next check starts afresh
  }
}
