import { type LineFound, qualityOf, typicalOf, type WayOut } from "@/lib/call/line-test.ts";
import type { MediaView, Trouble } from "@/lib/call/media.browser.ts";
import { lineWords } from "../join/line-words.ts";
import { type Heard, SPEAKER_HELP } from "../join/speaker-test.tsx";

/** `open` until it was tried. */
export type Outcome = "open" | "good" | "better" | "bad";

export interface TestLine {
  is: "browser" | "camera" | "microphone" | "speaker" | "line" | "way" | "clock";
  title: string;
  says: string;
  outcome: Outcome;
}

/** Everything that was found out about a device. Undefined where it was not tried yet. */
export interface Facts {
  browser: { name: string; app: string | null; keeps: boolean | undefined };
  camera: MediaView["camera"];
  /** Lines of the picture: 720 of a sharp one. */
  height: number | undefined;
  microphone: MediaView["microphone"];
  heardUs: boolean;
  speaker: Heard;
  /** Null when nothing answered. */
  line: LineFound | null | undefined;
}

export const outcomeWords: Record<Outcome, string> = {
  open: "Not tried yet",
  good: "Good",
  better: "Could be better",
  bad: "Not working",
};

export function linesOf(facts: Facts): TestLine[] {
  return [
    { is: "browser", title: "Browser", ...browser(facts) },
    { is: "camera", title: "Camera", ...camera(facts) },
    { is: "microphone", title: "Microphone", ...microphone(facts) },
    { is: "speaker", title: "Speaker", ...speaker(facts) },
    { is: "line", title: "Your line", ...line(facts) },
    { is: "way", title: "Way to the clinic", ...way(facts) },
    { is: "clock", title: "Clock", ...clock(facts) },
  ];
}

type Told = Pick<TestLine, "says" | "outcome">;
const told = (outcome: Outcome, says: string): Told => ({ outcome, says });

function browser({ browser: { name, app, keeps } }: Facts): Told {
  if (app) return told("better", `${name}, inside ${app}. Open the visit’s link in the browser itself.`);
  if (keeps === false)
    return told("better", `${name}. It keeps nothing, so leave the visit’s page open. A private window does that.`);
  return told(keeps ? "good" : "open", `${name}.${keeps ? " It can keep your keys." : ""}`);
}

/** Of either; what it means that there is none is each one's own. */
const trouble: Record<Trouble, string> = {
  refused: "Blocked: your browser was told not to use it.",
  none: "None found.",
  busy: "Another app is using it. Close that one.",
  unsupported: "This browser can’t use one.",
  broke: "It didn’t start. Unplug it and plug it in again, or restart the device.",
};

function camera({ camera: state, height }: Facts): Told {
  if (state.is === "trouble")
    return state.why === "none"
      ? told("better", `${trouble.none} You could be heard, not seen.`)
      : told("bad", trouble[state.why]);
  if (state.is !== "on" || height === undefined) return told("open", "Choose the button, and allow it.");
  return height >= 480
    ? told("good", "On, and sharp enough to read a label.")
    : told("better", "On, but not very sharp. Come closer when you show something.");
}

function microphone({ microphone: state, heardUs }: Facts): Told {
  if (state.is === "trouble")
    return told("bad", state.why === "none" ? `${trouble.none} You couldn’t be heard.` : trouble[state.why]);
  if (state.is !== "on") return told("open", "Choose the button, and allow it.");
  return heardUs ? told("good", "We hear you clearly.") : told("open", "Say something, so that we can hear you.");
}

function speaker({ speaker: heard }: Facts): Told {
  if (heard === "yes") return told("good", "You heard the three notes.");
  if (heard === "no") return told("bad", `You heard nothing. ${SPEAKER_HELP}`);
  return told("open", heard === "asked" ? "Did you hear three notes?" : "Choose Hear a test sound.");
}

function line({ line: found }: Facts): Told {
  if (found === undefined) return told("open", "Trying it. This takes two seconds.");
  const quality = qualityOf(found);
  const { says, todo } = lineWords[quality];
  return told(quality === "good" ? "good" : quality === "none" ? "bad" : "better", todo ? `${says} ${todo}` : says);
}

const ways: Record<WayOut, Told> = {
  open: told("good", "Open for sound and picture."),
  relay: told("good", "Open through the clinic’s relay, also past a strict firewall."),
  unasked: told("good", "Open. Sound and picture themselves are tried when the visit begins."),
  shut: told(
    "better",
    "A firewall may keep sound and picture out. If the visit doesn’t connect, use mobile data instead of this network.",
  ),
  forbidden: told(
    "bad",
    "This browser was told to keep video calls out. Use another browser, or switch off what blocks them.",
  ),
};

function way({ line: found }: Facts): Told {
  if (found === undefined) return told("open", "Trying it.");
  if (!found) return told("bad", "Nothing answered. Check your connection, then test again.");
  if (!found.socket)
    return told("bad", "This network lets pages through, but no live connection. Use mobile data, or another network.");
  return ways[found.way];
}

/** The server takes a signature whose clock is off by five minutes at most. */
const CLOCK_MS = 240_000;

function clock({ line: found }: Facts): Told {
  if (found === undefined) return told("open", "Trying it.");
  if (!found) return told("open", "Can’t be compared without a line.");
  const off = Math.abs(found.clockAhead);
  const doubt = typicalOf(found.roundTrips);
  if (off > CLOCK_MS) return told("bad", "It is minutes off. Set it to change by itself in the device’s settings.");
  if (off <= 1_000 + doubt) return told("good", "Right to within a second.");
  return told("good", `Right to within ${Math.ceil(off / 60_000) === 1 ? "a minute" : "a few minutes"}.`);
}

/** The whole in one sentence. */
export function verdictOf(lines: readonly TestLine[]): string {
  const count = (outcome: Outcome) => lines.filter((one) => one.outcome === outcome).length;
  const bad = lines.filter((one) => one.outcome === "bad");
  if (bad.length === 1) return `Almost ready: look at “${bad[0]?.title}”`;
  if (bad.length > 1) return `Not ready yet: ${bad.length} things don’t work`;
  if (count("open") > 0) return "So far, so good: some things are still to be tried";
  const better = count("better");
  if (better === 0) return "Ready for a visit";
  return better === 1
    ? "Ready for a visit, with one thing to improve"
    : `Ready for a visit, with ${better} things to improve`;
}

/** For a message to the practice. Nothing in it says whose device it is. */
export function textOf(lines: readonly TestLine[], at: string): string {
  return [
    `Test of a device for a video visit, ${at}`,
    verdictOf(lines),
    ...lines.map((one) => `${one.title}: ${outcomeWords[one.outcome]}. ${one.says}`),
  ].join("\n");
}
