import { setTimeout as pause } from "node:timers/promises";
import { openCoturn, openSlowLine, relayUrls, SECRET } from "./coturn.ts";
import { net, RELAYS } from "./net.ts";
import { expect, ROUNDS, test } from "./people.ts";
import { figures, longestGap, pictureAfter } from "./watching.ts";

/** Milliseconds for all rounds of a fault; one of the longest takes 70 seconds. */
const enough = 240_000 + (ROUNDS - 1) * 90_000;

test("W2 the patient's address changes in mid-call: the picture is back, and nobody clicks", async ({ people }) => {
  test.setTimeout(enough);
  const { drOsei, ana, meet } = await people();
  await meet();
  for (let round = 0; round < ROUNDS; round++) {
    for (const go of [net.switchToMobile, net.mend]) {
      go();
      const since = Date.now();
      for (const { page } of [drOsei, ana]) expect(await pictureAfter(page, since)).toBeLessThan(10_000);
    }
  }
});

test("W2 the link is down for eight seconds: both are told, and the picture is back", { tag: "@nightly" }, async ({
  people,
}) => {
  test.setTimeout(enough);
  const { drOsei, ana, meet } = await people();
  await meet();
  for (let round = 0; round < ROUNDS; round++) {
    net.linkDown();
    for (const { page } of [drOsei, ana])
      await expect(page.getByText(/reconnecting/i).first()).toBeVisible({ timeout: 4_000 });
    await pause(6_000);
    net.linkUp();
    const back = Date.now();
    for (const { page } of [drOsei, ana]) expect(await pictureAfter(page, back)).toBeLessThan(10_000);
    for (const { page } of [drOsei, ana]) await expect(page.getByText(/reconnecting/i)).toHaveCount(0);
  }
});

test("W2 twenty seconds of silence: the call is not over", { tag: "@nightly" }, async ({ people }) => {
  const { drOsei, ana, meet } = await people();
  await meet();
  net.outage();
  await expect(ana.page.getByText(/reconnecting/i).first()).toBeVisible({ timeout: 4_000 });
  await pause(20_000);
  net.outageOver();
  const back = Date.now();
  for (const { page } of [drOsei, ana]) expect(await pictureAfter(page, back)).toBeLessThan(10_000);
});

test("W3 the server is dead in mid-call and comes back: the picture does not notice", { tag: "@nightly" }, async ({
  people,
}) => {
  test.setTimeout(enough);
  const { clinic, drOsei, ana, meet } = await people();
  await meet();
  for (let round = 0; round < ROUNDS; round++) {
    const before = Date.now();
    await clinic.kill();
    await pause(ROUNDS > 1 ? 60_000 : 10_000);
    await clinic.start();
    // Until both have found the server again, and the call has had its chance to be disturbed by that.
    await pause(6_000);
    for (const { page } of [drOsei, ana]) expect(await longestGap(page, before)).toBeLessThan(1_000);
  }
  await drOsei.ends();
  await expect(ana.page.getByText(/ended/i).first()).toBeVisible();
});

interface Bad {
  /** Of all packets, each way. */
  loss: number;
  /** Milliseconds there and back. */
  trip: number;
  /** Kilobits a second of the patient's line, each way. */
  kilobits?: number;
}
const matrix: Bad[] = [0.01, 0.05, 0.1, 0.2].flatMap((loss) => [
  { loss, trip: 100 },
  { loss, trip: 300 },
  { loss, trip: 0, kilobits: 256 },
]);
const tried = ROUNDS > 1 ? matrix : matrix.filter(({ loss, trip }) => loss === 0.05 && trip !== 300);

for (const { loss, trip, kilobits } of tried) {
  const words = [`${loss * 100} % lost`, trip ? `${trip} ms` : "", kilobits ? `${kilobits} kbit/s` : ""];
  const what = words.filter(Boolean).join(", ");
  test(`W5 ${what}: sound goes on`, { tag: kilobits ? "@nightly" : [] }, async ({ people }) => {
    const relay = await openCoturn();
    // Both reach the relay through it, so that it is passed twice each way.
    const slow = await openSlowLine(trip / 4, trip / 40);
    const late = { TURN_URLS: relayUrls(RELAYS[1], "udp"), TURN_SECRET: SECRET };
    const { drOsei, ana, meet } = await people(trip ? late : {}, trip > 0);
    await meet();
    if (kilobits) net.narrow(kilobits);
    net.lose(loss);
    // What the browsers make of such a line takes them some seconds.
    await pause(8_000);
    const pages = [drOsei.page, ana.page];
    const before = await Promise.all(pages.map(figures));
    await pause(10_000);
    const after = await Promise.all(pages.map(figures));
    const rates = after.map((now, i) => {
      const was = before[i] ?? now;
      const seconds = (now.at - was.at) / 1_000;
      return {
        fps: Math.round((now.frames - was.frames) / seconds),
        packets: Math.round((now.packets - was.packets) / seconds),
        madeUp: Math.round((100 * (now.concealed - was.concealed)) / (now.samples - was.samples)),
      };
    });
    console.log(`${what}: ${JSON.stringify({ doctor: rates[0], patient: rates[1] })}`);
    const worst = loss === 0.2 && trip === 300;
    for (const rate of rates) {
      if (!worst) expect(rate.packets).toBeGreaterThan(25);
      if (loss <= 0.05 && trip === 100) expect(rate.fps).toBeGreaterThanOrEqual(10);
    }
    await slow.close();
    await relay.close();
  });
}
