import type { Entry } from "../audit/entry.ts";
import type { Evidence } from "../audit/evidence.ts";
import { Kind } from "../consent/grant.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import type { Look, Looker } from "./looks.ts";

/** What of a look may be other than the log has it. */
export type LookPart = "who" | "what" | "when" | "about" | "permission" | "refusal";

export interface HeldLooks {
  /** Looks that are not what the log has, by their numbers: no part where the log has no such line of this visit. */
  readonly wrong: ReadonlyMap<number, readonly LookPart[]>;
  /** Lines of the log that were not shown, though they were there when the looks were read. */
  readonly hidden: readonly number[];
  /** Whether the log has that these looks were read. */
  readonly readingLogged: boolean;
}

/**
 * Holds all that a patient was shown of one visit to the lines of its evidence, which must have been verified, and made
 * after the looks were read. `signer` is the patient's in this visit, `nonce` what they drew for this reading.
 */
export function holdLooks(
  looks: readonly Look[],
  { lines }: Pick<Evidence, "lines">,
  signer: string,
  nonce: string,
): HeldLooks {
  const logged = new Map(lines.map(({ entry }) => [entry.number, entry]));
  const people = peopleIn(lines, signer);
  const names = new Map<string, string | null>();
  const wrong = new Map<number, readonly LookPart[]>();
  for (const look of looks) {
    const entry = logged.get(look.number);
    const parts = entry ? differences(look, entry, people) : [];
    // Which name a reader has only the practice says, but not two of one, or one of two.
    if (entry && look.who === "reader" && parts.length === 0) {
      const { id } = entry.actor;
      const other = [...names].some(([one, name]) => (one === id) !== (name === look.name));
      if (other) parts.push("who");
      names.set(id, look.name);
    }
    if (!entry || parts.length > 0) wrong.set(look.number, parts);
  }
  const shown = new Set(looks.map(({ number }) => number));
  const newest = Math.max(0, ...shown);
  // Reading them is the patient's own line, and what the log has before it they had to be shown.
  const isReading = ({ action, actor, detail }: Entry) =>
    action === "looks.read" && actor.id === people.own && detail.nonce === nonce;
  const reading = lines.find(({ entry }) => isReading(entry))?.entry.number;
  const hidden = [...logged.keys()].filter((number) => number < (reading ?? newest) && !shown.has(number));
  return { wrong, hidden, readingLogged: reading !== undefined };
}

interface People {
  readonly doctor: string | undefined;
  readonly own: string;
  /** Whom the patient ever let read. */
  readonly readers: ReadonlySet<unknown>;
}

const peopleIn = (lines: Evidence["lines"], signer: string): People => ({
  doctor: lines.find(({ entry }) => entry.action === "visit.created")?.entry.actor.id,
  own: pseudonymOf(signer),
  readers: new Set(lines.flatMap(({ entry }) => (entry.action === "share.granted" ? [entry.detail.reader] : []))),
});

function differences(look: Look, entry: Entry, people: People): LookPart[] {
  const same: Record<LookPart, boolean> = {
    who: look.who === whoIs(entry, people),
    what: look.action === entry.action,
    when: look.at === entry.at,
    about: look.object === entry.object && look.kind === (Kind.safeParse(entry.detail.kind).data ?? null),
    permission: look.consent === entry.consent,
    refusal: look.refusal === entry.refusal,
  };
  return (Object.keys(same) as LookPart[]).filter((part) => !same[part]);
}

/** Whom the log means, as its patient is told. */
function whoIs({ actor }: Entry, { doctor, own, readers }: People): Looker {
  if (actor.is === "staff") return actor.id === doctor ? "doctor" : readers.has(actor.id) ? "reader" : "staff";
  if (actor.is === "patient") return actor.id === own ? "you" : "anyone";
  return actor.is === "nobody" ? "anyone" : actor.is;
}
