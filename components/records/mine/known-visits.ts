/**
 * Which visits were taken in this browser, by their ids alone: they say nothing of anybody, and open with the keys only. The
 * folder that follows the patient to other devices is made of them.
 */
const KEY = "assent-visits";

export function knownVisits(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return []; // a browser that keeps nothing, or a note that somebody changed
  }
}

export function rememberVisit(id: string): void {
  const known = knownVisits();
  if (known.includes(id)) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([...known, id]));
  } catch {
    // the folder still has it, if the page lives until it was saved
  }
}
