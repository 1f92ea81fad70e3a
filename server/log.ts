/**
 * What the log may know of an error: its kind, its code and where it happened. Never its message: a failed query's carries
 * the values it was asked with, and those may be names.
 */
export function withoutValues(error: unknown): { error: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return { error: typeof error };
  const cause = error.cause instanceof Error ? error.cause : error;
  const { code } = cause as { code?: unknown };
  const at = (error.stack ?? "")
    .split("\n")
    .filter((line) => /^ {4}at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
  return { error: error.name, ...(typeof code === "string" ? { code } : {}), at };
}
