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
 * after the looks were read. `signer` is the patient's in this visit.
 */
export function holdLooks(looks: readonly Look[], { lines }: Pick<Evidence, "lines">, signer: string): HeldLooks {
  const logged = new Map(lines.map(({ entry }) => [entry.number, entry]));
  const doctor = lines.find(({ entry }) => entry.action === "visit.created")?.entry.actor.id;
  const own = pseudonymOf(signer);
  const wrong = new Map<number, readonly LookPart[]>();
  for (const look of looks) {
    const entry = logged.get(look.number);
    const parts = entry ? differences(look, entry, whoIs(entry, doctor, own)) : [];
    if (!entry || parts.length > 0) wrong.set(look.number, parts);
  }
  const shown = new Set(looks.map(({ number }) => number));
  const newest = Math.max(0, ...shown);
  // Reading them is the patient's own line, and what the log has before it they had to be shown.
  const isReading = ({ number, action, actor }: Entry) =>
    number > newest && action === "looks.read" && actor.id === own;
  const reading = lines.find(({ entry }) => isReading(entry))?.entry.number;
  const hidden = [...logged.keys()].filter((number) => number < (reading ?? newest) && !shown.has(number));
  return { wrong, hidden, readingLogged: reading !== undefined };
}

function differences(look: Look, entry: Entry, who: readonly Looker[]): LookPart[] {
  const same: Record<LookPart, boolean> = {
    who: who.includes(look.who),
    what: look.action === entry.action,
    when: look.at === entry.at,
    about: look.object === entry.object && look.kind === (Kind.safeParse(entry.detail.kind).data ?? null),
    permission: look.consent === entry.consent,
    refusal: look.refusal === entry.refusal,
  };
  return (Object.keys(same) as LookPart[]).filter((part) => !same[part]);
}

/** Whom the log means, as its patient may be told. It names no reader: a name is the practice's word for one of the staff. */
function whoIs({ actor }: Entry, doctor: string | undefined, own: string): readonly Looker[] {
  if (actor.is === "staff") return actor.id === doctor ? ["doctor"] : ["staff", "reader"];
  if (actor.is === "patient") return actor.id === own ? ["you"] : ["anyone"];
  return [actor.is === "nobody" ? "anyone" : actor.is];
}
