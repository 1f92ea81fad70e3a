import { readdirSync, readFileSync } from "node:fs";

const PAGE = 4_096;
const MB = 1_024 ** 2;

/** Mebibytes that all processes started by this one have in memory now. Reads what Linux tells; 0 elsewhere. */
function heldByChildren(): number {
  const found = new Map<number, { parent: number; pages: number }>();
  try {
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const fields = fieldsOf(name);
      if (fields) found.set(Number(name), { parent: Number(fields[1]), pages: Number(fields[21]) });
    }
  } catch {
    return 0;
  }
  const ours = (pid: number): boolean => {
    const parent = found.get(pid)?.parent ?? 0;
    return parent === process.pid || (parent > 1 && ours(parent));
  };
  const sum = [...found].reduce((pages, [pid, one]) => pages + (ours(pid) ? one.pages : 0), 0);
  return (sum * PAGE) / MB;
}

/** What is told of a process after its name, which may contain anything. */
function fieldsOf(pid: string): string[] | null {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  } catch {
    // It ended meanwhile.
    return null;
  }
}

/** By how many mebibytes all started processes grew at most while this went on. */
export async function growthOf<T>(work: () => Promise<T>): Promise<{ value: T; grown: number }> {
  const before = heldByChildren();
  let most = before;
  const look = setInterval(() => {
    most = Math.max(most, heldByChildren());
  }, 200);
  try {
    const value = await work();
    return { value, grown: most - before };
  } finally {
    clearInterval(look);
  }
}
