import { type PictureType, pictureType, plainPicture } from "./plain-picture.ts";

/** Larger pictures are not taken apart: all of one is in memory for that. */
const LARGEST = 256 * 1024 * 1024;
/** Photographs of kinds that we don't take apart: where the browser draws them, they are drawn anew. */
const redrawn = /^(hei[cfs]|he[iv][cmsx]|mif1|msf1|avif)$/;

/** How those begin, films, and what cameras keep besides: it says by itself where it was taken, whatever it is called. */
const camera = /^(.{4}ftyp|II\*\0|MM\0\*)/s;

const headOf = async (file: Blob): Promise<Uint8Array> => new Uint8Array(await file.slice(0, 12).arrayBuffer());
const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

async function pictureIn(file: Blob): Promise<ReturnType<typeof plainPicture>> {
  if (file.size > LARGEST || !pictureType(await headOf(file))) return undefined;
  return plainPicture(new Uint8Array(await file.arrayBuffer()));
}

/**
 * The same file without what tells of place and device, where that can be taken out: a picture's drawing is not touched. Whatever
 * else it is, it comes back as it was.
 */
export async function plainFile(file: File): Promise<File> {
  try {
    const picture = await pictureIn(file);
    if (picture?.plain && picture.type === file.type) return file;
    if (picture) return new File([...picture.parts], file.name, { type: picture.type, lastModified: 0 });
    return (await drawnAnew(file)) ?? file;
  } catch {
    return file; // it can't be read, which the sending tells
  }
}

async function drawnAnew(file: File): Promise<File | undefined> {
  const head = latin(await headOf(file));
  if (file.size > LARGEST || head.slice(4, 8) !== "ftyp" || !redrawn.test(head.slice(8))) return undefined;
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
  bitmap.close();
  const type: PictureType = "image/jpeg";
  const drawn = await canvas.convertToBlob({ type, quality: 0.92 });
  if (drawn.type !== type) return undefined;
  return new File([drawn], `${file.name.replace(/\.(hei[cf]|avif)$/i, "")}.jpg`, { type, lastModified: 0 });
}

/** Whether nothing in this picture or film tells of place or device; undefined for what is neither. */
export async function isPlainFile(file: Blob, type: string): Promise<boolean | undefined> {
  const picture = await pictureIn(file);
  if (picture) return picture.plain;
  const head = await headOf(file);
  const tells =
    pictureType(head) || camera.test(latin(head)) || (/^(image|video)\//.test(type) && !type.includes("svg"));
  return tells ? false : undefined;
}
