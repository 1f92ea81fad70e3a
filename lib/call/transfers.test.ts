import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { badNames } from "./bad-names.fixture.ts";
import { BLOCK, PIECE } from "./blocks.ts";
import { cleanName } from "./files.ts";
import { PeerMessage } from "./protocol.ts";
import type { Pipe, TransfersOptions } from "./transfer.ts";
import { Transfers } from "./transfers.ts";

/** Two people and a channel between them that can be cut, and that may spoil a piece. */
function two(
  options: { ana?: Partial<TransfersOptions>; osei?: Partial<TransfersOptions>; spoil?: (n: number) => boolean } = {},
) {
  const base = { recordFirst: () => false, changed: () => {} };
  const ana = new Transfers({ ...base, ...options.ana });
  const osei = new Transfers({ ...base, ...options.osei });
  let pieces = 0;
  const join = (cutAfter = Number.POSITIVE_INFINITY) => {
    let open = true;
    let sent = 0;
    const pipe = (to: Transfers): Pipe => ({
      say: (message) => {
        if (open) queueMicrotask(() => open && to.hear(PeerMessage.parse(JSON.parse(JSON.stringify(message)))));
      },
      push: async (piece) => {
        if (!open) throw new Error("closed");
        const copy = piece.slice();
        pieces += 1;
        if (options.spoil?.(pieces)) copy[0] = (copy[0] ?? 0) ^ 1;
        queueMicrotask(() => open && to.take(copy));
        sent += 1;
        if (sent >= cutAfter) cut();
      },
    });
    const cut = () => {
      open = false;
      ana.detach();
      osei.detach();
    };
    ana.attach(pipe(osei));
    osei.attach(pipe(ana));
    return cut;
  };
  return { ana, osei, join, pieces: () => pieces };
}
const noise = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255);
const file = (size: number, name = "scan.pdf", type = "application/pdf") => new File([noise(size)], name, { type });
const arrived = (t: Transfers) =>
  vi.waitFor(() => expect(t.list.every((one) => one.state === "arrived")).toBe(true), { timeout: 5_000, interval: 5 });
afterEach(() => vi.useRealTimers());

test("a file arrives with the same bytes on the other side, in both directions at once", async () => {
  const { ana, osei, join } = two();
  join();
  ana.send(file(2 * BLOCK + 12_345));
  ana.send(file(1, "one.txt"));
  osei.send(file(PIECE, "plan.pdf"));
  await vi.waitFor(() => expect([ana.list.length, osei.list.length]).toEqual([3, 3]));
  await arrived(ana);
  await arrived(osei);
  const got = osei.list.find((one) => one.name === "scan.pdf")?.file as Blob;
  expect(new Uint8Array(await got.arrayBuffer())).toEqual(noise(2 * BLOCK + 12_345));
  expect(got.type).toBe("application/octet-stream");
});

test("T-H6 whatever a file is called, it arrives under a name that is one, also from somebody who cleans none", async () => {
  const names = [...badNames].filter((name) => name !== "");
  for (let at = 0; at < names.length; at += 40) {
    const { ana, osei, join } = two();
    join();
    for (const name of names.slice(at, at + 40)) {
      ana.send(file(1, name, "image/jpeg"));
      const raw = { is: "file:offered", id: crypto.randomUUID(), name: name.slice(0, 400), type: "", size: 1 } as const;
      osei.hear(PeerMessage.parse(raw));
    }
    await arrived(ana);
    expect(osei.list).toHaveLength(2 * ana.list.length);
    for (const { name } of [...ana.list, ...osei.list]) expect(name).toBe(cleanName(name));
  }
});

test("what the visit has no room for is not sent, and says what there is room for", () => {
  const { ana, osei, join } = two();
  join();
  const room = { files: 2, bytes: 100 };
  ana.send(file(60), room);
  ana.send(file(41), room);
  ana.send(file(40), room);
  ana.send(file(1), { files: 2, bytes: 1_000 });
  expect(ana.list.map(({ state, why }) => why ?? state)).toEqual(["waiting", "full", "waiting", "full"]);
  expect(ana.list[1]?.room).toEqual(room);
  expect(osei.list.length).toBeLessThanOrEqual(2);
});

test("any size around a piece and a block arrives whole", async () => {
  const near = fc.oneof(
    ...[1, PIECE, BLOCK, 2 * BLOCK].map((n) => fc.integer({ min: Math.max(1, n - 2), max: n + 2 })),
  );
  await fc.assert(
    fc.asyncProperty(near, fc.integer({ min: 1, max: 40 }), async (size, cutAfter) => {
      const { ana, osei, join } = two();
      join(cutAfter);
      ana.send(file(size));
      await new Promise((resolve) => setTimeout(resolve, 5));
      join();
      await arrived(ana);
      await arrived(osei);
      const got = osei.list[0]?.file as Blob;
      expect(Buffer.from(await got.arrayBuffer()).equals(noise(size))).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test("after a dropped connection a file goes on at the last whole block, without anyone clicking", async () => {
  const { ana, osei, join, pieces } = two();
  const perBlock = BLOCK / PIECE;
  join(3 * perBlock + 4);
  ana.send(file(5 * BLOCK));
  await vi.waitFor(() => expect(ana.list[0]?.state).toBe("stopped"));
  expect(osei.list[0]).toMatchObject({ state: "stopped" });
  join();
  await arrived(ana);
  expect(pieces()).toBeLessThanOrEqual(5 * perBlock + 5);
  expect(pieces()).toBeGreaterThan(5 * perBlock);
});

test("a spoiled piece is noticed, nothing is kept, and a retry brings it whole", async () => {
  const { ana, osei, join } = two({ spoil: (n) => n === 3 });
  join();
  const id = ana.send(file(BLOCK + 1));
  await vi.waitFor(() => expect(ana.list[0]).toMatchObject({ state: "refused", why: "damaged" }));
  expect(osei.list[0]?.file).toBeUndefined();
  ana.retry(id);
  await arrived(ana);
  await arrived(osei);
});

describe("what is not sent", () => {
  test("programs and empty files are refused before the other side hears of them", () => {
    const { ana, osei, join } = two();
    join();
    ana.send(file(10, "setup.exe"));
    ana.send(file(0, "empty.pdf"));
    expect(ana.list.map((one) => one.why)).toEqual(["type", "size"]);
    expect(osei.list).toEqual([]);
  });
  test("the receiver refuses them too, and does not believe a name", async () => {
    const { osei } = two();
    const said: unknown[] = [];
    osei.attach({ say: (m) => said.push(m), push: async () => {} });
    const offer = { is: "file:offered", id: "00000000-aaaa", type: "image/png", size: 10 } as const;
    osei.hear({ ...offer, name: "a.png\u202e.exe" });
    osei.hear({ ...offer, name: "a.png", size: 2 ** 40 });
    expect(said).toEqual([
      { is: "file:refused", id: "00000000-aaaa", why: "type" },
      { is: "file:refused", id: "00000000-aaaa", why: "size" },
    ]);
    osei.hear({ ...offer, name: "\u202egnp.a" });
    expect(osei.list[0]?.name).toBe("gnp.a");
  });
  test("bytes nobody asked for change nothing", async () => {
    const { osei, join } = two();
    join();
    osei.take(new Uint8Array(100));
    osei.hear({ is: "file:ended", id: "00000000-aaaa", digest: "0".repeat(64) });
    expect(osei.list).toEqual([]);
  });
  test("more bytes than were offered are damage, not a larger file", async () => {
    const { osei } = two();
    const said: { is: string }[] = [];
    osei.attach({ say: (m) => said.push(m), push: async () => {} });
    osei.hear({ is: "file:offered", id: "00000000-aaaa", name: "a.png", type: "image/png", size: 10 });
    osei.hear({ is: "file:began", id: "00000000-aaaa", from: 0 });
    osei.take(new Uint8Array(11));
    expect(osei.list[0]).toMatchObject({ state: "refused", why: "damaged" });
  });
  test("a cancelled file stops on both sides", async () => {
    const cancel = () => osei.list[0]?.state === "moving" && ana.cancel(id);
    const { ana, osei, join } = two({ osei: { changed: cancel } });
    join();
    const id = ana.send(file(20 * BLOCK));
    await vi.waitFor(() => expect(osei.list[0]?.state).toBe("cancelled"));
    expect(ana.list).toEqual([]);
  });
});

describe("recording", () => {
  const record = `0x${"7".repeat(64)}`;
  test("a file that arrived is recorded and the other side is told the record", async () => {
    const { ana, osei, join } = two({ ana: { record: async () => record } });
    join();
    ana.send(file(10));
    await vi.waitFor(() => expect(osei.list[0]?.recording).toEqual({ is: "recorded", record }));
    expect(ana.list[0]?.recording).toEqual({ is: "recorded", record });
  });
  test("where the patient wants to be asked first, not a byte is offered before the yes", async () => {
    let yes: (id: string) => void = () => {};
    const { ana, osei, join } = two({
      osei: {
        recordFirst: () => true,
        record: () =>
          new Promise((resolve) => {
            yes = resolve;
          }),
      },
    });
    join();
    osei.send(file(10));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(osei.list[0]?.state).toBe("asking");
    expect(ana.list).toEqual([]);
    yes(record);
    await arrived(osei);
    await vi.waitFor(() => expect(ana.list[0]).toMatchObject({ recording: { is: "recorded", record } }));
  });
  test("a no keeps the file here", async () => {
    const { ana, osei, join } = two({
      osei: {
        recordFirst: () => true,
        record: async () => {
          throw Object.assign(new Error("no"), { code: "consent.kind-not-allowed" });
        },
      },
    });
    join();
    osei.send(file(10));
    await vi.waitFor(() => expect(osei.list[0]).toMatchObject({ state: "refused", why: "not-allowed" }));
    expect(ana.list).toEqual([]);
  });
  test("recording that failed can be tried again without sending again", async () => {
    let tries = 0;
    const { ana, join, pieces } = two({
      ana: {
        record: async () => {
          tries += 1;
          if (tries === 1) throw new Error("bug");
          return record;
        },
      },
    });
    join();
    const id = ana.send(file(10));
    await vi.waitFor(() => expect(ana.list[0]?.recording).toEqual({ is: "failed", code: "server.broke" }));
    ana.retry(id);
    await vi.waitFor(() => expect(ana.list[0]?.recording).toEqual({ is: "recorded", record }));
    expect(pieces()).toBe(1);
  });
});

describe("what the other side only says", () => {
  test("a file of which nothing was sent has not arrived, and one that has not arrived is not recorded", () => {
    const { ana, osei } = two();
    ana.attach({ say: () => {}, push: async () => {} });
    const id = ana.send(file(10));
    ana.hear({ is: "file:kept", id: ana.list[0]?.id ?? String(id) });
    expect(ana.list[0]?.state).not.toBe("arrived");
    osei.attach({ say: () => {}, push: async () => {} });
    osei.hear({ is: "file:offered", id: "00000000-bbbb", name: "a.pdf", type: "application/pdf", size: 10 });
    osei.hear({ is: "file:saved", id: "00000000-bbbb", record: `0x${"1".repeat(64)}` });
    expect(osei.list[0]?.recording.is).not.toBe("recorded");
  });

  test("more than two of the largest files at once are not taken on", () => {
    const { osei } = two();
    const said: unknown[] = [];
    osei.attach({ say: (m) => said.push(m), push: async () => {} });
    for (let i = 0; i < 3; i++) {
      osei.hear({
        is: "file:offered",
        id: `00000000-ccc${i}`,
        name: "a.pdf",
        type: "application/pdf",
        size: 1024 ** 3,
      });
    }
    expect(said.map((one) => (one as { is: string }).is)).toEqual(["file:wanted", "file:wanted", "file:refused"]);
  });
});
