import { once } from "node:events";
import { connect, type Socket as NetSocket } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ask, heard, up, visits, type World, world } from "./people.fixture.ts";

let w: World;
beforeEach(async () => {
  w = await world();
});
afterEach(() => w.close());

/** A WebSocket without Socket.IO's manners: connects, greets, and then sends whatever it wants. */
async function rude(): Promise<{ send(data: string | Uint8Array): void; closed: Promise<unknown> }> {
  const { default: WebSocket } = (await import("ws" as string)) as { default: new (...a: unknown[]) => never };
  const socket = new WebSocket(`${w.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`, {
    origin: "http://localhost:3000",
    headers: { cookie: "who=osei" },
  }) as unknown as { on(e: string, f: (d: unknown) => void): void; send(d: unknown): void };
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.on("close", resolve));
  await new Promise<void>((resolve) =>
    socket.on("message", (data) => {
      const text = String(data);
      if (text.startsWith("0")) socket.send(`40${JSON.stringify({ version: 1, instance: "c".repeat(32) })}`);
      if (text.startsWith("40")) resolve();
    }),
  );
  return { send: (data) => socket.send(data), closed };
}

describe("T-S6 only our own pages open a socket", () => {
  test.each([
    ["foreign", "http://evil.test"],
    ["null", "null"],
    ["missing", ""],
    ["one with our name at its end", "http://evil-localhost:3000"],
    ["one with our name at its beginning", "http://localhost:3000.evil.test"],
    ["ours with a path", "http://localhost:3000/"],
  ])("%s origin is refused", async (_, origin) => {
    await expect(up(w.connect("osei", { origin }))).rejects.toThrow();
  });
  test("polling is refused", async () => {
    const answer = await fetch(`${w.url}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: "http://localhost:3000" },
    });
    expect(answer.status).toBe(400);
  });
});

describe("T-S5 what is too large or not text ends the socket, nobody else's", () => {
  test.each<[string, string | Uint8Array]>([
    ["65 KiB", `42["line:probe",{"x":"${"x".repeat(65 * 1024)}"}]`],
    ["a megabyte", "x".repeat(1_000_000)],
    ["a binary frame", new Uint8Array([1, 2, 3])],
    ["ten thousand announced attachments", `451000-["call:signal",{"_placeholder":true,"num":0}]`],
    ["no attachments", `450-["call:signal",{}]`],
    ["half a packet", `42["call:signal"`],
    ["a name of our own events", `42["disconnect",{}]`],
  ])("%s", async (_, data) => {
    const osei = w.connect("lind");
    await up(osei);
    const one = await rude();
    one.send(data);
    await one.closed;
    expect(await ask(osei, "line:probe", {})).toEqual({ ok: true, value: {} });
    expect(w.broke).toEqual([]);
  });
  test("an event called error is no error of ours", async () => {
    const osei = w.connect("osei");
    await up(osei);
    expect(await ask(osei, "error", { a: 1 })).toEqual({ ok: false, code: "request.malformed" });
    expect((await ask(osei, "line:probe", {})).ok).toBe(true);
  });
  test("a buffer inside an honest event ends the socket", async () => {
    const osei = w.connect("osei");
    await up(osei);
    const closed = heard(osei, "disconnect");
    osei.emit("line:probe", Buffer.from("x"));
    await closed;
  });
});

describe("T-S5 what the libraries below us once died of", () => {
  /** Opens a connection, speaks WebSocket's first words, and hands over the bare wire. */
  async function wire(query = "EIO=4&transport=websocket"): Promise<{ socket: NetSocket; head: string }> {
    const { hostname, port } = new URL(w.url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    socket.write(
      [
        `GET /socket.io/?${query} HTTP/1.1`,
        "Host: localhost:3000",
        "Origin: http://localhost:3000",
        "Cookie: who=osei",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "\r\n",
      ].join("\r\n"),
    );
    const [head] = (await once(socket, "data")) as [Buffer];
    return { socket, head: head.toString("latin1").split("\r\n")[0] ?? "" };
  }
  const lives = async () => {
    const lind = w.connect("lind");
    await up(lind);
    expect(await ask(lind, "line:probe", {})).toEqual({ ok: true, value: {} });
    expect(w.broke).toEqual([]);
  };

  test.each(["__proto__", "constructor", "toString", "a".repeat(20)])(
    "a connection that says it is %s",
    async (sid) => {
      const { socket, head } = await wire(`EIO=4&transport=websocket&sid=${sid}`);
      expect(head).not.toContain("101");
      socket.destroy();
      for (const transport of ["polling", "websocket", "webtransport", "__proto__"]) {
        const answer = await fetch(`${w.url}/socket.io/?EIO=4&transport=${transport}&sid=${sid}`, {
          method: "POST",
          body: "1:1",
          headers: { origin: "http://localhost:3000" },
        });
        expect(answer.status).toBe(400);
      }
      await lives();
    },
  );
  test("a frame that announces a hundred megabytes ends before they come", async () => {
    const { socket, head } = await wire();
    expect(head).toContain("101");
    const frame = Buffer.alloc(14);
    frame.writeUInt8(0x81, 0);
    frame.writeUInt8(0x80 | 127, 1);
    frame.writeBigUInt64BE(100_000_000n, 2);
    const closed = once(socket, "close");
    socket.write(frame);
    await closed;
    await lives();
  });
  test("a message in a hundred thousand pieces ends its connection at the latest when it is too large", async () => {
    const { socket } = await wire();
    const closed = once(socket, "close");
    // The first begins a text, each of one masked byte; none is the last.
    const first = Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x78]);
    const more = Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x78]);
    socket.write(Buffer.concat([first, ...Array.from({ length: 100_000 }, () => more)]));
    await closed;
    await lives();
  });
});

describe("T-S4 a flood ends the flooder", () => {
  test("three messages over the limit close the socket, and the call beside it does not notice", async () => {
    const [ana, flood] = [w.connect("ana", { visitId: visits.ana }), w.connect("osei")];
    await Promise.all([up(ana), up(flood)]);
    const closed = heard(flood, "disconnect");
    for (let i = 0; i < 5_000; i++) flood.emit("line:probe", {}, () => {});
    await closed;
    expect((await ask(ana, "line:probe", {})).ok).toBe(true);
  });
  test("a flooder that comes back again and again costs less than a hundred megabytes, and nobody else an answer", async () => {
    const ana = w.connect("ana", { visitId: visits.ana });
    await up(ana);
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 10; round++) {
      const flood = w.connect("osei");
      await up(flood);
      const closed = heard(flood, "disconnect");
      for (let i = 0; i < 5_000; i++) flood.emit("call:leave", { visitId: visits.ana }, () => {});
      await closed;
      expect((await ask(ana, "line:probe", {})).ok).toBe(true);
    }
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
  });
  test("the beginning of a call with sixty addresses is not a flood", async () => {
    const osei = w.connect("osei");
    await up(osei);
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(osei, "line:probe", {})));
    expect(answers.every((answer) => answer.ok)).toBe(true);
  });
  test("a sixth page of the same person is refused until one closes", async () => {
    const five = Array.from({ length: 5 }, () => w.connect("osei"));
    await Promise.all(five.map(up));
    await expect(up(w.connect("osei"))).rejects.toMatchObject({ data: { code: "request.too-many" } });
    five[0]?.disconnect();
    await expect
      .poll(() =>
        up(w.connect("osei")).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });
});

test.each([
  ["another version", { version: 2, instance: "a".repeat(32) }],
  ["no greeting", {}],
  ["a strange visit", { version: 1, instance: "a".repeat(32), visitId: "../etc" }],
])("a socket with %s is refused", async (_, auth) => {
  await expect(up(w.connect("osei", { auth }))).rejects.toMatchObject({ data: { code: "request.malformed" } });
});

test("someone who signed out loses their sockets", async () => {
  const osei = w.connect("osei");
  await up(osei);
  const closed = heard(osei, "disconnect");
  const { people } = await import("./people.fixture.ts");
  w.signaling.dismiss(people.osei as never);
  await closed;
});

test("T-S3 a session that ends takes its sockets with it within two seconds, and nobody else's", async () => {
  const [osei, lind] = [w.connect("osei"), w.connect("lind")];
  await Promise.all([up(osei), up(lind)]);
  const closed = heard(osei, "disconnect");
  const from = performance.now();
  w.signedOut.add("osei");
  await closed;
  expect(performance.now() - from).toBeLessThan(2_000);
  expect((await ask(lind, "line:probe", {})).ok).toBe(true);
});
