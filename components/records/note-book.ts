import type { Keys } from "@/lib/keyring/keyring.ts";
import { LONGEST_NOTES, openNotes, readNotes, saveNotes, sealNotes } from "@/lib/records/notes.ts";
import { assertNotRolledBack, type Seen, seenOf } from "@/lib/records/seal.ts";
import { forgetSeen, rememberSeen, seenHere } from "@/lib/records/seen.browser.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask } from "@/lib/wire.ts";

export interface NotesView {
  text: string;
  /** `elsewhere`: another page saved meanwhile, and nothing is saved until it is said which of the two stays. */
  state: "reading" | "unread" | "saved" | "unsaved" | "saving" | "failed" | "elsewhere";
  savedAt: string | null;
  fault: unknown;
}

const PAUSE_MS = 1_500;
const AGAIN_MS = 5_000;

/** A visit's notes while they are written: saved by themselves when the hand rests, one save at a time. */
export class NoteBook {
  #view: NotesView = { text: "", state: "unread", savedAt: null, fault: null };
  /** What was made or opened here last. */
  #seen: Seen | null = null;
  #other: { text: string; seen: Seen; savedAt: string } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saving = false;
  #opening: Promise<void> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #visitId: string;
  readonly #keys: Keys;
  readonly #what: string;

  constructor(visitId: string, keys: Keys) {
    this.#visitId = visitId;
    this.#keys = keys;
    this.#what = `notes/${visitId}`;
  }

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  getSnapshot = () => this.#view;

  #show(change: Partial<NotesView>) {
    this.#view = { ...this.#view, ...change };
    for (const listener of [...this.#listeners]) listener();
  }

  /** Reads them once; again only after it failed, since each look is on the trail. */
  async open(): Promise<void> {
    if (this.#view.state === "unread") this.#opening = this.#openOnce();
    await this.#opening;
  }

  /** Puts a line below what is written and saves it, whether or not the notes are on the page. False where it is not kept, and nothing is written. */
  async add(line: string): Promise<boolean> {
    await this.open();
    const text = [this.#view.text, line].filter(Boolean).join("\n");
    const { state } = this.#view;
    if (state === "unread" || state === "elsewhere" || text.length > LONGEST_NOTES) return false;
    this.write(text);
    await this.flush();
    return true;
  }

  async #openOnce(): Promise<void> {
    this.#show({ state: "reading", fault: null });
    try {
      const kept = await this.#read();
      this.#seen = kept?.seen ?? null;
      this.#show({ state: "saved", text: kept?.text ?? "", savedAt: kept?.savedAt ?? null });
    } catch (fault) {
      this.#show({ state: "unread", fault });
    }
  }

  /** The server gave older notes than were seen here; the doctor says that they are to be used. */
  async takeOlder(): Promise<void> {
    forgetSeen(this.#what);
    await this.open();
  }

  write(text: string) {
    const { state } = this.#view;
    if (state === "unread" || state === "reading") return;
    this.#show({ text, state: state === "elsewhere" ? state : "unsaved" });
    this.#later(PAUSE_MS);
  }

  /** Saves at once what is not saved: the page may go. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#saving || (this.#view.state !== "unsaved" && this.#view.state !== "failed")) return;
    this.#saving = true;
    const { text } = this.#view;
    this.#show({ state: "saving" });
    try {
      const sealed = await sealNotes(this.#visitId, text, this.#seen, this.#keys);
      const { savedAt } = await ask(saveNotes, { visitId: this.#visitId, ...sealed });
      this.#saw(await seenOf(sealed));
      this.#show({ savedAt, state: this.#view.text === text ? "saved" : "unsaved", fault: null });
    } catch (fault) {
      await this.#missed(fault);
    }
    this.#saving = false;
    if (this.#view.state === "unsaved") this.#later(PAUSE_MS);
  }

  /** Of two texts, the one that stays. */
  settle(which: "mine" | "other") {
    const other = this.#other;
    if (!other || this.#view.state !== "elsewhere") return;
    this.#other = null;
    this.#seen = other.seen;
    if (which === "other") return this.#show({ text: other.text, state: "saved", savedAt: other.savedAt, fault: null });
    this.#show({ state: "unsaved", fault: null });
    void this.flush();
  }

  async #missed(fault: unknown): Promise<void> {
    if (fault instanceof Refusal && fault.code === "notes.newer") {
      const kept = await this.#read().catch(() => null);
      if (kept) {
        this.#other = kept;
        // Saved, but the answer was lost on the way: it is our own text that is there.
        if (kept.text === this.#view.text) {
          this.#seen = kept.seen;
          return this.#show({ state: "saved", savedAt: kept.savedAt, fault: null });
        }
        return this.#show({ state: "elsewhere", fault });
      }
    }
    this.#show({ state: "failed", fault });
    this.#later(AGAIN_MS);
  }

  async #read() {
    const { notes } = await ask(readNotes, { visitId: this.#visitId });
    if (!notes) return null;
    const text = await openNotes(this.#visitId, notes, this.#keys);
    const seen = await assertNotRolledBack(notes, seenHere(this.#what));
    rememberSeen(this.#what, seen);
    return { text, seen, savedAt: notes.savedAt };
  }

  #saw(seen: Seen) {
    this.#seen = seen;
    rememberSeen(this.#what, seen);
  }

  #later(ms: number) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }
}

/** One book a visit and key, in this page's memory only: the call and the summary write in the same. */
const books = new Map<string, NoteBook>();
export function noteBookOf(visitId: string, keys: Keys): NoteBook {
  const name = `${visitId} ${keys.signer}`;
  const book = books.get(name) ?? new NoteBook(visitId, keys);
  books.set(name, book);
  return book;
}
