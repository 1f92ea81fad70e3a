import { execFileSync } from "node:child_process";
import { loadavg } from "node:os";

export interface Measured {
  values: number[];
  floors: number[];
  /** When it is not the question's. */
  unit?: string;
}

/** Prints a table for people and, with `--json`, one JSON object as the last line. Medians; the spread is (max − min) / median. */
export function report(about: {
  question: string;
  unit: string;
  runs: number;
  headline: string;
  parts: Record<string, Measured>;
}): void {
  const parts = Object.fromEntries(
    Object.entries(about.parts).map(([name, { values, floors, unit = about.unit }]) => {
      const value = median(values);
      const floor = median(floors);
      return [name, { value, unit, floor, ratio: round(value / floor) }];
    }),
  );
  const headline = parts[about.headline];
  const values = about.parts[about.headline]?.values ?? [];
  if (!headline) throw new RangeError(`no part ${about.headline}`);
  const load1 = round(loadavg()[0] ?? 0);
  console.log(`${about.question}: ${about.runs} runs, load ${load1}`);
  console.table(parts);
  if (!process.argv.includes("--json")) return;
  const spread = round((Math.max(...values) - Math.min(...values)) / headline.value);
  console.log(
    JSON.stringify({ question: about.question, ...headline, runs: about.runs, spread, load1, commit: commit(), parts }),
  );
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

const round = (value: number) => Math.round(value * 100) / 100;

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  } catch {
    return "unknown";
  }
}
