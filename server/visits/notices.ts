import { eq } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Mail } from "../mail/mail.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { isOf, whole } from "../storage/whole.ts";
import { lock } from "./lock.ts";

/** Whoever is not in the call this long after being let in has the page closed or asleep. */
const PATIENCE_MS = 15_000;
/** Then the mail server is tried again. */
const AGAIN_MS = [10_000, 60_000];

const mailer = { is: "system", id: "mail" } as const;

export type Notices = ReturnType<typeof openNotices>;

/**
 * A waiting patient may leave an address, to be written to once the doctor is ready. It is kept only until they are in the
 * call, the visit is over or the letter is out: `visits.ts` deletes it with the first two, this with the third.
 */
export function openNotices(options: {
  storage: Storage;
  mail: Mail;
  clinicName: (read: Reader) => Promise<string | null>;
  origin: string;
  now: () => Date;
  warn: (error: unknown, what: string) => void;
  patienceMs?: number | undefined;
}) {
  const { storage, mail } = options;
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;

  async function ask(patient: Patient, visitId: string, email: string | null) {
    return storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const w = await whole(tx, visitId);
      if (!w || !isOf(w, patient)) throw new Refusal("visit.not-found");
      if (w.visit.state === "over") throw new Refusal("visit.over");
      // Who has been let in is written to once: another address now would be another letter, to anybody.
      if (email !== null && w.visit.state === "in-call") throw new Refusal("visit.wrong-state");
      if (email === null) await tx.delete(tables.notice).where(eq(tables.notice.visitId, visitId));
      else {
        await tx
          .insert(tables.notice)
          .values({ visitId, email, askedAt: options.now() })
          .onConflictDoUpdate({ target: tables.notice.visitId, set: { email } });
      }
      const action = email === null ? "notice.withdrawn" : "notice.asked";
      return finish({ actor: actorOf(patient), action, visitId }, {});
    });
  }

  function later(visitId: string, ms: number, tried = 0): void {
    if (closed || timers.has(visitId)) return;
    const timer = setTimeout(() => {
      timers.delete(visitId);
      deliver(visitId, tried).catch((error: unknown) => options.warn(error, "a notice could not be looked after"));
    }, ms);
    timer.unref();
    timers.set(visitId, timer);
  }

  async function deliver(visitId: string, tried: number): Promise<void> {
    const [found] = await storage.read
      .select({ email: tables.notice.email, state: tables.visit.state })
      .from(tables.notice)
      .innerJoin(tables.visit, eq(tables.visit.id, tables.notice.visitId))
      .where(eq(tables.notice.visitId, visitId));
    if (found?.state !== "in-call") return;
    try {
      await mail.send(letterTo(found.email, (await options.clinicName(storage.read)) ?? "", visitId));
      await settle(visitId, "notice.sent");
    } catch (error) {
      options.warn(error, "a mail to a waiting patient did not leave");
      const again = AGAIN_MS[tried];
      if (again === undefined) await settle(visitId, "notice.failed");
      else later(visitId, again, tried + 1);
    }
  }

  async function settle(visitId: string, action: "notice.sent" | "notice.failed"): Promise<void> {
    await storage.transact(async (tx, finish) => {
      await tx.delete(tables.notice).where(eq(tables.notice.visitId, visitId));
      return finish({ actor: mailer, action, visitId, detail: { how: mail.sends ? "mail" : "folder" } }, undefined);
    });
  }

  /** No name and no reason: mail is read by more than its owner. The link is the one that works in the patient's browser only. */
  function letterTo(to: string, clinic: string, visitId: string) {
    return {
      to,
      subject: "Your visit can begin",
      text: [
        `${clinic}: your doctor is ready for your video visit.`,
        "",
        "Open this page in the browser in which you waited:",
        `${options.origin}/join/${visitId}`,
        "",
        "You asked for this mail in the waiting room. Your address has been deleted there.",
        "",
      ].join("\n"),
    };
  }

  return {
    ask,
    /** The doctor has let the patient in. */
    admitted: (visitId: string) => later(visitId, options.patienceMs ?? PATIENCE_MS),
    /** After a start: whom the server before this one had still to write to. */
    async resume(): Promise<void> {
      const rows = await storage.read
        .select({ visitId: tables.notice.visitId })
        .from(tables.notice)
        .innerJoin(tables.visit, eq(tables.visit.id, tables.notice.visitId))
        .where(eq(tables.visit.state, "in-call"));
      for (const { visitId } of rows) later(visitId, options.patienceMs ?? PATIENCE_MS);
    },
    close(): void {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}
