import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openS3Store } from "./s3-store.ts";
import { hashOf, once, someBytes } from "./shelf.fixture.ts";
import { faultOf, NotThere, type Store } from "./store.ts";
import { hasSwift, openSwift, type Swift } from "./swift.fixture.ts";

if (!hasSwift)
  console.log(
    "Left out, for want of OpenStack Swift and of root on Linux: a bucket. Install `swift-proxy` and its kin.",
  );

const calm = () => new AbortController().signal;
const keyOf = (bytes: Uint8Array) => `${hashOf(bytes).slice(2)}-${randomBytes(4).toString("hex")}`;
const textOf = async (store: Store, key: string, from = 0) => {
  const pieces: Buffer[] = [];
  for await (const piece of await store.open(key, from, 3_000_000, calm())) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
};

describe.skipIf(!hasSwift)("a bucket", () => {
  let swift: Swift;
  let store: Store;
  beforeAll(async () => {
    swift = await openSwift();
    store = openS3Store(swift.settings);
  }, 60_000);
  afterAll(() => swift.close());

  test("keeps a blob, hands it out from any byte on, lists it and lets it go", async () => {
    const bytes = someBytes(3_000_000);
    const key = keyOf(bytes);
    await store.put(key, bytes.length, once(bytes), calm());
    expect(await textOf(store, key)).toEqual(bytes);
    expect(await textOf(store, key, 2_999_990)).toEqual(bytes.subarray(2_999_990));
    const other = keyOf(Buffer.from("b"));
    await store.put(other, 1, once(Buffer.from("b")), calm());
    const [first, second] = [key, other].sort();
    expect(await store.list("", 1, calm())).toEqual({ keys: [first], next: first });
    expect((await store.list(first!, 10, calm())).keys).toEqual([second]);
    for (const one of [key, other, other]) await store.drop(one, calm());
    await expect(textOf(store, key)).rejects.toThrow(NotThere);
  });

  test("takes nothing but the bytes that the key names", async () => {
    const bytes = someBytes(100_000);
    const key = keyOf(bytes);
    bytes[50_000]! ^= 1;
    await expect(store.put(key, bytes.length, once(bytes), calm())).rejects.toThrow();
    await expect(textOf(store, key)).rejects.toThrow(NotThere);
  });

  test("knows its mark, and none before", async () => {
    expect(await store.mark(calm())).toBeNull();
    await store.leaveMark("ours", calm());
    expect(await store.mark(calm())).toBe("ours");
  });

  test("serves what rotted on a device as if it were good: nobody may believe it", async () => {
    const bytes = someBytes(5_000);
    const key = keyOf(bytes);
    await store.put(key, bytes.length, once(bytes), calm());
    for (const device of swift.devices)
      for (const name of await readdir(join(device, "objects"), { recursive: true })) {
        if (!name.endsWith(".data")) continue;
        const path = join(device, "objects", name);
        const found = await readFile(path);
        if (found.equals(bytes)) {
          found[7]! ^= 1;
          await writeFile(path, found);
        }
      }
    expect(hashOf(await textOf(store, key))).not.toBe(hashOf(bytes));
  });

  test("that is away is away, and says nothing of how we sign in", async () => {
    await swift.kill();
    const away = await store.mark(calm()).catch((error: Error) => error);
    expect(faultOf(away)).toBe("away");
    expect(String((away as Error).stack)).not.toContain("testing");
    await swift.back();
    expect(await store.mark(calm())).toBe("ours");
  });
});

test.each([
  [507, "InsufficientStorage", "full"],
  [403, "QuotaExceeded", "full"],
  [403, "AccessDenied", "away"],
  [404, "NoSuchBucket", "away"],
  [404, "NoSuchKey", "missing"],
  [200, "everything, from the beginning", "away"],
])("an engine that answers %i %s to a read from the middle is %s", async (status, code, fault) => {
  const server = createServer((request, response) => {
    request.resume();
    const body = status === 200 ? code : `<Error><Code>${code}</Code><Message>key hush</Message></Error>`;
    response.writeHead(status, { "content-type": "application/xml" }).end(body);
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = {
    is: "s3",
    name: "s3:x",
    endpoint,
    bucket: "blobs",
    region: "r",
    key: "k",
    secret: "hush",
  } as const;
  const error = await openS3Store(settings)
    .open("a".repeat(64), 5, 10, calm())
    .catch((error: Error) => error);
  expect(faultOf(error)).toBe(fault);
  expect(String((error as Error).stack)).not.toContain("hush");
  server.close();
});
