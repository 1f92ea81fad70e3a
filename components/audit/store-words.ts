import { counted, figure } from "@/components/ui/text.ts";
import { dayAndClock } from "@/components/ui/times.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { enoughOf, type StoreFigures } from "@/lib/audit/stores.ts";

type Storage = Overview["storage"];

/** What is said of the stores, and how grave it is. */
interface Told {
  readonly tone: "well" | "unknown" | "warning" | "danger";
  readonly title: string;
  readonly text: string;
}

/** `the folder /srv/files`, `the bucket blobs at s3.example.org`. */
export function placeOf({ name }: Pick<StoreFigures, "name">): string {
  if (name.startsWith("file:")) return `the folder ${name.slice("file:".length)}`;
  const { host, pathname } = new URL(name.slice("s3:".length));
  return `the bucket ${pathname.slice(1)} at ${host}`;
}

const inSentence = (at: string, now: Date) =>
  dayAndClock(new Date(at), now).replace(/^(Today|Yesterday)/, (word) => word.toLowerCase());
const files = (n: number) => counted(n, "file", "files");

/** One row for all that is well, and one for each store that isn't. */
export function storesTold({ stores, lost }: Storage, now: Date): Told[] {
  const told = stores.flatMap((store) => inTrouble(store, now) ?? []);
  return [...lostFiles(lost), summaryOf(stores, now), ...told].filter((one) => one !== null);
}

function summaryOf(stores: readonly StoreFigures[], now: Date): Told | null {
  const well = stores.filter(({ state, owed }) => state === "up" && owed === 0);
  const [first] = well;
  if (!first) return null;
  const mended = stores.reduce((sum, { repaired }) => sum + repaired, 0);
  const since = well.flatMap(({ checkedSince }) => checkedSince ?? []).sort()[0];
  const unread = Math.max(...well.map((store) => store.unread));
  const place =
    well.length === stores.length ? `in ${counted(well.length, "store", "stores")}` : `in ${placeOf(first)}`;
  const text = [
    since ? `each read and compared since ${inSentence(since, now)}` : "none read and compared yet",
    since && unread > 0 ? `${figure(unread)} newer ${unread === 1 ? "is" : "are"} next` : null,
    mended > 0 ? `${counted(mended, "copy was", "copies were")} put right so far` : null,
  ];
  if (first.files === 0) return { tone: "unknown", title: "No files are kept yet", text: `They will be ${place}.` };
  const title = `${files(first.files)} ${place}, all whole`;
  return { tone: since ? "well" : "unknown", title, text: `${text.filter(Boolean).join("; ")}.` };
}

function inTrouble(store: StoreFigures, now: Date): Told | null {
  const { state, owed } = store;
  const place = placeOf(store);
  const since = inSentence(store.since, now);
  const behind = owed > 0 ? ` It lacks ${files(owed)}, which will be copied to it from the others.` : "";
  if (state === "away") return { tone: "warning", title: `No answer from ${place}`, text: `Since ${since}.${behind}` };
  if (state === "full")
    return {
      tone: "warning",
      title: `No room in ${place}`,
      text: `Since ${since}. What is there can be read.${behind}`,
    };
  if (state === "foreign") {
    const text = `Its mark, “assent-store”, is not the one we left there, so nothing is read from it or written to it.`;
    return { tone: "danger", title: `Another installation’s: ${place}`, text };
  }
  if (owed === 0) return null;
  const text = `${files(owed)} ${owed === 1 ? "is" : "are"} being copied to it from the others.`;
  return { tone: "warning", title: `Being put right: ${place}`, text };
}

const lostFiles = (lost: number): Told[] =>
  lost === 0
    ? []
    : [
        {
          tone: "danger",
          title: `${files(lost)} whole in no store`,
          text: "A store that is away may still have them, or a backup. The server’s log names them.",
        },
      ];

/** What can't wait until somebody scrolls down to it; null when nothing of the sort. */
export function storesAlarm({ stores, lost }: Storage): Told | null {
  const up = stores.filter(({ state }) => state === "up").length;
  if (up < enoughOf(stores.length)) {
    const full = stores.some(({ state }) => state === "full");
    const title = full ? "The stores for files are full" : "Too few stores for files can be reached";
    return {
      tone: "danger",
      title,
      text: "No new file can be kept in a visit until this is mended. Calls, permissions and prescriptions go on.",
    };
  }
  if (lost > 0) return lostFiles(lost)[0]!;
  if (up === stores.length) return null;
  const missing = stores.length - up;
  return {
    tone: "warning",
    title: `${counted(missing, "store", "stores")} for files can’t be used`,
    text: "Nothing is lost: files are kept in the others, and copied once it is back. Which one it is stands below, under Storage.",
  };
}
