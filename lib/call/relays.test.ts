import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type IceServer, RELAY_SECONDS } from "./protocol.ts";
import { keepRelays } from "./relays.ts";

const HALF = RELAY_SECONDS * 500;
const named = (username: string): IceServer[] => [
  { urls: ["stun:relay.test"] },
  { urls: ["turn:relay.test"], username, credential: "secret" },
];

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function call(ask: () => Promise<IceServer[]>) {
  const life = new AbortController();
  const told: IceServer[][] = [];
  const relays = keepRelays({ ask, changed: (servers) => told.push(servers), signal: life.signal });
  return { life, told, relays };
}

test("credentials are replaced at half their time, again and again, and those who hold a connection are told", async () => {
  let asked = 0;
  const { relays, told } = call(async () => named(`number ${++asked}`));
  relays.given(named("first"));
  await vi.advanceTimersByTimeAsync(HALF - 1);
  expect(relays.now()).toEqual(named("first"));
  await vi.advanceTimersByTimeAsync(1);
  expect(relays.now()).toEqual(named("number 1"));
  await vi.advanceTimersByTimeAsync(HALF);
  expect(told).toEqual([named("number 1"), named("number 2")]);
});

test("who enters again is given new ones, and their time begins again", async () => {
  const ask = vi.fn(async () => named("asked"));
  const { relays } = call(ask);
  relays.given(named("first"));
  await vi.advanceTimersByTimeAsync(HALF - 1_000);
  relays.given(named("second"));
  await vi.advanceTimersByTimeAsync(HALF - 1_000);
  expect(ask).not.toHaveBeenCalled();
  expect(relays.now()).toEqual(named("second"));
});

test("a server that does not answer is asked again long before they end, and what there is stays", async () => {
  let away = 3;
  const { relays } = call(async () => {
    if (away-- > 0) throw new Error("away");
    return named("fresh");
  });
  relays.given(named("first"));
  await vi.advanceTimersByTimeAsync(HALF);
  expect(relays.now()).toEqual(named("first"));
  await vi.advanceTimersByTimeAsync(HALF / 2);
  expect(relays.now()).toEqual(named("fresh"));
});

test("nothing is asked without a relay, nor after the call", async () => {
  const ask = vi.fn(async () => named("asked"));
  const { relays, life } = call(ask);
  relays.given([{ urls: ["stun:relay.test"] }]);
  await vi.advanceTimersByTimeAsync(3 * HALF);
  relays.given(named("first"));
  life.abort();
  await vi.advanceTimersByTimeAsync(3 * HALF);
  relays.given(named("late"));
  await vi.advanceTimersByTimeAsync(3 * HALF);
  expect(ask).not.toHaveBeenCalled();
});
