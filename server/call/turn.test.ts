import { createHmac } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RELAY_SECONDS } from "../../lib/call/protocol.ts";
import { ask, up, visits, type World, world } from "./people.fixture.ts";
import {
  type Credentials,
  documented,
  openRelay,
  type Relay,
  relayedPort,
  SECRET,
  TurnClient,
  turnserver,
} from "./relay.fixture.ts";
import { iceServersFor } from "./turn.ts";

const helpers = {
  stunUrls: ["stun:relay.test"],
  turn: { urls: ["turn:relay.test", "turns:other.test"], secret: SECRET },
};

/** What our server gives a member at this time. */
function given(member = "patient", at = new Date(), secret = SECRET): Credentials {
  const [, relay] = iceServersFor({ ...helpers, turn: { ...helpers.turn, secret } }, visits.ana, member, at);
  return { username: relay?.username ?? "", credential: relay?.credential ?? "" };
}

describe("what a member is given", () => {
  test("credentials for every relay end within the hour and name nobody", () => {
    const now = new Date("2026-11-22T12:00:00Z");
    const servers = iceServersFor(helpers, visits.ana, "staff osei", now);
    expect(servers).toMatchObject([{ urls: ["stun:relay.test"] }, { urls: helpers.turn.urls }]);
    expect(RELAY_SECONDS).toBeLessThanOrEqual(3_600);
    expect(servers[1]?.username).toMatch(new RegExp(`^${now.getTime() / 1_000 + RELAY_SECONDS}:[0-9a-f]{32}$`));
    expect(JSON.stringify(servers)).not.toMatch(new RegExp(`${visits.ana}|osei|${SECRET}`));
  });
  test("each member of each visit has a name of their own at the relay", () => {
    const names = [visits.ana, visits.ben].flatMap((visit) =>
      ["staff osei", "patient"].map((member) => iceServersFor(helpers, visit, member, new Date())[1]?.username),
    );
    expect(new Set(names).size).toBe(4);
  });
  test("without a relay there are no credentials, and without any helper nothing", () => {
    expect(iceServersFor({ stunUrls: ["stun:relay.test"], turn: null }, visits.ana, "patient", new Date())).toEqual([
      { urls: ["stun:relay.test"] },
    ]);
    expect(iceServersFor({ stunUrls: [], turn: null }, visits.ana, "patient", new Date())).toEqual([]);
  });
});

describe("who is given any", () => {
  let w: World;
  beforeEach(async () => {
    w = await world();
  });
  afterEach(() => w.close());
  const relays = { visitId: visits.ana };
  const sits = async (name: string) => {
    const socket = w.connect(name);
    await up(socket);
    expect((await ask(socket, "call:enter", { visitId: visits.ana, with: [] })).ok).toBe(true);
    return socket;
  };

  test("T-TURN2 whoever sits in the call is given new ones; the same person elsewhere is not", async () => {
    const ana = await sits("ana");
    expect(await ask(ana, "call:relays", relays)).toMatchObject({ ok: true, value: { iceServers: [{}] } });
    const elsewhere = w.connect("ana");
    await up(elsewhere);
    expect(await ask(elsewhere, "call:relays", relays)).toEqual({ ok: false, code: "visit.wrong-state" });
  });
  test.each([
    ["after the patient took the permission back", { consentLive: false }, "consent.not-live"],
    ["after the visit", { state: "over" as const }, "visit.over"],
    ["before the doctor admitted", { admitted: false, state: "waiting" as const }, "visit.wrong-state"],
  ])("T-TURN2 nobody is given any %s", async (_, change, code) => {
    const ana = await sits("ana");
    Object.assign(w.rows.get(visits.ana) as object, change);
    w.signaling.forget(visits.ana);
    expect(await ask(ana, "call:relays", relays)).toEqual({ ok: false, code });
  });
  test("T-TURN2 a stranger is answered as if the visit were not there", async () => {
    const ben = w.connect("ben");
    await up(ben);
    const answers = [visits.ana, visits.missing].map((visitId) => ask(ben, "call:relays", { visitId }));
    expect(await Promise.all(answers)).toEqual([1, 2].map(() => ({ ok: false, code: "visit.not-found" })));
  });
});

/** Inside, around and special networks, in the spellings an address can take. */
const RESERVED = [
  ...["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.1.2.3"],
  ...["169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.0.170", "192.168.0.1"],
  ...[
    "192.168.255.254",
    "198.18.0.1",
    "198.19.255.254",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
  ],
  ...[
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:192.168.0.1",
    "::ffff:0.0.0.0",
  ],
  ...["64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "fc00::1", "fd00::1", "fdff:ffff::1"],
  ...["fe80::1", "fe80::a9fe:a9fe", "febf::1", "ff02::1", "ff05::2"],
];
const PUBLIC = ["8.8.8.8", "2001:4860:4860::8888"];

if (!turnserver) console.log("Left out, since coturn is not installed: what a real relay refuses.");
describe.skipIf(!turnserver)("a real relay with the configuration of docs/operate.md", () => {
  let relay: Relay;
  const clients: TurnClient[] = [];
  const client = (host?: string) => {
    const one = new TurnClient(relay.port, host);
    clients.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of clients.splice(0)) one.close();
    await relay.close();
  });

  /** Of these addresses, those to which the relay would have sent something. */
  async function reached(addresses: string[]): Promise<string[]> {
    const through = { 4: client(), 6: client("::1") };
    expect((await through[4].allocate(given())).code).toBe(0);
    expect((await through[6].allocate(given("guest"), { family: 6 })).code).toBe(0);
    const open: string[] = [];
    for (const [i, ip] of addresses.entries()) {
      const own = through[ip.includes(":") ? 6 : 4];
      const answers = [await own.permit(ip), await own.bind(ip, 0x4000 + i), await own.connect(ip)];
      if (answers.some(({ code }) => code === 0)) open.push(ip);
    }
    return open;
  }

  test("every line of it means something to coturn", async () => {
    relay = await openRelay();
    expect(relay.output()).not.toMatch(/bad configuration|unknown|deprecated/i);
    expect(documented).not.toMatch(/^allow-loopback-peers|^allowed-peer-ip/m);
  });

  test("T-TURN1 none of forty reserved addresses is reached, however it is written, and two public ones are", async () => {
    relay = await openRelay();
    expect(RESERVED).toHaveLength(40);
    expect(await reached(RESERVED)).toEqual([]);
    expect(await reached(PUBLIC)).toEqual(PUBLIC);
  });

  test("T-TURN1 the same forty are reached through a relay whose lists are left out", async () => {
    relay = await openRelay([], documented.replace(/^(denied-peer-ip|no-multicast-peers).*$/gm, ""));
    expect((await reached(RESERVED)).length).toBeGreaterThan(20);
  });

  test("T-TURN1 connections over TCP to anybody are refused", async () => {
    relay = await openRelay();
    expect((await client().allocate(given(), { transport: 6 })).code).toBeGreaterThanOrEqual(400);
  });

  test("T-TURN2 expired, foreign, altered and missing credentials are refused", async () => {
    relay = await openRelay();
    const good = given();
    const [until, whose] = good.username.split(":");
    const later = `${Number(until) + 3_600}:${whose}`;
    const expired = given("patient", new Date(Date.now() - (RELAY_SECONDS + 5) * 1_000));
    const wrong: Record<string, Credentials> = {
      expired,
      "of another relay's secret": given("patient", new Date(), "a secret of somebody else"),
      "with an expiry of their own": { ...good, username: later },
      "with no expiry": { ...good, username: whose ?? "" },
      "with the secret as password": { ...good, credential: SECRET },
      "with an empty password": { ...good, credential: "" },
    };
    for (const [what, credentials] of Object.entries(wrong))
      expect((await client().allocate(credentials)).code, what).toBe(401);
    expect((await client().allocateUnnamed()).code).toBe(401);
    expect((await client().allocate(good)).code).toBe(0);
    // Signed for the hour to come, it would be taken: what refuses it is the hour.
    const extended = { username: later, credential: createHmac("sha1", SECRET).update(later).digest("base64") };
    expect((await client().allocate(extended)).code).toBe(0);
  });

  test("T-TURN3 one member has so many allocations and no more, under however many expiries; others still have theirs", async () => {
    relay = await openRelay();
    const quota = Number(/^user-quota=(\d+)$/m.exec(documented)?.[1]);
    for (let i = 0; i < quota; i++)
      expect((await client().allocate(given("patient", new Date(Date.now() - i * 1_000)))).code).toBe(0);
    expect((await client().allocate(given())).code).toBe(486);
    expect((await client().allocate(given("staff osei"))).code).toBe(0);
  });

  test("T-TURN3 an allocation carries its bandwidth and no more", { timeout: 60_000 }, async () => {
    relay = await openRelay(["allow-loopback-peers", "cli-password=unused", "allowed-peer-ip=127.0.0.1"]);
    const limit = Number(/^max-bps=(\d+)$/m.exec(documented)?.[1]);
    const peer = createSocket("udp4");
    let bytes = 0;
    peer.on("message", (message) => (bytes += message.length));
    peer.bind(0, "127.0.0.1");
    await once(peer, "listening");
    const sender = client();
    expect(relayedPort(await sender.allocate(given()))).toBeGreaterThan(49_151);
    expect((await sender.bind("127.0.0.1", 0x4000, peer.address().port)).code).toBe(0);
    const began = performance.now();
    const piece = Buffer.alloc(1_200);
    let sent = 0;
    // Five times what is allowed, for three seconds.
    while (performance.now() - began < 3_000) {
      const due = ((performance.now() - began) / 1_000) * limit * 5;
      for (; sent < due; sent += piece.length) sender.push(0x4000, piece);
      await pause(5);
    }
    peer.close();
    const seconds = (performance.now() - began) / 1_000;
    expect(bytes).toBeGreaterThan(limit);
    expect(bytes).toBeLessThan(limit * (seconds + 1));
  });
});
