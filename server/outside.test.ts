import type { lookup } from "node:dns";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createRawServer } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isInside, isOutside, outsideOnly, postOutside } from "./outside.ts";

test.each([
  ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "172.31.255.254"],
  ...["192.0.0.1", "192.168.1.1", "198.18.0.1", "203.0.113.5", "224.0.0.1", "255.255.255.255"],
  ...["::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::a00:1", "fc00::1", "fd12::1", "fe80::1"],
  ...["2002:7f00:1::", "2001:0:1::", "2001:db8::1", "ff02::1", "fec0::1", "localhost", ""],
])("%s is not of the public internet", (address) => {
  expect(isOutside(address)).toBe(false);
});

test.each(["8.8.8.8", "172.32.0.1", "192.169.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"])(
  "%s is",
  (address) => expect(isOutside(address)).toBe(true),
);

test.each<[string, boolean]>([
  ["198.41.0.4", false],
  ["198.41.0.77", false],
  ["198.41.1.4", true],
  ["2a01:4f8:12:34::1", false],
  ["2a01:4f8:12:34::99", false],
  ["2a01:4f8:12:ffff::1", false],
  ["2a01:4f8:13::1", true],
  ["8.8.8.8", true],
  ["168.63.129.16", false],
  ["168.63.129.17", true],
])("beside a machine that has public addresses itself %s is outside: %s", (address, outside) => {
  const rest = { mac: "00:00:00:00:00:00", internal: false } as const;
  const one = { ...rest, family: "IPv4", address: "198.41.0.4", netmask: "", cidr: "198.41.0.4/24" } as const;
  const two = {
    ...rest,
    family: "IPv6",
    address: "2a01:4f8:12:34::1",
    netmask: "",
    cidr: "2a01:4f8:12:34::1/64",
    scopeid: 0,
  } as const;
  expect(isOutside(address, { eth0: [one, two] })).toBe(outside);
});

test("what is in a network of this machine is asked once it is named", () => {
  expect(isInside("http://168.63.129.16", [])).toBe(true);
  expect(isInside("http://168.63.129.16", ["168.63.129.16"])).toBe(false);
});

describe("a server inside", () => {
  let server: Server;
  let port: number;
  let connected = 0;
  beforeEach(async () => {
    connected = 0;
    server = createServer((_, response) => response.writeHead(302, { location: "/elsewhere" }).end("hello"));
    server.on("connection", () => {
      connected += 1;
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => void server.close());
  const post = (host: string, named: string[] = []) =>
    postOutside(`http://${host}:${port}/add`, "a text", { named, patience: 2_000, largest: 1_000 });

  test("is not asked, however its address is written, and nothing is connected to it", async () => {
    for (const host of [
      "127.0.0.1",
      "localhost",
      "0x7f000001",
      "2130706433",
      "127.1",
      "[::ffff:127.0.0.1]",
      "localhost.",
    ])
      expect([host, await post(host)]).toEqual([host, null]);
    expect(connected).toBe(0);
  });

  test("is asked once whoever runs the server named it, by its port too, and leads nowhere else", async () => {
    for (const named of [["127.0.0.1"], [`127.0.0.1:${port}`]])
      expect(await post("127.0.0.1", named)).toEqual({ status: 302, text: "hello" });
    expect(await post("127.0.0.1", ["127.0.0.1:1"])).toBeNull();
    expect(connected).toBe(2);
  });

  test("that a name leads to is not connected to, whatever else the name leads to", async () => {
    const found = [
      { address: "127.0.0.1", family: 4 },
      { address: "2606:4700::1111", family: 6 },
    ];
    const through = (addresses: typeof found, all: boolean) =>
      new Promise((resolve) => {
        const resolver = ((_: string, __: object, done: (error: null, found: object) => void) =>
          done(null, addresses)) as unknown as typeof lookup;
        outsideOnly(resolver)("witness.example", { all }, (...told) => resolve(told));
      });
    expect(await through(found, true)).toEqual([null, [found[1]]]);
    expect(await through(found, false)).toEqual([null, "2606:4700::1111", 6]);
    expect(await through([found[0]!], true)).toMatchObject([{ message: "The name leads inside." }, "", 0]);
  });
});

test.each([
  ["https://10.0.0.7", "10.0.0.7:443", false],
  ["https://10.0.0.7:443", "10.0.0.7:443", false],
  ["https://[fd12::1]", "[fd12::1]:443", false],
  ["http://10.0.0.7", "10.0.0.7:80", false],
  ["http://10.0.0.7", "10.0.0.7:443", true],
  ["https://10.0.0.7", "10.0.0.7:80", true],
  ["https://10.0.0.7:8443", "10.0.0.7:443", true],
])("for %s, whose port may go without saying, naming %s is held to the port", (address, named, inside) => {
  expect(isInside(address, [named])).toBe(inside);
});

test.each([
  ["switches to another protocol", "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"],
  ["says that more will come", "HTTP/1.1 103 x\r\n\r\n"],
  ["stops in its answer", "HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\na"],
  ["says nothing", ""],
])("a server that %s is waited for no longer than its time", async (_, says) => {
  const raw = createRawServer((socket) => socket.on("error", () => undefined).write(says)).listen(0, "127.0.0.1");
  await once(raw, "listening");
  const { port } = raw.address() as AddressInfo;
  const limits = { named: ["127.0.0.1"], patience: 200, largest: 1_000 };
  expect(await postOutside(`http://127.0.0.1:${port}/add`, "a text", limits)).toBeNull();
  raw.close();
});

test("what an address alone tells is told without asking anybody", () => {
  expect(isInside("http://10.0.0.7:3100", [])).toBe(true);
  expect(isInside("http://[::1]:3100", ["[::1]"])).toBe(false);
  expect(isInside("https://witness.example", [])).toBe(false);
});
