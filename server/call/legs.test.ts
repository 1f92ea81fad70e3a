import fc from "fast-check";
import { expect, test } from "vitest";
import { begin, type CallEvent, type CallState, step } from "../../lib/call/engine.ts";
import { type MemberId, sideOf } from "../../lib/call/member.ts";
import { rounds } from "../storage/seeded.fixture.ts";
import { attemptOf, emptyRoom, type Held, type Room, rebuild, sit } from "./room.ts";

// The engine of every page against the server's room, with nothing between them but queues that a test empties in any
// order: what a page does with an answer is what lib/call/call.browser.ts does.

const MEMBERS: MemberId[] = ["clinician", "patient", "7".repeat(32), "8".repeat(32)];
const ENDS = ["hang-up", "ended", "revoked", "replaced", "not-private", "refused"] as const;

interface Leg {
  state: CallState;
  /** The attempt whose connection is open. */
  open: number | undefined;
}
type ToServer = { is: "enter"; with: Held[] } | { is: "rebuild"; with: MemberId; attempt: number } | { is: "leave" };
type ToPage =
  | { is: "entered"; others: { member: MemberId; attempt: number }[] }
  | { is: "present"; member: MemberId; present: boolean; left: boolean; attempt: number }
  | { is: "rebuilt"; with: MemberId; attempt: number };

class Page {
  readonly legs = new Map<MemberId, Leg>();
  readonly out: ToServer[] = [];
  readonly in: ToPage[] = [];
  up = false;
  over = false;
  readonly me: MemberId;
  constructor(me: MemberId) {
    this.me = me;
    this.leg(me === "clinician" ? "patient" : "clinician");
  }
  leg(them: MemberId): Leg {
    const leg = this.legs.get(them) ?? { state: begin, open: undefined };
    this.legs.set(them, leg);
    return leg;
  }
  enter() {
    const held = [...this.legs].flatMap(([member, { state }]) =>
      state.is === "over" ? [] : [{ member, attempt: state.attempt, holding: state.peer }],
    );
    this.out.push({ is: "enter", with: held });
  }
  dispatch(them: MemberId, event: CallEvent) {
    const leg = this.legs.get(them);
    if (!leg) return;
    const before = leg.state;
    const [state, effects] = step(before, event);
    leg.state = state;
    if (before.is === "over") expect(state).toBe(before);
    else expect(state.attempt).toBeGreaterThanOrEqual(before.attempt);
    for (const effect of effects) {
      if (effect.do === "build") {
        expect(leg.open, `${this.me} already has a peer with ${them}`).toBeUndefined();
        leg.open = effect.attempt;
      }
      if (effect.do === "close") {
        expect(leg.open).toBe(effect.attempt);
        leg.open = undefined;
      }
      if (effect.do === "ask-rebuild") this.out.push({ is: "rebuild", with: them, attempt: effect.attempt });
      if (effect.do === "leave") this.out.push({ is: "leave" });
    }
    if (state.is === "over") expect(leg.open).toBeUndefined();
  }
  end(type: (typeof ENDS)[number]) {
    this.over = true;
    for (const them of this.legs.keys()) this.dispatch(them, { type });
  }
  /** Also when it is over: an answer may be on its way. */
  hear(news: ToPage) {
    if (news.is === "rebuilt") return this.dispatch(news.with, { type: "rebuilt", attempt: news.attempt });
    if (news.is === "entered") {
      for (const { member } of this.over ? [] : news.others) this.leg(member);
      for (const [them, { state }] of [...this.legs]) {
        const there = news.others.find((one) => one.member === them);
        this.dispatch(them, {
          type: "entered",
          present: there !== undefined,
          attempt: there?.attempt ?? state.attempt,
        });
      }
      return;
    }
    const { member, present, left, attempt } = news;
    if (left) {
      this.dispatch(member, { type: "left" });
      if (sideOf(member) === "guest" && !this.over) this.legs.delete(member);
      return;
    }
    if (present && !this.over) this.leg(member);
    this.dispatch(member, { type: "present", present, attempt });
  }
}

class Call {
  readonly pages = new Map(MEMBERS.map((me) => [me, new Page(me)]));
  room: Room<Page> = emptyRoom();
  page(i: number): Page {
    return this.pages.get(MEMBERS[i % MEMBERS.length] as MemberId) as Page;
  }
  private tell(member: MemberId, news: { present: boolean; left: boolean }) {
    for (const [them, { socket }] of this.room.seats) {
      const attempt = attemptOf(this.room, member, them);
      if (them !== member && attempt > 0) socket.in.push({ is: "present", member, ...news, attempt });
    }
  }
  private standUp(page: Page, left: boolean) {
    if (!this.room.seats.delete(page.me)) return;
    if (this.room.seats.size === 0) this.room = emptyRoom();
    else this.tell(page.me, { present: false, left });
  }
  connect(page: Page) {
    if (page.up || page.over) return;
    page.up = true;
    page.enter();
  }
  drop(page: Page) {
    if (!page.up) return;
    page.up = false;
    page.in.length = page.out.length = 0;
    this.standUp(page, false);
    for (const them of page.legs.keys()) page.dispatch(them, { type: "line-lost" });
  }
  restart() {
    for (const page of this.pages.values()) {
      page.up = false;
      page.in.length = page.out.length = 0;
    }
    this.room = emptyRoom();
    for (const page of this.pages.values()) {
      for (const them of page.legs.keys()) page.dispatch(them, { type: "line-lost" });
    }
  }
  /** The server answers the next thing this page asked. */
  serve(page: Page) {
    const ask = page.out.shift();
    if (!ask) return;
    const { me } = page;
    if (ask.is === "leave") return this.standUp(page, true);
    if (ask.is === "enter") {
      sit(this.room, me, page, ask.with);
      this.tell(me, { present: true, left: false });
      const others = [...this.room.seats.keys()].filter((them) => them !== me);
      const numbered = others.map((member) => ({ member, attempt: attemptOf(this.room, me, member) }));
      return void page.in.push({ is: "entered", others: numbered });
    }
    // Refused: the page enters again, which says how things stand.
    if (!this.room.seats.has(ask.with) || !this.room.seats.has(me)) return page.enter();
    const { attempt, moved } = rebuild(this.room, me, ask.with, ask.attempt);
    if (moved) this.room.seats.get(ask.with)?.socket.in.push({ is: "rebuilt", with: me, attempt });
    page.in.push({ is: "rebuilt", with: ask.with, attempt });
  }
  /** A pair whose two ends hold the same attempt connects; one whose ends differ, or whose other end is gone, fails. */
  reach(page: Page, them: MemberId) {
    const attempt = page.legs.get(them)?.open;
    if (attempt === undefined) return;
    const there = this.pages.get(them)?.legs.get(page.me)?.open;
    page.dispatch(them, { type: there === attempt ? "peer-connected" : "peer-failed", attempt });
  }
}

const who = fc.nat(3);
const move = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("serve" as const), who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("hear" as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("reach" as const), who, them: who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "starved" as const,
        "fed" as const,
        "heard" as const,
        "patience-over" as const,
        "peer-failed" as const,
      ),
      who,
      them: who,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("connect" as const, "drop" as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

function play(call: Call, one: typeof move extends fc.Arbitrary<infer M> ? M : never) {
  if (one.do === "restart") return call.restart();
  const page = call.page(one.who);
  switch (one.do) {
    case "serve":
      return call.serve(page);
    case "hear": {
      const news = page.in.shift();
      return news && page.hear(news);
    }
    case "connect":
      return call.connect(page);
    case "drop":
      return call.drop(page);
    case "reach":
      return call.reach(page, MEMBERS[one.them] as MemberId);
    default: {
      const them = MEMBERS[one.them] as MemberId;
      if (one.do === "heard") return page.dispatch(them, { type: "heard" });
      const attempt = page.legs.get(them)?.open;
      if (attempt !== undefined) page.dispatch(them, { type: one.do, attempt });
    }
  }
}

/** Everyone's line is good and everything that was said is heard, for a while. */
function settle(call: Call) {
  for (const page of call.pages.values()) call.connect(page);
  for (let round = 0; round < 60; round++) {
    for (const page of call.pages.values()) {
      while (page.out.length > 0) call.serve(page);
    }
    for (const page of call.pages.values()) {
      for (let news = page.in.shift(); news; news = page.in.shift()) page.hear(news);
    }
    for (const page of call.pages.values()) {
      if (page.over) continue;
      for (const [them, { state, open }] of [...page.legs]) {
        if (state.is === "live") continue;
        call.reach(page, them);
        if (open === undefined) page.dispatch(them, { type: "line-good" });
      }
    }
  }
}

test("in whatever order four pages and the server hear of each other, no pair has two peers open, and all end up connected", () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 200, size: "max" }), (moves) => {
      const call = new Call();
      for (const one of moves) play(call, one);
      settle(call);
      for (const page of call.pages.values()) {
        const others = MEMBERS.filter((member) => member !== page.me);
        for (const them of others) {
          const leg = page.legs.get(them);
          expect(leg?.state.is, `${page.me} with ${them}`).toBe("live");
          expect(leg?.open).toBe(call.pages.get(them)?.legs.get(page.me)?.open);
        }
      }
    }),
    { numRuns: rounds(500) },
  );
});

test("whoever is out of the call stays out, with nothing open, whatever they still hear; the others go on", () => {
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 100, size: "max" }),
      who,
      fc.constantFrom(...ENDS),
      fc.array(move, { maxLength: 100, size: "max" }),
      (before, out, why, after) => {
        const call = new Call();
        for (const one of before) play(call, one);
        const gone = call.page(out);
        gone.end(why);
        while (gone.in.length > 0) play(call, { do: "hear", who: out });
        call.drop(gone);
        for (const one of after) play(call, one);
        settle(call);
        for (const { state, open } of gone.legs.values()) {
          expect(state.is).toBe("over");
          expect(open).toBeUndefined();
        }
        for (const page of call.pages.values()) {
          if (page === gone) continue;
          for (const them of MEMBERS.filter((one) => one !== page.me && one !== gone.me)) {
            expect(page.legs.get(them)?.state.is, `${page.me} with ${them}`).toBe("live");
          }
        }
      },
    ),
    { numRuns: rounds(300) },
  );
});
