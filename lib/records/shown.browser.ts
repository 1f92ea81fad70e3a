import { MOST_PIXELS, pixelsOf } from "./pixels.ts";
import { pictureType } from "./plain-picture.ts";

/** As much as has a picture's size in it: heads may be long, where they hold colours. */
const HEAD = 4 * 1024 * 1024;

/** Why something is not drawn as a picture. */
export type NotShown = "no-picture" | "too-many-pixels";

/**
 * A file as a picture that a page may draw: what its first bytes are, never what its name or its sender say it is. The blob
 * is of one of four types, none of which can carry a program, and no larger than a device takes once it is unfolded.
 */
export async function shownPicture(file: Blob): Promise<{ picture: Blob } | { why: NotShown }> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const type = pictureType(head);
  const size = pixelsOf(head);
  if (!type || !size) return { why: "no-picture" };
  if (size.width * size.height > MOST_PIXELS) return { why: "too-many-pixels" };
  return { picture: file.slice(0, file.size, type) };
}
