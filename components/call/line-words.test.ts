import { expect, test } from "vitest";
import type { OtherView } from "@/lib/call/call-view.browser.ts";
import { lineWords } from "./line-words.ts";

const footing = { attempt: 1, present: true, line: true, peer: true, carried: true, asking: false };
const view = (
  state: "live" | "reconnecting",
  change: Partial<OtherView["them"]> = {},
  sends: OtherView["sends"] = "full",
) =>
  ({
    state: { is: state, tries: 1, ...footing },
    them: { muted: false, cameraOff: false, sharing: false, pictureHeld: false, hears: undefined, ...change },
    sends,
  }) as OtherView;

test.each([
  ["a good line", view("live"), undefined],
  ["nothing heard of them, nothing known", view("reconnecting"), undefined],
  ["they still hear us", view("reconnecting", { hears: true }), "Your doctor can still hear you."],
  ["they don't hear us", view("live", { hears: false }), /can’t hear you/],
  ["our line is thin", view("live", {}, "sound-only"), /^Your line is weak/],
  ["our line carries a smaller picture", view("live", {}, "small"), undefined],
  ["their line is thin", view("live", { pictureHeld: true }), /^Your doctor’s line is weak/],
])("%s", (_, other, words) => {
  const said = lineWords(other, "Your doctor");
  if (words === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(words);
});
