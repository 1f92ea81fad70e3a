import { beforeEach, expect, test, vi } from "vitest";
import { lensOf } from "./lens.browser.ts";

const track = (name: string) => ({ name, stop: vi.fn(), contentHint: "" }) as unknown as MediaStreamTrack;
const camera = track("camera");
const blurs: { done: (blurred: MediaStreamTrack) => void; failed: (why: Error) => void }[] = [];
vi.mock("./blur.browser.ts", () => ({
  blurOf: () => new Promise<MediaStreamTrack>((done, failed) => blurs.push({ done, failed })),
}));

const life = new AbortController();
beforeEach(() => void blurs.splice(0));
const open = async () => {
  const shown: (MediaStreamTrack | null)[] = [];
  const lens = lensOf({ signal: life.signal, changed: () => shown.push(lens.shown) });
  await lens.look(camera);
  return { lens, shown };
};

test("from the wish to blur until there is a blurred picture, what is behind a person is shown to nobody", async () => {
  const { lens, shown } = await open();
  expect(lens.shown).toBe(camera);
  const wished = lens.wish(true);
  expect(lens).toMatchObject({ shown: null, blur: "starting" });
  const blurred = track("blurred");
  blurs[0]?.done(blurred);
  await wished;
  expect(lens).toMatchObject({ shown: blurred, blur: "on" });
  expect(shown).toEqual([camera, null, blurred]);
});

test("a blur that fails shows nothing, and the plain picture only once it is given up", async () => {
  const { lens } = await open();
  const wished = lens.wish(true);
  blurs[0]?.failed(new Error("no model"));
  await wished;
  expect(lens).toMatchObject({ shown: null, blur: "failed" });
  await lens.wish(false);
  expect(lens).toMatchObject({ shown: camera, blur: "off" });
});

test("a blur of the camera before is stopped, however late it comes", async () => {
  const { lens } = await open();
  void lens.wish(true);
  const other = track("other camera");
  void lens.look(other);
  const late = track("late");
  blurs[0]?.done(late);
  const now = track("now");
  blurs[1]?.done(now);
  await vi.waitFor(() => expect(lens.shown).toBe(now));
  expect(late.stop).toHaveBeenCalled();
});
