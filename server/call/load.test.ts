import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { percentile, unhurried } from "../storage/seeded.fixture.ts";
import { type Crowd, openCrowd } from "./load.fixture.ts";

const MEMBERS = 1_000;
const SECONDS = Number(process.env.LOAD_SECONDS ?? 15);
const KB = 1_024;

let crowd: Crowd;
beforeEach(async () => {
  crowd = await openCrowd(MEMBERS);
});
afterEach(() => crowd.close());

test(`L1 a thousand people in 500 calls signal for ${SECONDS} seconds: nothing is lost, late or another's`, {
  timeout: (SECONDS + 150) * 1_000,
}, async () => {
  const alone = await crowd.cost();
  const began = performance.now();
  await crowd.arrive();
  expect(performance.now() - began).toBeLessThan(unhurried(15_000));
  const met = await crowd.cost();
  expect((met.rss - alone.rss) / MEMBERS).toBeLessThan(100 * KB);

  // A few more speak through a bare server at the same time: what they wait for is the machine's doing.
  const bare = await openCrowd(40, "bare");
  await bare.arrive();
  for (let second = 0; second < SECONDS; second++) await Promise.all([crowd.round(1_000), bare.round(1_000)]);
  await crowd.settle();
  await bare.close();
  expect({ received: crowd.received, wrong: crowd.wrong }).toEqual({ received: crowd.sent, wrong: 0 });
  expect(crowd.sent).toBe(MEMBERS * SECONDS);
  const after = await crowd.cost();
  const about = {
    p50: percentile(crowd.times, 0.5),
    p95: percentile(crowd.times, 0.95),
    p99: percentile(crowd.times, 0.99),
  };
  const cpu = (after.cpuSeconds - met.cpuSeconds) / SECONDS;
  console.log(
    `L1: ${JSON.stringify(about)} ms, ${((met.rss - alone.rss) / MEMBERS / KB).toFixed(0)} KB a socket, ${(100 * cpu).toFixed(0)} % of a core; bare beside it p95 ${percentile(bare.times, 0.95).toFixed(0)} ms`,
  );
  expect(about.p95).toBeLessThan(Math.max(unhurried(100), 100 + 3 * percentile(bare.times, 0.95)));
  expect(about.p99).toBeLessThan(Math.max(unhurried(300), 300 + 3 * percentile(bare.times, 0.99)));

  for (const socket of crowd.sockets) socket.disconnect();
  await expect
    .poll(async () => (await crowd.cost()).held / alone.held, { timeout: 45_000, interval: 1_000 })
    .toBeLessThan(1.2);
});

test("L2 all thousand lose their connection at once: all are back within thirty seconds, each in their own call", {
  timeout: 120_000,
}, async () => {
  await crowd.arrive();
  const down = Promise.all(crowd.sockets.map((socket) => once(socket as never, "disconnect")));
  const began = performance.now();
  crowd.breakAll();
  await down;
  await Promise.all(crowd.sockets.map((socket) => socket.connected || once(socket as never, "connect")));
  await crowd.arrive();
  expect(performance.now() - began).toBeLessThan(unhurried(30_000));
  console.log(`L2: all back after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  await crowd.round(500);
  await crowd.settle();
  expect({ received: crowd.received, wrong: crowd.wrong }).toEqual({ received: MEMBERS, wrong: 0 });
});
