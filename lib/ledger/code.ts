/** A contract's code, in hex, without what the compiler notes at its end: a hash of the sources, comments and all. */
export function withoutNotes(code: string): string {
  const noted = Number.parseInt(code.slice(-4), 16);
  return code.slice(0, -4 - 2 * noted).toLowerCase();
}
