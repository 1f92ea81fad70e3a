import { expect, test } from "vitest";
import type { Action } from "../../lib/audit/entry.ts";
import { reserveFor } from "./space.ts";

const reserve = (...actions: Action[]) =>
  reserveFor(actions.map((action) => ({ actor: { is: "system", id: "assent" }, action })));

test.each(["consent.revoked", "share.revoked", "guest.revoked", "key.removed", "staff.removed"] as const)(
  "on a disk that is nearly full %s closes access all the same",
  (action) => expect(reserve(action)).toBe("always"),
);

test("what gives access or keeps something new waits for room, whatever stands beside it", () => {
  expect(reserve("share.granted")).toBe("changes");
  expect(reserve("share.revoked", "record.added")).toBe("changes");
});
