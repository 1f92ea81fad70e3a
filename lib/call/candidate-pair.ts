/** One entry of a report of `getStats`. */
export type Stat = Record<string, unknown>;

/** The way a connection takes: as the transport names it, or where a browser does not say, the pair that was agreed on. */
export function pairOf(stats: readonly Stat[]): Stat | undefined {
  const pairs = stats.filter((one) => one.type === "candidate-pair");
  const named = stats.find((one) => one.type === "transport")?.selectedCandidatePairId;
  return pairs.find((one) => one.id === named) ?? pairs.find((one) => one.nominated && one.state === "succeeded");
}

/** A counter of an entry, 0 where it is not told. */
export function countOf(stat: Stat | undefined, name: string): number {
  const value = stat?.[name];
  return typeof value === "number" ? value : 0;
}
