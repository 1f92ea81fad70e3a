import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { begin, type CallEffect, type CallEvent, type CallState, step } from "./engine.ts";

/** Runs events one after the other and keeps the effects of the last. */
function run(...events: CallEvent[]): { state: CallState; effects: CallEffect[] } {
  let state = begin;
  let effects: CallEffect[] = [];
  for (const event of events) [state, effects] = step(state, event);
  return { state, effects };
}
const live: CallEvent[] = [
  { type: "entered", present: false, attempt: 0 },
  { type: "present", present: true, attempt: 1 },
  { type: "peer-connected", attempt: 1 },
];

test("whoever is first waits, and builds when the other comes", () => {
  expect(run(live[0] as CallEvent).state).toMatchObject({ is: "waiting", line: true });
  expect(run(...live.slice(0, 2))).toMatchObject({
    state: { is: "connecting", attempt: 1 },
    effects: [{ do: "build", attempt: 1 }],
  });
  expect(run(...live).state).toMatchObject({ is: "live", attempt: 1 });
});

test("whoever is second builds at once", () => {
  expect(run({ type: "entered", present: true, attempt: 4 })).toMatchObject({
    state: { is: "connecting", attempt: 4 },
    effects: [{ do: "build", attempt: 4 }],
  });
});

test("of someone who came later nothing but news was heard; a peer with them that fails is replaced all the same", () => {
  const came: CallEvent = { type: "present", present: true, attempt: 1 };
  expect(run(came, { type: "peer-failed", attempt: 1 }).effects).toEqual([
    { do: "close", attempt: 1 },
    { do: "ask-rebuild", attempt: 1 },
  ]);
});

describe("when the line to the server is lost", () => {
  test("media goes on", () => {
    expect(run(...live, { type: "line-lost" }).state).toMatchObject({ is: "live", line: false });
  });
  test("and found again with the same attempt, nothing is rebuilt", () => {
    const { state, effects } = run(...live, { type: "line-lost" }, { type: "entered", present: true, attempt: 1 });
    expect(state).toMatchObject({ is: "live", line: true });
    expect(effects).toEqual([]);
  });
  test("a dead peer is replaced once the line is back", () => {
    const dead: CallEvent[] = [...live, { type: "line-lost" }, { type: "peer-failed", attempt: 1 }];
    expect(run(...dead)).toMatchObject({ state: { is: "reconnecting" }, effects: [{ do: "close", attempt: 1 }] });
    expect(run(...dead, { type: "entered", present: true, attempt: 2 }).effects).toEqual([{ do: "build", attempt: 2 }]);
    expect(run(...dead, { type: "entered", present: true, attempt: 1 }).effects).toEqual([
      { do: "ask-rebuild", attempt: 1 },
    ]);
  });
});

describe("when no bytes come for a second", () => {
  const starved: CallEvent[] = [...live, { type: "starved", attempt: 1 }];
  test("people are told and the line is asked", () => {
    expect(run(...starved)).toMatchObject({ state: { is: "reconnecting", tries: 1 }, effects: [{ do: "probe" }] });
  });
  test("bytes that come back end it", () => {
    expect(run(...starved, { type: "fed", attempt: 1 }).state).toMatchObject({ is: "live" });
  });
  test("a good line gives the old peer a moment, then the next is asked for, once", () => {
    expect(run(...starved, { type: "line-good" }).effects).toEqual([{ do: "be-patient", attempt: 1, ms: 700 }]);
    const asked: CallEvent[] = [
      ...starved,
      { type: "line-good" },
      { type: "heard" },
      { type: "patience-over", attempt: 1 },
    ];
    expect(run(...asked).effects).toEqual([{ do: "ask-rebuild", attempt: 1 }]);
    expect(run(...asked, { type: "peer-failed", attempt: 1 }).effects).toEqual([{ do: "close", attempt: 1 }]);
    expect(run(...asked, { type: "rebuilt", attempt: 2 })).toMatchObject({
      state: { is: "reconnecting", tries: 2, attempt: 2 },
      effects: [
        { do: "close", attempt: 1 },
        { do: "build", attempt: 2 },
      ],
    });
    expect(run(...asked, { type: "rebuilt", attempt: 2 }, { type: "rebuilt", attempt: 2 }).effects).toEqual([]);
  });
  test("a peer is kept while the server hears nothing of the other side either, since it goes on when their line does", () => {
    const silent: CallEvent[] = [...starved, { type: "line-good" }, { type: "patience-over", attempt: 1 }];
    expect(run(...silent)).toMatchObject({ state: { is: "reconnecting", peer: true }, effects: [] });
    expect(run(...silent, { type: "fed", attempt: 1 }).state).toMatchObject({ is: "live", attempt: 1 });
    const back: CallEvent[] = [
      { type: "heard" },
      { type: "present", present: true, attempt: 1 },
      { type: "entered", present: true, attempt: 1 },
    ];
    for (const sign of back) {
      expect(run(...silent, sign).effects).toEqual([{ do: "be-patient", attempt: 1, ms: 700 }]);
      expect(run(...silent, sign, { type: "patience-over", attempt: 1 }).effects).toEqual([
        { do: "ask-rebuild", attempt: 1 },
      ]);
    }
    expect(run({ type: "heard" }, ...silent).effects).toEqual([]);
  });
  test("nobody is asked for a new peer while the other side is away", () => {
    const alone: CallEvent[] = [
      ...live,
      { type: "present", present: false, attempt: 1 },
      { type: "peer-failed", attempt: 1 },
    ];
    expect(run(...alone)).toMatchObject({ state: { is: "reconnecting" }, effects: [{ do: "close", attempt: 1 }] });
    expect(run(...alone, { type: "present", present: true, attempt: 2 }).effects).toEqual([
      { do: "build", attempt: 2 },
    ]);
    expect(run(...alone, { type: "present", present: true, attempt: 1 }).effects).toEqual([
      { do: "ask-rebuild", attempt: 1 },
    ]);
  });
});

test("whoever leaves is waited for, their peer is closed, and coming back is a new peer", () => {
  const gone: CallEvent[] = [...live, { type: "left" }];
  expect(run(...gone)).toMatchObject({
    state: { is: "waiting", present: false },
    effects: [{ do: "close", attempt: 1 }],
  });
  expect(run(...gone, { type: "rebuilt", attempt: 1 }).effects).toEqual([]);
  expect(run(...gone, { type: "present", present: true, attempt: 2 }).effects).toEqual([{ do: "build", attempt: 2 }]);
});

test("what an earlier attempt still says changes nothing", () => {
  const second: CallEvent[] = [...live, { type: "rebuilt", attempt: 2 }];
  const { state } = run(...second);
  for (const type of ["peer-connected", "peer-failed", "starved", "fed", "patience-over"] as const) {
    expect(step(state, { type, attempt: 1 })).toEqual([state, []]);
  }
});

test.each([
  [{ type: "hang-up" }, "hung-up", [{ do: "close", attempt: 1 }, { do: "leave" }]],
  [{ type: "revoked" }, "revoked", [{ do: "close", attempt: 1 }]],
  [{ type: "ended" }, "ended", [{ do: "close", attempt: 1 }]],
  [{ type: "replaced" }, "replaced", [{ do: "close", attempt: 1 }]],
  [{ type: "not-private" }, "not-private", [{ do: "close", attempt: 1 }]],
  [{ type: "refused" }, "lost", [{ do: "close", attempt: 1 }]],
] as const)("%j ends the call and closes its peer", (event, why, effects) => {
  expect(run(...live, event)).toEqual({ state: { is: "over", why, attempt: 1 }, effects });
});

const ENDS = ["hang-up", "ended", "revoked", "replaced", "not-private", "refused"] as const;
const attempt = fc.integer({ min: 0, max: 6 });
const anything: fc.Arbitrary<CallEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom("entered", "present"), present: fc.boolean(), attempt }),
  fc.record({
    type: fc.constantFrom("rebuilt", "peer-connected", "peer-failed", "starved", "fed", "patience-over"),
    attempt,
  }),
  fc.record({ type: fc.constantFrom("line-lost", "line-good", "heard", "ask-failed", "left") }),
  fc.record({ type: fc.constantFrom(...ENDS) }),
) as fc.Arbitrary<CallEvent>;
const mostlyRunning = fc.array(
  fc.oneof({ weight: 40, arbitrary: anything.filter((e) => !isEnd(e)) }, { weight: 1, arbitrary: anything }),
  { maxLength: 60 },
);
const isEnd = (e: CallEvent) => (ENDS as readonly string[]).includes(e.type);

test("no sequence of events leaves over, lowers the attempt, or has two peers alive", () => {
  fc.assert(
    fc.property(mostlyRunning, (events) => {
      let state: CallState = begin;
      let alive: number | undefined;
      let asked = 0;
      for (const event of events) {
        const [next, effects] = step(state, event);
        if (state.is === "over") expect(next).toBe(state);
        expect(next.attempt).toBeGreaterThanOrEqual(state.attempt);
        if (
          event.type === "rebuilt" ||
          event.type === "ask-failed" ||
          event.type === "left" ||
          event.type === "entered" ||
          event.type === "line-lost"
        )
          asked = 0;
        for (const effect of effects) {
          if (effect.do === "build") {
            expect(alive).toBeUndefined();
            alive = effect.attempt;
          }
          if (effect.do === "close") {
            expect(effect.attempt).toBe(alive);
            alive = undefined;
          }
          if (effect.do === "ask-rebuild") asked += 1;
        }
        expect(asked).toBeLessThanOrEqual(1);
        if (next.is === "over") expect(alive).toBeUndefined();
        else expect(alive).toBe(next.peer ? next.attempt : undefined);
        state = next;
      }
    }),
    { numRuns: 5_000 },
  );
});

test("whatever happened, once both are there with a good line and the new peer connects, the call is live", () => {
  fc.assert(
    fc.property(
      fc.array(
        anything.filter((e) => !isEnd(e)),
        { maxLength: 40 },
      ),
      (events) => {
        let { state } = run(...events);
        for (let i = 0; i < 6 && state.is !== "over" && state.is !== "live"; i++) {
          const entered = step(state, { type: "entered", present: true, attempt: Math.max(1, state.attempt) });
          [state] = entered;
          const todo = [...entered[1]];
          for (let effect = todo.shift(); effect; effect = todo.shift()) {
            const event: CallEvent | undefined =
              effect.do === "ask-rebuild"
                ? { type: "rebuilt", attempt: effect.attempt + 1 }
                : effect.do === "be-patient"
                  ? { type: "patience-over", attempt: effect.attempt }
                  : effect.do === "build"
                    ? { type: "peer-connected", attempt: effect.attempt }
                    : undefined;
            if (!event) continue;
            const [next, more] = step(state, event);
            state = next;
            todo.push(...more);
          }
        }
        expect(state.is).toBe("live");
      },
    ),
  );
});
