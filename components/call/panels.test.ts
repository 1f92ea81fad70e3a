import { expect, test } from "vitest";
import type { CallView, OtherView } from "@/lib/call/call-view.browser.ts";
import { newsOf, type Told } from "./panels.ts";

const calm = { muted: false, cameraOff: false, sharing: false };
const other = (member: string, is: string, them: Partial<typeof calm> = {}): OtherView =>
  ({
    member,
    side: "guest",
    state: { is },
    remote: null,
    them: { ...calm, ...them },
    open: is === "live",
  }) as unknown as OtherView;
const told = (others: OtherView[], more: Partial<Told> = {}): Told => ({
  view: { others, chat: [], files: [] } as unknown as CallView,
  nameOf: ({ member }) => ({ clinician: "Dr. Osei", maria: "Maria" })[member] ?? "",
  panel: null,
  recorded: undefined,
  ...more,
});

test("a screen reader hears who joined, who left, who is muted and what was recorded, once each", () => {
  const alone = told([other("clinician", "live")]);
  const joined = told([other("clinician", "live"), other("maria", "live")]);
  expect(newsOf(alone, joined)).toEqual(["Maria joined. You are connected."]);
  expect(newsOf(joined, alone)).toEqual(["Maria left."]);
  const muted = told([other("clinician", "live", { muted: true, cameraOff: true }), other("maria", "live")]);
  expect(newsOf(joined, muted)).toEqual(["Dr. Osei is muted.", "Dr. Osei’s camera is off."]);
  expect(newsOf(muted, joined)).toEqual(["Dr. Osei is not muted any more.", "Dr. Osei’s camera is on."]);
  expect(newsOf(joined, { ...joined, recorded: "Recorded: File shared." })).toEqual(["Recorded: File shared."]);
  expect(newsOf(muted, muted)).toEqual([]);
});

test("what a connection says of itself when it opens is no news", () => {
  const before = told([other("clinician", "connecting")]);
  const now = told([other("clinician", "live", { cameraOff: true })]);
  expect(newsOf(before, now)).toEqual(["Dr. Osei joined. You are connected."]);
  expect(newsOf(told([other("clinician", "reconnecting")]), now)).toEqual(["Connected again with Dr. Osei."]);
});
