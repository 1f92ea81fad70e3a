import { openCoturn, relayUrls, SECRET } from "./coturn.ts";
import { net, RELAYS } from "./net.ts";
import { expect, test } from "./people.ts";
import { figures } from "./watching.ts";

const both = RELAYS.map((address) => relayUrls(address, "udp", "tcp")).join(",");

test("W4 two people whose networks share no way meet at the relay", async ({ people }) => {
  const relay = await openCoturn();
  const { drOsei, ana, meet } = await people({ TURN_URLS: relayUrls(RELAYS[0], "udp", "tcp"), TURN_SECRET: SECRET });
  net.apart();
  await meet();
  const ways = await Promise.all([drOsei.page, ana.page].map(async (page) => (await figures(page)).ways.join()));
  expect(ways.join()).toMatch(/relay/);
  await relay.close();
});

test("W4 relay only: no address of either goes to the other, and they see each other", { tag: "@nightly" }, async ({
  people,
}) => {
  const relay = await openCoturn();
  const { ana, meet } = await people({ TURN_URLS: relayUrls(RELAYS[0], "udp"), TURN_SECRET: SECRET }, true);
  await meet();
  expect((await figures(ana.page)).ways).toEqual(["relay udp"]);
  await relay.close();
});

test("W4 a network that lets no UDP out: over TCP to the relay", { tag: "@nightly" }, async ({ people }) => {
  const relay = await openCoturn();
  const { ana, meet } = await people({ TURN_URLS: relayUrls(RELAYS[0], "udp", "tcp"), TURN_SECRET: SECRET });
  net.blockUdp();
  await meet();
  expect((await figures(ana.page)).ways).toEqual(["relay tcp"]);
  await relay.close();
});

test("W4 the first relay is dead: over the second", { tag: "@nightly" }, async ({ people }) => {
  const relay = await openCoturn(RELAYS[1]);
  const { ana, meet } = await people({ TURN_URLS: both, TURN_SECRET: SECRET }, true);
  net.blockAddress(RELAYS[0]);
  await meet();
  expect((await figures(ana.page)).ways.join()).toMatch(/relay/);
  await relay.close();
});

test("W4 a relay that dies in mid-call is left for the second", { tag: "@nightly" }, async ({ people }) => {
  const [first, second] = [await openCoturn(RELAYS[0]), await openCoturn(RELAYS[1])];
  const { drOsei, ana, meet } = await people({ TURN_URLS: both, TURN_SECRET: SECRET }, true);
  await meet();
  net.blockAddress(RELAYS[0]);
  await first.close();
  const { frames } = await figures(ana.page);
  await expect.poll(async () => (await figures(ana.page)).frames, { timeout: 30_000 }).toBeGreaterThan(frames);
  await expect(drOsei.button("End visit")).toBeVisible();
  await second.close();
});

test("T-TURN2 a relay whose secret is another's lets nobody through, and both are told", { tag: "@nightly" }, async ({
  people,
}) => {
  const relay = await openCoturn(RELAYS[0], "a secret of somebody else");
  const { drOsei, ana } = await people({ TURN_URLS: relayUrls(RELAYS[0], "udp", "tcp"), TURN_SECRET: SECRET }, true);
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await drOsei.admits();
  await expect(ana.page.getByText(/reconnecting|connecting/i).first()).toBeVisible();
  await expect
    .poll(() => ana.page.evaluate(() => (window as unknown as { peers: unknown[] }).peers.length), { timeout: 40_000 })
    .toBeGreaterThan(1);
  expect((await figures(ana.page)).ways).toEqual([]);
  await relay.close();
});
