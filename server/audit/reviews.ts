import { and, asc, count, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import {
  type Finding,
  isVisit,
  type KeptStep,
  listFindings,
  listReviews,
  type Review,
  readReview,
  readWaiting,
  stepActions,
  stepHash,
  takeStep,
  textHashOf,
} from "../../lib/audit/review.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import { adminsOf } from "./admins.ts";
import { cursorIn, cursorOf } from "./cursor.ts";
import { standingOf } from "./watch.ts";

const PAGE = 50;
const { entry, finding, review, reviewStep, user, visit } = tables;
type Standing = typeof review.$inferSelect;

/** What admins make of sessions and of what is unusual: each step is a line, and each look at them another. */
export function answerReviews(door: Door, { storage, now }: { storage: Storage; now: () => Date }): void {
  const step = async (staff: Staff, { about, version, step }: z.infer<typeof takeStep.ask>) => {
    await storage.transact(async (tx, finish) => {
      const visitId = await visitOf(tx, about);
      const [before] = await tx.select().from(review).where(eq(review.about, about)).for("update");
      if ((before?.version ?? 0) !== version) throw new Refusal("review.newer");
      if (step.is === "dismiss" || step.is === "close") await assertOfOthers(tx, staff, about);
      const after = await moved(tx, before ?? untouched(about, now()), step);
      const row = { ...after, version: version + 1, changedAt: now() };
      const said = { to: null, code: null, times: null, ...step };
      const kept: KeptStep = {
        ...{ about, version: row.version, by: staff.id, at: now().toISOString(), ...said },
        ...written("text" in step ? step.text : undefined),
      };
      await tx.insert(review).values(row).onConflictDoUpdate({ target: review.about, set: row });
      await tx.insert(reviewStep).values({ ...kept, is: step.is });
      const { code, to } = kept;
      const names = { ...(code === null ? {} : { code }), ...(to === null ? {} : { to }) };
      const detail = { version: row.version, ...names, step: stepHash(kept) };
      const line = { actor: actorOf(staff), action: stepActions[step.is], object: about, detail } as const;
      return finish({ ...line, visitId: visitId ?? undefined }, undefined);
    });
    // With its own line, which the step's commit wrote.
    return reviewOf(storage.read, about);
  };

  const read = (staff: Staff, about: string) =>
    storage.transact(async (tx, finish) => {
      const visitId = (await visitOf(tx, about)) ?? undefined;
      const answer = await reviewOf(tx, about);
      const detail = { steps: answer.steps.length };
      return finish({ actor: actorOf(staff), action: "audit.read", visitId, object: about, detail }, answer);
    });

  door.on(takeStep, "admin", (asked, staff) => step(staff, asked));
  door.on(readReview, "admin", ({ about }, staff) => read(staff, about));
  door.on(listReviews, "admin", (asked, staff) =>
    storage.transact(async (tx, finish) => {
      const answer = await reviewsBy(tx, staff, asked);
      const detail = { reviews: answer.reviews.length };
      return finish({ actor: actorOf(staff), action: "audit.read", detail }, answer);
    }),
  );
  door.on(listFindings, "admin", (asked, staff) =>
    storage.transact(async (tx, finish) => {
      const answer = { ...(await findingsBy(tx, asked)), ...(await standingOf(tx)) };
      const detail = { findings: answer.findings.length };
      return finish({ actor: actorOf(staff), action: "audit.read", detail }, answer);
    }),
  );
  door.on(readWaiting, "admin", async (_, staff) => {
    const { read } = storage;
    const [open] = await read
      .select({ findings: count() })
      .from(finding)
      .leftJoin(review, eq(review.about, finding.id))
      .where(isOpen);
    const mine = await read.$count(review, and(eq(review.state, "open"), eq(review.assignee, staff.id)));
    return { unusual: open?.findings ?? 0, mine };
  });
}

/** A text as it is kept, with its hash. */
function written(text: string | undefined): Pick<KeptStep, "text" | "salt" | "textHash"> {
  if (text === undefined) return { text: null, salt: null, textHash: null };
  const salt = randomHex(16);
  return { text, salt, textHash: textHashOf(text, salt) };
}

/** The session it is of; null where a finding is of none. Throws where there is no such session or finding. */
async function visitOf(read: Reader, about: string): Promise<string | null> {
  if (isVisit(about)) {
    if ((await read.$count(visit, eq(visit.id, about))) === 0) throw new Refusal("visit.not-found");
    return about;
  }
  const [found] = await read.select({ visitId: finding.visitId }).from(finding).where(eq(finding.id, about));
  if (!found) throw new Refusal("request.not-found");
  return found.visitId;
}

/** Throws `review.own` where it is about what this admin did, and there is another. */
async function assertOfOthers(read: Reader, { id }: Staff, about: string): Promise<void> {
  const [found] = await read.select({ actor: finding.actor }).from(finding).where(eq(finding.id, about));
  if (found?.actor.is !== "staff" || found.actor.id !== id) return;
  if ((await adminsOf(read)).some((admin) => admin.id !== id)) throw new Refusal("review.own");
}

const untouched = (about: string, changedAt: Date): Standing => ({
  ...{ about, version: 0, state: "none", assignee: null, outcome: null, dismissed: null, changedAt },
});

/** What it stands at after this step. Throws `review.newer` where the step does not fit. */
async function moved(tx: Writer, before: Standing, step: z.infer<typeof takeStep.ask>["step"]): Promise<Standing> {
  const must = (fits: boolean) => {
    if (!fits) throw new Refusal("review.newer");
  };
  switch (step.is) {
    case "assign":
      must(before.state !== "closed");
      if (!(await adminsOf(tx)).some(({ id }) => id === step.to)) throw new Refusal("staff.not-found");
      return { ...before, state: "open", assignee: step.to };
    case "comment":
      must(before.state === "open");
      return before;
    case "close":
      must(before.state === "open");
      return { ...before, state: "closed", outcome: step.code };
    case "reopen":
      must(before.state === "closed");
      return { ...before, state: "open", outcome: null };
    case "dismiss": {
      const [found] = await tx.select({ times: finding.times }).from(finding).where(eq(finding.id, before.about));
      must(found?.times === step.times && (before.dismissed ?? 0) < step.times);
      return { ...before, dismissed: step.times };
    }
    case "restore":
      must(before.dismissed !== null);
      return { ...before, dismissed: null };
  }
}

async function reviewOf(read: Reader, about: string): Promise<Review> {
  const [row] = await read.select().from(review).where(eq(review.about, about));
  const steps = await read
    .select()
    .from(reviewStep)
    .where(eq(reviewStep.about, about))
    .orderBy(asc(reviewStep.version));
  const lines = await stepLines(read, about);
  const admins = await adminsOf(read);
  const people = await namesOf(read, [row?.assignee, ...steps.flatMap(({ by, to }) => [by, to])]);
  return {
    about,
    version: row?.version ?? 0,
    state: row?.state ?? "none",
    assignee: people.find(({ id }) => id === row?.assignee) ?? null,
    steps: steps.map((step) => ({ ...step, line: lines.get(step.version) ?? null })),
    admins,
    people,
  };
}

/** What the trail says of each of its steps, by their versions. */
async function stepLines(read: Reader, about: string) {
  const rows = await read
    .select({ number: entry.number, detail: entry.detail })
    .from(entry)
    .where(and(inArray(entry.action, Object.values(stepActions)), eq(entry.object, about), isNull(entry.refusal)));
  return new Map(rows.map(({ number, detail }) => [detail.version, { number, step: String(detail.step) }]));
}

async function namesOf(read: Reader, ids: readonly (string | null | undefined)[]) {
  const known = [...new Set(ids.filter((id) => id !== null && id !== undefined))];
  if (known.length === 0) return [];
  return read.select({ id: user.id, name: user.name }).from(user).where(inArray(user.id, known));
}

async function reviewsBy(read: Reader, staff: Staff, { which, before }: z.infer<typeof listReviews.ask>) {
  const at = before === undefined ? null : cursorIn(before);
  const rows = await read
    .select({ review, rule: finding.rule, session: { at: visit.happenedAt, clinician: user.name } })
    .from(review)
    .leftJoin(visit, eq(visit.id, review.about))
    .leftJoin(user, eq(user.id, visit.clinicianId))
    .leftJoin(finding, eq(finding.id, review.about))
    .where(
      and(
        eq(review.state, which === "closed" ? "closed" : "open"),
        which === "mine" ? eq(review.assignee, staff.id) : undefined,
        at ? sql`(${review.changedAt}, ${review.about}) < (${at.at}::timestamptz, ${at.id})` : undefined,
      ),
    )
    .orderBy(desc(review.changedAt), desc(review.about))
    .limit(PAGE + 1);
  const page = rows.slice(0, PAGE);
  const people = await namesOf(
    read,
    page.map((row) => row.review.assignee),
  );
  const last = page.at(-1)?.review;
  return {
    reviews: page.map(({ review, rule, session }) => ({
      ...{ about: review.about, state: review.state, outcome: review.outcome, steps: review.version, rule },
      assignee: people.find(({ id }) => id === review.assignee)?.name ?? null,
      changedAt: review.changedAt.toISOString(),
      session: session?.at && session.clinician ? { at: session.at.toISOString(), clinician: session.clinician } : null,
    })),
    older: rows.length > PAGE && last ? cursorOf(last.changedAt, last.about) : null,
  };
}

/** Nobody dismissed it, or more of it has come since. */
const isOpen = or(isNull(review.dismissed), lt(review.dismissed, finding.times));

async function findingsBy(read: Reader, { state, rule, before }: z.infer<typeof listFindings.ask>) {
  const number = before === undefined ? null : Number(before);
  if (number !== null && !Number.isSafeInteger(number)) throw new Refusal("request.malformed");
  const rows = await read
    .select({ finding, review, assignee: user.name })
    .from(finding)
    .leftJoin(review, eq(review.about, finding.id))
    .leftJoin(user, eq(user.id, review.assignee))
    .where(
      and(
        state === "open" ? isOpen : and(isNotNull(review.dismissed), sql`${review.dismissed} >= ${finding.times}`),
        rule ? eq(finding.rule, rule) : undefined,
        number === null ? undefined : lt(finding.number, number),
      ),
    )
    .orderBy(desc(finding.number), asc(finding.id))
    .limit(PAGE + 1);
  // Two rules may begin with one line: they stay on one page.
  const whole = rows.length > PAGE ? rows.filter(({ finding }) => finding.number > rows[PAGE]!.finding.number) : rows;
  const page = whole.length > 0 ? whole : rows;
  const numbers = [...new Set(page.flatMap(({ finding }) => finding.lines))];
  const lines = numbers.length
    ? await read
        .select({ number: entry.number, visitId: entry.visitId })
        .from(entry)
        .where(inArray(entry.number, numbers))
    : [];
  const dismissals =
    state === "dismissed"
      ? await dismissalsOf(
          read,
          page.map(({ finding }) => finding.id),
        )
      : new Map<string, NonNullable<Finding["dismissal"]>>();
  const visitOfLine = new Map(lines.map(({ number, visitId }) => [number, visitId]));
  return {
    findings: page.map(({ finding: { number: _, lines, ...found }, review, assignee }) => ({
      ...found,
      lines: lines.map((number) => ({ number, visitId: visitOfLine.get(number) ?? null })),
      dismissal: state === "dismissed" ? (dismissals.get(found.id) ?? null) : null,
      review: { version: review?.version ?? 0, state: review?.state ?? ("none" as const), assignee },
    })),
    people: await namesOf(read, [
      ...page.map(({ finding }) => (finding.actor.is === "staff" ? finding.actor.id : null)),
      ...[...dismissals.values()].map(({ by }) => by),
    ]),
    older: rows.length > PAGE ? String(page.at(-1)!.finding.number) : null,
  };
}

/** The last dismissal of each. */
async function dismissalsOf(read: Reader, ids: string[]): Promise<Map<string, NonNullable<Finding["dismissal"]>>> {
  const rows = await read
    .select()
    .from(reviewStep)
    .where(and(inArray(reviewStep.about, ids), eq(reviewStep.is, "dismiss")))
    .orderBy(asc(reviewStep.version));
  return new Map(rows.map(({ about, by, at, code, text }) => [about, { by, at, code: code ?? "", text }]));
}
