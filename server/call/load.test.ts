import { once } from "node:events";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Crowd, openCrowd, quantile } from "./load.fixture.ts";

const MEMBERS = 1_000;
const SECONDS = Number(process.env.LOAD_SECONDS ?? 15);
const KB = 1_024;

let crowd: Crowd;
beforeEach(async () => {
  crowd = await openCrowd(MEMBERS);
});
afterEach(() => crowd.close());

test(`L1 a thousand people in 500 calls signal for ${SECONDS} seconds: nothing is lost, late or another's`, {
  timeout: (SECONDS + 90) * 1_000,
}, async () => {
  const alone = await crowd.cost();
  const began = performance.now();
  await crowd.arrive();
  expect(performance.now() - began).toBeLessThan(15_000);
  const met = await crowd.cost();
  expect((met.rss - alone.rss) / MEMBERS).toBeLessThan(100 * KB);

  // This process plays a thousand browsers: how late it is itself is not the server's doing.
  const own = monitorEventLoopDelay({ resolution: 5 });
  own.enable();
  for (let second = 0; second < SECONDS; second++) await Promise.all([crowd.round(), pause(1_000)]);
  await crowd.settle();
  own.disable();
  expect({ received: crowd.received, wrong: crowd.wrong }).toEqual({ received: crowd.sent, wrong: 0 });
  expect(crowd.sent).toBe(MEMBERS * SECONDS);
  const late = own.percentile(99) / 1e6;
  const after = await crowd.cost();
  const about = { p50: quantile(crowd.times, 0.5), p95: quantile(crowd.times, 0.95), p99: quantile(crowd.times, 0.99) };
  const cpu = (after.cpuSeconds - met.cpuSeconds) / SECONDS;
  console.log(
    `L1: ${JSON.stringify(about)} ms, ${((met.rss - alone.rss) / MEMBERS / KB).toFixed(0)} KB a socket, ${(100 * cpu).toFixed(0)} % of a core, own lateness ${late.toFixed(0)} ms`,
  );
  expect(about.p95).toBeLessThan(100 + 2 * late);
  expect(about.p99).toBeLessThan(300 + 2 * late);

  for (const socket of crowd.sockets) socket.disconnect();
  await expect.poll(async () => (await crowd.cost()).rss, { timeout: 20_000 }).toBeLessThan(after.rss * 1.2);
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
  expect(performance.now() - began).toBeLessThan(30_000);
  console.log(`L2: all back after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  await crowd.round();
  await crowd.settle();
  expect({ received: crowd.received, wrong: crowd.wrong }).toEqual({ received: MEMBERS, wrong: 0 });
});
