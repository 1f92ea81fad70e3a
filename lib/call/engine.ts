/**
 * One leg of a call, which is this page's connection with one other member, as a value and a step. Whoever runs it hands in
 * what happened and does what is asked; the engine outlives the peers it has built. `attempt` numbers those peers: it never goes
 * down, and what an earlier one still says is late.
 */

export type Why = "hung-up" | "ended" | "revoked" | "replaced" | "not-private" | "lost";

/** Where a running call stands, whatever is shown of it. */
interface Footing {
  /** The highest attempt seen; 0 before there was one. */
  attempt: number;
  /** The other side is in the call, as far as the server has told. */
  present: boolean;
  /** The line to the server is up and we have entered. Media goes on without it. */
  line: boolean;
  /** A peer is built and not closed. */
  peer: boolean;
  /** This peer has carried sound or picture already. */
  carried: boolean;
  /** Since this peer fell silent, the other side was heard over the server. */
  heard: boolean;
  /** We asked for the next attempt and have not been told it yet. */
  asking: boolean;
}

export type CallState =
  | ({ is: "waiting" } & Footing)
  | ({ is: "connecting" } & Footing)
  | ({ is: "live" } & Footing)
  | ({ is: "reconnecting"; tries: number } & Footing)
  | { is: "over"; why: Why; attempt: number };

export type CallEvent =
  /** The server let us in. */
  | { type: "entered"; present: boolean; attempt: number }
  /** News about the other side. */
  | { type: "present"; present: boolean; attempt: number }
  /** The other side said something over the server. */
  | { type: "heard" }
  /** The other side is out of the call, and not only its line. */
  | { type: "left" }
  /** Both build this attempt now. */
  | { type: "rebuilt"; attempt: number }
  | { type: "line-lost" }
  /** We asked whether the line is alive, and it is. */
  | { type: "line-good" }
  | { type: "peer-connected"; attempt: number }
  /** It failed, was closed by the other side, or did not connect in time. */
  | { type: "peer-failed"; attempt: number }
  /** No bytes for a second. */
  | { type: "starved"; attempt: number }
  /** Bytes again. */
  | { type: "fed"; attempt: number }
  /** A pause after `line-good` or `entered` went by. */
  | { type: "patience-over"; attempt: number }
  /** Asking for the next attempt was not answered. */
  | { type: "ask-failed" }
  | { type: "hang-up" }
  | { type: "ended" }
  | { type: "revoked" }
  | { type: "replaced" }
  /** What was negotiated is not what the other side signed. */
  | { type: "not-private" }
  /** The server does not let us in, and will not. */
  | { type: "refused" };

export type CallEffect =
  /** Always after the `close` of the one before. */
  | { do: "build"; attempt: number }
  | { do: "close"; attempt: number }
  /** Tell the server that `attempt` is dead; `rebuilt` or `ask-failed` follows. */
  | { do: "ask-rebuild"; attempt: number }
  /** Is the line alive? `line-good`, or `line-lost` and later `entered`, follows. */
  | { do: "probe" }
  /** Give a starved peer this long before it is given up. */
  | { do: "be-patient"; attempt: number; ms: number }
  | { do: "leave" };

/** Bytes come back within this time after the line is good, if the old peer can still be used. */
const PATIENCE_MS = 700;
/** A peer that has carried nothing yet gets this long: its signals may have been lost with the line. */
const FIRST_PATIENCE_MS = 3_000;

export const begin: CallState = {
  is: "waiting",
  attempt: 0,
  present: false,
  line: false,
  peer: false,
  carried: false,
  heard: false,
  asking: false,
};

type Running = Exclude<CallState, { is: "over" }>;
type Step = [CallState, CallEffect[]];

export function step(state: CallState, event: CallEvent): Step {
  if (state.is === "over") return [state, []]; // over is over: late events change nothing
  switch (event.type) {
    case "entered":
      return arrive({ ...state, line: true, asking: false }, event.present, event.attempt);
    case "present":
      // Only who has entered is told, also of someone who came later and whose leg knows of no line yet.
      return arrive({ ...state, line: true }, event.present, event.attempt);
    case "left": {
      const close: CallEffect[] = state.peer ? [{ do: "close", attempt: state.attempt }] : [];
      return [{ ...footing(state), is: "waiting", present: false, peer: false, carried: false, asking: false }, close];
    }
    case "rebuilt":
      if (event.attempt > state.attempt) return build({ ...state, asking: false }, event.attempt);
      return state.peer ? [{ ...state, asking: false }, []] : giveUpOn({ ...state, asking: false });
    case "line-lost":
      return [{ ...state, line: false, asking: false }, []];
    case "heard":
      return state.is === "reconnecting" && !state.heard ? recover({ ...state, heard: true }) : [state, []];
    case "ask-failed":
      return [{ ...state, asking: false }, state.line ? [{ do: "probe" }] : []];
    case "line-good":
      return recover(state);
    case "hang-up":
      return over(state, "hung-up", [{ do: "leave" }]);
    case "ended":
    case "revoked":
    case "replaced":
    case "not-private":
      return over(state, event.type);
    case "refused":
      return over(state, "lost");
    default:
      return event.attempt === state.attempt ? ofPeer(state, event) : [state, []]; // late events of an earlier attempt
  }
}

function ofPeer(
  state: Running,
  event: Extract<CallEvent, { type: "peer-connected" | "peer-failed" | "starved" | "fed" | "patience-over" }>,
): Step {
  switch (event.type) {
    case "peer-connected":
    case "fed":
      return state.peer ? [{ ...footing(state), carried: true, is: "live" }, []] : [state, []];
    case "starved":
      return state.is === "live"
        ? [{ ...footing(state), heard: false, is: "reconnecting", tries: 1 }, [{ do: "probe" }]]
        : [state, []];
    case "patience-over":
      // Of whom the server hears nothing either could build nothing new, and this peer goes on when their line does.
      return state.is === "live" || (state.carried && !state.heard) ? [state, []] : giveUpOn(state);
    case "peer-failed": {
      if (!state.peer) return [state, []];
      const [next, effects] = giveUpOn({ ...fallen(state), peer: false });
      return [next, [{ do: "close", attempt: state.attempt }, ...effects]];
    }
  }
}

/** The other side is there or not, and this is the attempt both hold now. */
function arrive(before: Running, present: boolean, attempt: number): Step {
  const state = { ...before, present, heard: present };
  if (attempt <= state.attempt) return present ? recover(state) : [state, []];
  if (present) return build(state, attempt);
  // The other side went on without us and is gone now: what we hold is of an attempt that nobody holds any more.
  const shown = state.peer ? { ...fallen(state), peer: false } : state;
  return [{ ...shown, attempt }, state.peer ? [{ do: "close", attempt: state.attempt }] : []];
}

/** The server can be asked and the other side is there: a dead peer is replaced now, a silent one after some patience. */
function recover(state: Running): Step {
  if (state.is === "live") return [state, []];
  if (!state.peer) return giveUpOn(state);
  return [state, [{ do: "be-patient", attempt: state.attempt, ms: state.carried ? PATIENCE_MS : FIRST_PATIENCE_MS }]];
}

/** The peer of this attempt is of no more use: ask for the next, if there is anyone to ask and to talk to. Asked once at a time. */
function giveUpOn(state: Running): Step {
  if (!state.line || !state.present || state.asking || state.attempt === 0) return [state, []];
  return [{ ...state, asking: true }, [{ do: "ask-rebuild", attempt: state.attempt }]];
}

function build(state: Running, attempt: number): Step {
  const close: CallEffect[] = state.peer ? [{ do: "close", attempt: state.attempt }] : [];
  const next: Footing = { ...footing(state), attempt, peer: true, carried: false, present: true };
  const shown: CallState =
    state.is === "waiting" ? { ...next, is: "connecting" } : { ...next, is: "reconnecting", tries: triesOf(state) + 1 };
  return [shown, [...close, { do: "build", attempt }]];
}

const triesOf = (state: Running) => (state.is === "reconnecting" ? state.tries : 0);
const fallen = (state: Running): Running => ({
  ...footing(state),
  is: "reconnecting",
  tries: Math.max(1, triesOf(state)),
});
const footing = (s: Running): Footing => ({
  attempt: s.attempt,
  present: s.present,
  line: s.line,
  peer: s.peer,
  carried: s.carried,
  heard: s.heard,
  asking: s.asking,
});

function over(state: Running, why: Why, more: CallEffect[] = []): Step {
  const close: CallEffect[] = state.peer ? [{ do: "close", attempt: state.attempt }] : [];
  return [{ is: "over", why, attempt: state.attempt }, [...close, ...more]];
}
