import type { Call, CallOptions, CallView } from "./call-view.browser.ts";
import { Chat } from "./chat.ts";
import { begin, type CallEvent } from "./engine.ts";
import { later } from "./later.ts";
import { type Leg, nothingKnown, openLeg } from "./leg.browser.ts";
import { type MemberId, sideOf } from "./member.ts";
import { makeCertificate } from "./peer.browser.ts";
import type { PeerMessage } from "./protocol.ts";
import { keepRelays } from "./relays.ts";
import { Safety } from "./safety.ts";
import { SafetyMessage } from "./safety-message.ts";
import { openSeat } from "./seat.browser.ts";
import { Seldom } from "./seldom.ts";
import { Transfers } from "./transfers.ts";
import { NotPrivate } from "./verified.ts";

/** A guest whose line and peer are both dead for this long has no place in the page any more. */
const GUEST_AWAY_MS = 15_000;

/** The call of this page: a leg with each other member. Starts at once, and comes back by itself until it is over. */
export function openCall(options: CallOptions): Call {
  const { visitId, me, line, media, signal, vouching, prepare, record, recordFirst } = options;
  const certificate = makeCertificate();
  const listeners = new Set<() => void>();
  const life = new AbortController();
  const first: MemberId = me === "clinician" ? "patient" : "clinician";
  const legs = new Map<MemberId, Leg>();
  /** With whom this page wants nothing any more. */
  const dropped = new Set<MemberId>();
  let view: CallView = {
    state: begin,
    remote: null,
    them: nothingKnown,
    sends: "full",
    open: false,
    others: [],
    chat: [],
    files: [],
    safety: { is: "off" },
    photo: "none",
  };
  const relays = keepRelays({
    ask: async () => (await line.ask("call:relays", { visitId })).iceServers,
    changed: (servers) => {
      for (const leg of legs.values()) leg.reach(servers);
    },
    signal: life.signal,
  });
  let told = false;
  /** What the others are told of the log, also those who come later. */
  let checkpoint: PeerMessage | null = null;
  /** Each that is heard is a question to the server, which a guest could have us ask until it answers us no more. */
  const compared = new Seldom<MemberId>(12);

  const chat = new Chat({ to: () => [...legs.keys()], send: (message, to) => legs.get(to)?.say(message) ?? false });
  const transfers = new Transfers({
    changed: () => show({ files: transfers.list }),
    recordFirst: recordFirst ?? (() => false),
    ...(record ? { record } : {}),
  });

  let sending: Promise<unknown> = Promise.resolve();
  /** In the order in which they were chosen. What can't be prepared is not sent. */
  const sendFile = (file: File) => {
    const prepared = prepare ? prepare(file) : { file, room: undefined };
    const send = async () => {
      const ready = await prepared;
      transfers.send(ready.file, ready.room);
    };
    sending = sending.then(send).catch(() => {});
  };

  const notPrivate = (found: NotPrivate) => {
    if (life.signal.aborted) return;
    end({ type: "not-private" });
    options.onNotPrivate(found);
  };
  const safety = new Safety({
    side: me === "clinician" ? "clinician" : "patient",
    about: vouching.about,
    say: (message) => void legs.get(first)?.say(message),
    changed: () => show({ safety: safety.view }),
    differ: () => notPrivate(new NotPrivate("words")),
  });

  const legWith = (them: MemberId): Leg => {
    const known = legs.get(them);
    if (known) return known;
    // Files and the safety check are between doctor and patient: a guest has no part in them.
    const files = sideOf(me) !== "guest" && them === first;
    const leg = openLeg({
      visitId,
      me,
      them,
      line,
      media,
      certificate,
      iceServers: relays.now,
      vouching,
      on: {
        changed: () => showOthers(),
        opened: (pipe) => {
          leg.say(hello());
          if (checkpoint) leg.say(checkpoint);
          if (files) {
            transfers.attach(pipe);
            safety.connected();
          }
          chat.resume(them);
          show({ chat: chat.list });
        },
        closed: () => files && transfers.detach(),
        message: (message) => hear(message, them, files),
        piece: (piece) => files && transfers.take(piece),
        refused: (fault) => seat.refused(fault),
        notPrivate: (found) => {
          if (sideOf(them) !== "guest") return notPrivate(found);
          // One guest's bad word must not end the visit of the others.
          if (dropped.has(them) || life.signal.aborted) return;
          drop(them);
          options.onGuestNotPrivate(them, found);
        },
        unnamed: () => sideOf(them) === "guest" && gone(them),
        leave: () => seat.leave(),
      },
    });
    legs.set(them, leg);
    showOthers();
    return leg;
  };

  const showOthers = () => {
    const main = legs.get(first)?.view;
    if (!main) return;
    const { state, remote, them, sends, open } = main;
    show({ state, remote, them, sends, open, others: [...legs.values()].map((leg) => leg.view) });
  };
  /** Several changes in a row are told once. */
  const show = (change: Partial<CallView>) => {
    view = { ...view, ...change };
    if (told) return;
    told = true;
    queueMicrotask(() => {
      told = false;
      for (const listener of [...listeners]) listener();
    });
  };

  const everyone = (event: CallEvent) => {
    for (const leg of [...legs.values()]) leg.dispatch(event);
  };
  /** The call is over for this page, with everyone. */
  const end = (event: CallEvent) => {
    if (life.signal.aborted) return;
    everyone(event);
    life.abort();
    for (const off of offs) off();
    for (const leg of legs.values()) leg.stop();
  };
  /** They are out of the call. A guest is gone from the page; doctor and patient have their place in it. */
  const gone = (member: MemberId) => {
    const leg = legs.get(member);
    if (!leg) return;
    leg.dispatch({ type: "left" });
    if (sideOf(member) !== "guest") return;
    leg.stop();
    legs.delete(member);
    chat.left(member);
    show({ chat: chat.list });
    showOthers();
  };

  const drop = (member: MemberId) => {
    dropped.add(member);
    gone(member);
  };

  /** A guest whose line dropped may be heard all the same; one whose peer is dead as well, and stays so, has gone without a word. */
  const away = (member: MemberId) => {
    if (sideOf(member) !== "guest") return;
    const look = () => {
      const state = legs.get(member)?.view.state;
      if (state && state.is !== "over" && state.is !== "live" && !state.present) gone(member);
    };
    later(life.signal, look, GUEST_AWAY_MS);
  };

  const hello = (): PeerMessage => {
    const { muted, microphone, camera, sharing } = media.getSnapshot();
    return { is: "hello", muted: muted || microphone.is !== "on", cameraOff: camera.is !== "on", sharing };
  };
  const hear = (message: PeerMessage, from: MemberId, files: boolean) => {
    if (message.is === "chat") {
      if (chat.hear(message, from)) show({ chat: chat.list });
    } else if (message.is === "checkpoint") {
      if (compared.isDue(from)) options.onCheckpoint?.(message.note);
    } else if (message.is === "photo:asked") {
      if (files && me === "patient") show({ photo: "asked" });
    } else if (message.is === "photo:answered") {
      if (files && view.photo === "waiting") show({ photo: message.yes ? "coming" : "refused" });
    } else if (files) {
      const ofSafety = SafetyMessage.safeParse(message);
      if (ofSafety.success) safety.hear(ofSafety.data);
      else transfers.hear(message);
    }
  };

  const offs = [
    line.on("call:present", ({ visitId: of, member, present, left, attempt }) => {
      if (of !== visitId || member === me) return;
      if (left) gone(member);
      else if (dropped.has(member)) return;
      else if (present) legWith(member).dispatch({ type: "present", present, attempt });
      else {
        legs.get(member)?.dispatch({ type: "present", present, attempt });
        away(member);
      }
    }),
    line.on("call:rebuilt", (m) => {
      if (m.visitId === visitId && !dropped.has(m.with))
        legs.get(m.with)?.dispatch({ type: "rebuilt", attempt: m.attempt });
    }),
    // Of whom nothing was announced, nothing is heard.
    line.on("call:signalled", (m) => {
      if (m.visitId === visitId && !dropped.has(m.from)) legs.get(m.from)?.hear(m.attempt, m.data, m.proof);
    }),
    line.on("call:replaced", (m) => m.visitId === visitId && end({ type: "replaced" })),
    line.on("consent:revoked", (m) => m.visitId === visitId && end({ type: "revoked" })),
    line.on("visit:changed", (m) => m.visitId === visitId && m.state === "over" && end({ type: "ended" })),
    media.onReplaced((before, now) => {
      for (const leg of legs.values()) leg.replace(before, now);
    }),
    media.subscribe(() => {
      for (const leg of legs.values()) leg.say(hello());
    }),
  ];
  legWith(first);
  const seat = openSeat({
    visitId,
    line,
    signal: life.signal,
    known: () =>
      [...legs.values()].flatMap(({ view: { member, state } }) =>
        state.is === "over" ? [] : { member, attempt: state.attempt, holding: state.peer },
      ),
    entered(answer) {
      relays.given(answer.iceServers);
      for (const leg of legs.values()) leg.reach(answer.iceServers);
      for (const member of answer.left) gone(member);
      const others = answer.others.filter(({ member }) => !dropped.has(member));
      for (const { member } of others) legWith(member);
      for (const [member, leg] of legs) {
        const there = others.find((one) => one.member === member);
        const attempt = there?.attempt ?? leg.view.state.attempt;
        leg.dispatch({ type: "entered", present: there !== undefined, attempt });
      }
    },
    lineLost: () => everyone({ type: "line-lost" }),
    over: (event) => end(event),
  });
  signal.addEventListener("abort", () => end({ type: "hang-up" }), { once: true });

  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    getSnapshot: () => view,
    media,
    say(text) {
      const said = chat.say(text);
      if (said) show({ chat: chat.list });
      return said;
    },
    sendFile,
    askPhoto() {
      const asked = me === "clinician" && (legs.get(first)?.say({ is: "photo:asked" }) ?? false);
      if (asked) show({ photo: "waiting" });
      return asked;
    },
    answerPhoto(photo) {
      if (view.photo !== "asked") return;
      show({ photo: "none" });
      legs.get(first)?.say({ is: "photo:answered", yes: photo !== null });
      if (photo) sendFile(photo);
    },
    stats: async (member) => legs.get(member)?.stats(),
    cancelFile: (id) => transfers.cancel(id),
    retryFile: (id) => transfers.retry(id),
    ends: () => vouching.about(),
    tellCheckpoint(note) {
      checkpoint = { is: "checkpoint", note };
      for (const leg of legs.values()) leg.say(checkpoint);
    },
    safety: { open: () => safety.open(), close: () => safety.close(), compared: (match) => safety.compared(match) },
    drop,
    restore: (member) => void (dropped.delete(member) && seat.enter()),
    leave: () => end({ type: "hang-up" }),
  };
}
