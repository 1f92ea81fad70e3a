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

describe("T-S4 a flood ends the flooder", () => {
  test("three messages over the limit close the socket, and the call beside it does not notice", async () => {
    const [ana, flood] = [w.connect("ana", { visitId: visits.ana }), w.connect("osei")];
    await Promise.all([up(ana), up(flood)]);
    const closed = heard(flood, "disconnect");
    for (let i = 0; i < 5_000; i++) flood.emit("line:probe", {}, () => {});
    await closed;
    expect((await ask(ana, "line:probe", {})).ok).toBe(true);
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
