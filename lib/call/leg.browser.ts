import { begin, type CallEffect, type CallEvent, type CallState, step } from "./engine.ts";
import { later } from "./later.ts";
import type { Line } from "./line.browser.ts";
import type { Media } from "./media.browser.ts";
import { type MemberId, offers, type Side, sideOf } from "./member.ts";
import { type CallPeer, openPeer } from "./peer.browser.ts";
import type { IceServer, PeerMessage, SignalData } from "./protocol.ts";
import type { Level } from "./quality.ts";
import type { Pipe } from "./transfer.ts";
import { type Description, NotPrivate, Unnamed } from "./verified.ts";
import type { Negotiation, Vouching } from "./vouching.browser.ts";

/** Another member of the call, as this page sees and hears them. A new object whenever something of it changed. */
export interface OtherView {
  readonly member: MemberId;
  readonly side: Side;
  readonly state: CallState;
  /** Their sound and picture; kept while reconnecting, so that the last picture stays. */
  readonly remote: MediaStream | null;
  readonly them: {
    muted: boolean;
    cameraOff: boolean;
    sharing: boolean;
    /** Their line carries no picture for now; their sound comes. */
    pictureHeld: boolean;
    /** Whether our sound arrives there, as they last said; undefined while nobody asked. */
    hears: boolean | undefined;
  };
  /** What of our picture they get. */
  readonly sends: Level;
  /** Messages reach them now. */
  readonly open: boolean;
}

export interface LegOptions {
  visitId: string;
  me: MemberId;
  them: MemberId;
  line: Line;
  media: Media;
  certificate: Promise<RTCCertificate | undefined>;
  iceServers: () => IceServer[];
  vouching: Vouching;
  on: {
    /** Something of the view changed. */
    changed(): void;
    opened(pipe: Pipe): void;
    closed(): void;
    message(message: PeerMessage): void;
    piece(piece: Uint8Array): void;
    /** The server refused something; true when that says how the call stands. */
    refused(fault: unknown): boolean;
    /** What they sent, or their certificate, is not what they signed. */
    notPrivate(found: NotPrivate): void;
    /** No permission names them: nothing was built. */
    unnamed(): void;
    /** This page leaves the call. */
    leave(): void;
  };
}

/** This page's connection with one other member, through all the peers it takes. */
export interface Leg {
  readonly view: OtherView;
  dispatch(event: CallEvent): void;
  /** What they want our peer of this attempt to know. */
  hear(attempt: number, data: SignalData, proof: string | undefined): void;
  /** False while there is no connection. */
  say(message: PeerMessage): boolean;
  replace(before: MediaStreamTrack, now: MediaStreamTrack): void;
  /** What the browser counts of the connection there is. */
  stats(): Promise<RTCStatsReport | undefined>;
  /** Relays and their credentials as they are now. */
  reach(servers: IceServer[]): void;
  /** Nothing of it goes on. The engine was told before. */
  stop(): void;
}

/** Of someone who has not said anything yet. */
export const nothingKnown: OtherView["them"] = {
  muted: false,
  cameraOff: false,
  sharing: false,
  pictureHeld: false,
  hears: undefined,
};

interface Early {
  attempt: number;
  data: SignalData;
  proof: string | undefined;
}

const MOST_EARLY = 200;

/** Runs the engine: what happens becomes events, what is asked for is done. */
export function openLeg({ visitId, me, them, line, media, certificate, iceServers, vouching, on }: LegOptions): Leg {
  const life = new AbortController();
  let state: CallState = begin;
  let peer:
    | { attempt: number; life: AbortController; hear(early: Early): void; ready: Promise<CallPeer | undefined> }
    | undefined;
  let pipe: Pipe | undefined;
  let early: Early[] = [];
  /** Nothing arrives from them. */
  let deaf = true;
  let view: OtherView = {
    member: them,
    side: sideOf(them),
    state,
    remote: null,
    them: nothingKnown,
    sends: "full",
    open: false,
  };
  const show = (change: Partial<OtherView>) => {
    view = { ...view, ...change };
    on.changed();
  };

  const dispatch = (event: CallEvent) => {
    const [next, effects] = step(state, event);
    state = next;
    if (event.type === "left") show({ state: next, remote: null });
    else if (next !== view.state) show({ state: next });
    for (const effect of effects) perform(effect);
  };

  const perform = (effect: CallEffect) => {
    switch (effect.do) {
      case "build":
        return build(effect.attempt);
      case "close":
        peer?.life.abort();
        peer = undefined;
        return closePipe();
      case "ask-rebuild":
        return void line.ask("call:rebuild", { visitId, with: them, attempt: effect.attempt }).then(
          ({ attempt }) => dispatch({ type: "rebuilt", attempt }),
          (fault) => on.refused(fault) || later(life.signal, () => dispatch({ type: "ask-failed" })),
        );
      case "probe":
        return void line.probe().then((good) => good && dispatch({ type: "line-good" }));
      case "be-patient":
        return later(life.signal, () => dispatch({ type: "patience-over", attempt: effect.attempt }), effect.ms);
      case "leave":
        return on.leave();
    }
  };

  const build = (attempt: number) => {
    const controller = new AbortController();
    const { signal } = controller;
    const of: Negotiation = { visitId, me, them, attempt };
    const inOrder = (work: (item: Early) => Promise<void>) => {
      let last = Promise.resolve();
      return (item: Early) => {
        last = last.then(() => (signal.aborted ? undefined : work(item))).catch(notHeld);
      };
    };
    const failed = () => dispatch({ type: "peer-failed", attempt });
    /** What could not be checked is not used either, but is nobody's lie. */
    const notHeld = (why: unknown) => {
      if (signal.aborted) return;
      if (!(why instanceof NotPrivate || why instanceof Unnamed)) return failed();
      controller.abort();
      if (why instanceof NotPrivate) on.notPrivate(why);
      else on.unnamed();
    };
    /** What arrives or not is said over the server, since the other way may be the broken one. */
    const nowHears = (hears: boolean) => {
      deaf = !hears;
      send({ attempt, data: { type: "hearing", hears }, proof: undefined });
    };
    const send = inOrder(async ({ data }) => {
      const proof = isDescription(data) ? await vouching.vouch(data, of) : undefined;
      if (signal.aborted) return;
      const signalled = { visitId, to: them, attempt, data, ...(proof === undefined ? {} : { proof }) };
      // Not waited for: the socket keeps the order.
      void line.ask("call:signal", signalled).catch((fault: unknown) => void on.refused(fault));
    });
    const ready = certificate.then((made) => {
      if (signal.aborted) return undefined;
      return openPeer({
        initiator: offers(me, them),
        iceServers: iceServers(),
        certificate: made,
        outgoing: media.outgoing,
        signal,
        confirm: (connection) => vouching.confirm(connection, of),
        on: {
          signal: (data) => send({ attempt, data, proof: undefined }),
          connected: (opened) => {
            pipe = opened;
            deaf = false;
            show({ open: true, sends: "full", them: { ...view.them, pictureHeld: false, hears: undefined } });
            on.opened(opened);
            dispatch({ type: "peer-connected", attempt });
          },
          failed,
          notConfirmed: notHeld,
          stream: (remote) => show({ remote }),
          message: (message) => {
            if (message.is === "picture") return show({ them: { ...view.them, pictureHeld: message.held } });
            if (message.is !== "hello") return on.message(message);
            const { muted, cameraOff, sharing } = message;
            show({ them: { ...view.them, muted, cameraOff, sharing } });
          },
          sends: (level) => {
            show({ sends: level });
            pipe?.say({ is: "picture", held: level === "sound-only" });
          },
          piece: on.piece,
          starved: () => {
            nowHears(false);
            dispatch({ type: "starved", attempt });
          },
          fed: () => {
            nowHears(true);
            dispatch({ type: "fed", attempt });
          },
        },
      });
    });
    const hear = inOrder(async ({ data, proof }) => {
      if (data.type === "hearing") {
        show({ them: { ...view.them, hears: data.hears } });
        if (!data.hears && !deaf) nowHears(true);
        return;
      }
      if (isDescription(data)) await vouching.check(data, proof, of);
      (await ready)?.hear(data);
    });
    peer = { attempt, life: controller, hear, ready };
    const waited = early.filter((one) => one.attempt === attempt);
    early = early.filter((one) => one.attempt > attempt);
    for (const one of waited) hear(one);
  };

  const closePipe = () => {
    if (!pipe) return;
    pipe = undefined;
    show({ open: false });
    on.closed();
  };

  return {
    get view() {
      return view;
    },
    dispatch,
    hear(attempt, data, proof) {
      const item = { attempt, data, proof };
      dispatch({ type: "heard" });
      if (attempt === peer?.attempt) peer.hear(item);
      else if (attempt > state.attempt && early.length < MOST_EARLY) early.push(item);
    },
    say(message) {
      pipe?.say(message);
      return pipe !== undefined;
    },
    replace: (before, now) => void peer?.ready.then((opened) => opened?.replace(before, now)),
    stats: async () => (await peer?.ready)?.stats(),
    reach: (servers) => void peer?.ready.then((opened) => opened?.reach(servers)),
    stop() {
      if (life.signal.aborted) return;
      life.abort();
      peer?.life.abort();
      peer = undefined;
      closePipe();
      show({ remote: null });
    },
  };
}

const isDescription = (data: SignalData): data is Description =>
  data.type === "offer" || data.type === "answer" || data.type === "pranswer";
