import { statfs } from "node:fs/promises";

/** The disk a folder is on, in bytes: all of it, and what may still be written. */
export interface Space {
  total: number;
  free: number;
}

export async function spaceOf(folder: string): Promise<Space> {
  const { bsize, blocks, bavail } = await statfs(folder);
  return { total: blocks * bsize, free: bavail * bsize };
}
