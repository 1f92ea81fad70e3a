import { Refusal } from "../refusal.ts";
import { Chat, type ChatMessage } from "./chat.ts";
import { begin, type CallEffect, type CallEvent, type CallState, step } from "./engine.ts";
import type { Line } from "./line.browser.ts";
import type { Media } from "./media.browser.ts";
import type { Side } from "./member.ts";
import { type CallPeer, makeCertificate, openPeer } from "./peer.browser.ts";
import type { IceServer, PeerMessage, SignalData } from "./protocol.ts";
import { type Pipe, type Transfer, Transfers, type TransfersOptions } from "./transfers.ts";

export type { ChatMessage } from "./chat.ts";
export type { CallState, Why } from "./engine.ts";
export type { Transfer } from "./transfers.ts";

export interface CallView {
  state: CallState;
  /** The other side's sound and picture; kept while reconnecting, so that the last picture stays. */
  remote: MediaStream | null;
  them: { muted: boolean; cameraOff: boolean; sharing: boolean };
  chat: readonly ChatMessage[];
  files: readonly Transfer[];
  /** Messages and files can be sent now. */
  open: boolean;
}

export interface Call {
  subscribe(listener: () => void): () => void;
  getSnapshot(): CallView;
  readonly media: Media;
  /** False when it is empty or too long. */
  say(text: string): boolean;
  sendFile(file: File): string;
  cancelFile(id: string): void;
  retryFile(id: string): void;
  /** Out of the call, for good. Does not end the visit. */
  leave(): void;
}

interface CallOptions {
  visitId: string;
  side: Side;
  line: Line;
  media: Media;
  /** The page's lifetime: the call leaves with it. */
  signal: AbortSignal;
  record?: TransfersOptions["record"];
  recordFirst?: () => boolean;
}

const AGAIN_MS = 1_000;

/** Runs the engine: what happens becomes events, what is asked for is done. Starts at once, and comes back by itself until it is over. */
export function openCall({ visitId, side, line, media, signal, record, recordFirst }: CallOptions): Call {
  const certificate = makeCertificate();
  const listeners = new Set<() => void>();
  let state: CallState = begin;
  let peer: { attempt: number; life: AbortController; ready: Promise<CallPeer | undefined> } | undefined;
  let pipe: Pipe | undefined;
  let early: { attempt: number; data: SignalData }[] = [];
  let iceServers: IceServer[] = [];
  let entering = false;
  let told = false;

  const chat = new Chat((message) => {
    pipe?.say(message);
    return pipe !== undefined;
  });
  const transfers = new Transfers({
    changed: () => show({ files: transfers.list }),
    recordFirst: recordFirst ?? (() => false),
    ...(record ? { record } : {}),
  });
  let view: CallView = {
    state,
    remote: null,
    them: { muted: false, cameraOff: false, sharing: false },
    chat: [],
    files: [],
    open: false,
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

  const dispatch = (event: CallEvent) => {
    if (signal.aborted && event.type !== "hang-up") return;
    const [next, effects] = step(state, event);
    state = next;
    if (next !== view.state) show({ state: next });
    for (const effect of effects) perform(effect);
    if (next.is === "over") stop();
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
        return void line.ask("call:rebuild", { visitId, attempt: effect.attempt }).then(
          ({ attempt }) => dispatch({ type: "rebuilt", attempt }),
          (fault) => refused(fault) || later(() => dispatch({ type: "ask-failed" })),
        );
      case "probe":
        return void line.probe().then((good) => good && dispatch({ type: "line-good" }));
      case "be-patient":
        return void later(() => dispatch({ type: "patience-over", attempt: effect.attempt }), effect.ms);
      case "leave":
        return void line.ask("call:leave", { visitId }).catch(() => {});
    }
  };

  const later = (what: () => void, ms = AGAIN_MS) => {
    const timer = setTimeout(what, ms);
    life.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    return timer;
  };

  /** True when the refusal says how the call stands; otherwise it may be tried again. */
  const refused = (fault: unknown): boolean => {
    if (!(fault instanceof Refusal)) return false;
    switch (fault.code) {
      case "consent.not-live":
        dispatch({ type: "revoked" });
        return true;
      case "visit.over":
        dispatch({ type: "ended" });
        return true;
      case "visit.not-found":
      case "auth.needed":
      case "auth.not-allowed":
        dispatch({ type: "refused" });
        return true;
      case "visit.wrong-state":
        later(() => void enter());
        return true;
      default:
        return false;
    }
  };

  const enter = async () => {
    if (entering || state.is === "over" || life.signal.aborted) return;
    entering = true;
    try {
      const answer = await line.ask("call:enter", { visitId, attempt: state.attempt, holding: state.peer });
      iceServers = answer.iceServers;
      entering = false;
      dispatch({ type: "entered", present: answer.present, attempt: answer.attempt });
    } catch (fault) {
      entering = false;
      if (!refused(fault)) later(() => line.connected.getSnapshot() && void enter());
    }
  };

  const build = (attempt: number) => {
    const controller = new AbortController();
    const mine: NonNullable<typeof peer> = {
      attempt,
      life: controller,
      ready: certificate.then((made) => {
        if (controller.signal.aborted) return undefined;
        return openPeer({
          initiator: side === "clinician",
          iceServers,
          certificate: made,
          outgoing: media.outgoing,
          signal: controller.signal,
          on: {
            signal: (data) =>
              void line.ask("call:signal", { visitId, attempt, data }).catch((fault: unknown) => void refused(fault)),
            connected: (opened) => {
              pipe = opened;
              hello();
              transfers.attach(opened);
              chat.resume();
              show({ open: true, chat: chat.list });
              dispatch({ type: "peer-connected", attempt });
            },
            failed: () => dispatch({ type: "peer-failed", attempt }),
            stream: (remote) => show({ remote }),
            message: hear,
            piece: (piece) => transfers.take(piece),
            starved: () => dispatch({ type: "starved", attempt }),
            fed: () => dispatch({ type: "fed", attempt }),
          },
        });
      }),
    };
    peer = mine;
    const waited = early.filter((one) => one.attempt === attempt);
    early = early.filter((one) => one.attempt > attempt);
    void mine.ready.then((opened) => {
      for (const { data } of waited) opened?.hear(data);
    });
  };

  const closePipe = () => {
    if (!pipe) return;
    pipe = undefined;
    transfers.detach();
    show({ open: false });
  };

  const hello = () => {
    const { muted, microphone, camera, sharing } = media.getSnapshot();
    pipe?.say({ is: "hello", muted: muted || microphone.is !== "on", cameraOff: camera.is !== "on", sharing });
  };

  const hear = (message: PeerMessage) => {
    if (message.is === "hello") {
      const { muted, cameraOff, sharing } = message;
      show({ them: { muted, cameraOff, sharing } });
    } else if (message.is === "chat") {
      if (chat.hear(message)) show({ chat: chat.list });
    } else transfers.hear(message);
  };

  const life = new AbortController();
  const offs = [
    line.on("call:present", (m) => {
      if (m.visitId === visitId && m.side !== side)
        dispatch({ type: "present", present: m.present, attempt: m.attempt });
    }),
    line.on("call:rebuilt", (m) => m.visitId === visitId && dispatch({ type: "rebuilt", attempt: m.attempt })),
    line.on("call:signalled", (m) => {
      if (m.visitId !== visitId || m.from === side) return;
      if (m.attempt === peer?.attempt) void peer.ready.then((opened) => opened?.hear(m.data));
      else if (m.attempt > state.attempt && early.length < 200) early.push({ attempt: m.attempt, data: m.data });
    }),
    line.on("call:replaced", (m) => m.visitId === visitId && dispatch({ type: "replaced" })),
    line.on("consent:revoked", (m) => m.visitId === visitId && dispatch({ type: "revoked" })),
    line.on("visit:changed", (m) => m.visitId === visitId && m.state === "over" && dispatch({ type: "ended" })),
    line.connected.subscribe(() => {
      if (line.connected.getSnapshot()) void enter();
      else dispatch({ type: "line-lost" });
    }),
    media.onReplaced((before, now) => void peer?.ready.then((opened) => opened?.replace(before, now))),
    media.subscribe(hello),
  ];
  const stop = () => {
    if (life.signal.aborted) return;
    life.abort();
    for (const off of offs) off();
    peer?.life.abort();
    peer = undefined;
    closePipe();
    show({ remote: null });
  };
  signal.addEventListener("abort", () => dispatch({ type: "hang-up" }), { once: true });
  if (line.connected.getSnapshot()) void enter();
  void line.ask("visit:watch", { visitId }).catch((fault: unknown) => void refused(fault));

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
    sendFile: (file) => transfers.send(file),
    cancelFile: (id) => transfers.cancel(id),
    retryFile: (id) => transfers.retry(id),
    leave: () => dispatch({ type: "hang-up" }),
  };
}
