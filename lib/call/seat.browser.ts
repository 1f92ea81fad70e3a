import { Refusal } from "../refusal.ts";
import type { CallEvent } from "./engine.ts";
import { later } from "./later.ts";
import type { Line } from "./line.browser.ts";
import type { AskAnswer, AskMessage } from "./protocol.ts";

interface SeatOptions {
  visitId: string;
  line: Line;
  /** The call's life. */
  signal: AbortSignal;
  /** What the page knows of the others now. */
  known: () => AskMessage<"call:enter">["with"];
  /** The server let us in, or in again. */
  entered: (answer: AskAnswer<"call:enter">) => void;
  lineLost: () => void;
  /** The server's refusal says how the call stands for this page. */
  over: (event: CallEvent) => void;
}

/** This page's place in the call on the server. It is taken at once, and again whenever the line was lost. */
export interface Seat {
  /** Something was refused: true when that says how the call stands; otherwise it may be tried again. */
  refused(fault: unknown): boolean;
  /** Taken anew: the server says who is there, and with whom something new is to be built. */
  enter(): void;
  /** Given up, for good. */
  leave(): void;
}

export function openSeat({ visitId, line, signal, known, entered, lineLost, over }: SeatOptions): Seat {
  let entering = false;
  let sits = false;
  let left = false;

  const refused = (fault: unknown): boolean => {
    if (!(fault instanceof Refusal)) return false;
    switch (fault.code) {
      case "consent.not-live":
        over({ type: "revoked" });
        return true;
      case "visit.over":
        over({ type: "ended" });
        return true;
      case "visit.not-found":
      case "auth.needed":
      case "auth.not-allowed":
        over({ type: "refused" });
        return true;
      case "visit.wrong-state":
        later(signal, () => void enter());
        return true;
      default:
        return false;
    }
  };

  /** Of two pages of one person, the one that is looked at takes the seat; one that sits stays, looked at or not. */
  const enter = async () => {
    if (entering || signal.aborted || (!sits && document.visibilityState === "hidden")) return;
    entering = true;
    try {
      const answer = await line.ask("call:enter", { visitId, with: known() });
      if (signal.aborted) return;
      sits = true;
      entered(answer);
    } catch (fault) {
      if (!refused(fault)) later(signal, () => line.connected.getSnapshot() && void enter());
    } finally {
      entering = false;
    }
  };

  /** A line that the server does not open again says so only to who asks. */
  const hearRefusal = async () => {
    try {
      await line.ask("line:probe", {});
    } catch (fault) {
      if (!refused(fault)) later(signal, () => !line.connected.getSnapshot() && void hearRefusal());
    }
  };

  const off = line.connected.subscribe(() => {
    if (line.connected.getSnapshot()) return void enter();
    lineLost();
    void hearRefusal();
  });
  signal.addEventListener("abort", off, { once: true });
  const looked = () => line.connected.getSnapshot() && !sits && void enter();
  document.addEventListener("visibilitychange", looked, { signal });
  if (line.connected.getSnapshot()) void enter();
  void line.ask("visit:watch", { visitId }).catch((fault: unknown) => void refused(fault));

  return {
    refused,
    enter: () => void enter(),
    leave() {
      if (left) return;
      left = true;
      void line.ask("call:leave", { visitId }).catch(() => {});
    },
  };
}
