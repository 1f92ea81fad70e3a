/** PostgreSQL's own word for a full disk. */
const DISK_FULL = "53100";

/** Whether the disk filled up under a change. */
export function isDiskFull(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return cause?.code === DISK_FULL;
}
