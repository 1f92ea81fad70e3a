import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { onInterrupted } from "./interruption.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function phone() {
  const track = Object.assign(new EventTarget(), { muted: false });
  const page = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const life = new AbortController();
  const lost = vi.fn();
  onInterrupted(track, page, life.signal, lost);
  return {
    life,
    lost,
    mute(muted: boolean) {
      track.muted = muted;
      track.dispatchEvent(new Event(muted ? "mute" : "unmute"));
    },
    end: () => track.dispatchEvent(new Event("ended")),
    show(state: "visible" | "hidden") {
      page.visibilityState = state;
      page.dispatchEvent(new Event("visibilitychange"));
    },
  };
}

test("a track that ended is lost, once", () => {
  const { end, lost } = phone();
  end();
  end();
  expect(lost).toHaveBeenCalledTimes(1);
});

test("a phone call: what is still silent a second after the page is seen again is lost", () => {
  const { mute, show, lost } = phone();
  show("hidden");
  mute(true);
  vi.advanceTimersByTime(60_000);
  expect(lost).not.toHaveBeenCalled();
  show("visible");
  vi.advanceTimersByTime(999);
  expect(lost).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(lost).toHaveBeenCalledTimes(1);
});

test("what comes back by itself is left alone", () => {
  const { mute, show, lost } = phone();
  show("hidden");
  mute(true);
  show("visible");
  vi.advanceTimersByTime(500);
  mute(false);
  vi.advanceTimersByTime(5_000);
  expect(lost).not.toHaveBeenCalled();
});

test("a switch on the device that silences it while the page is looked at is the person's own", () => {
  const { mute, lost } = phone();
  mute(true);
  vi.advanceTimersByTime(60_000);
  expect(lost).not.toHaveBeenCalled();
});

test("after the page's life nothing is told", () => {
  const { life, end, lost } = phone();
  life.abort();
  end();
  expect(lost).not.toHaveBeenCalled();
});
