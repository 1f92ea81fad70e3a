import { resolve } from "node:path";

/** Where blobs are kept. `name` is what rows, screens and logs call it: it has no secret in it. */
export type StoreSettings =
  | { is: "file"; name: string; folder: string }
  | { is: "s3"; name: string; endpoint: string; bucket: string; region: string; key: string; secret: string };

/** As many as one blob is written to. */
const MOST_STORES = 9;

/**
 * Reads `file:PATH` and `s3:https://KEY:SECRET@host/bucket?region=…`; a path counts from `root`. Null when one of them
 * can't be read, when two are the same or when there are too many. Nobody learns which: it may hold a secret.
 */
export function storesOf(items: readonly string[], root: string): StoreSettings[] | null {
  const found = items.map((item) => (item.startsWith("file:") ? folderOf(item.slice(5), root) : bucketOf(item)));
  const stores = found.filter((store) => store !== null);
  const names = new Set(stores.map(({ name }) => name));
  return names.size === items.length && items.length <= MOST_STORES ? stores : null;
}

function folderOf(path: string, root: string): StoreSettings | null {
  if (path === "") return null;
  const folder = resolve(root, path);
  return { is: "file", name: `file:${folder}`, folder };
}

function bucketOf(item: string): StoreSettings | null {
  const address = item.startsWith("s3:") ? item.slice(3) : "";
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const bucket = /^\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?$/.exec(url.pathname)?.[1];
  const open = url.protocol === "http:" && /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(url.hostname);
  if (!bucket || !(url.protocol === "https:" || open) || url.username === "" || url.password === "") return null;
  return {
    is: "s3",
    name: `s3:${url.origin}/${bucket}`,
    endpoint: url.origin,
    bucket,
    region: url.searchParams.get("region") ?? "us-east-1",
    key: decodeURIComponent(url.username),
    secret: decodeURIComponent(url.password),
  };
}
