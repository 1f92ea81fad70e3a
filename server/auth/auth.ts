import { createHmac, randomBytes } from "node:crypto";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { and, desc, eq, gt, inArray, isNull } from "drizzle-orm";
import type { NewKey, Role, Staff } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isEnrolled } from "../storage/enrolled.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import { clinicName } from "./clinic.ts";
import { enrol, keepKey } from "./keys.ts";

/** A session ends twelve hours after it began, used or not. */
const SESSION_SECONDS = 12 * 3600;
/** For what a session alone is not enough for, the password has been given this lately: milliseconds. */
const FRESH_MS = 5 * 60_000;

export type Auth = ReturnType<typeof openAuth>;

/** Staff: who they are, and their sessions. Sign-up is closed; the first person comes with the clinic. */
export function openAuth(options: {
  storage: Storage;
  ledger: Ledger;
  secret: string;
  baseURL: string;
  origins: string[];
  secure: boolean;
  now: () => Date;
}) {
  const { storage, ledger, now } = options;
  const better = betterAuth({
    secret: options.secret,
    baseURL: options.baseURL,
    trustedOrigins: options.origins,
    database: drizzleAdapter(storage.forSessions, { provider: "pg", schema: tables }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    user: { additionalFields: { roles: { type: "string", required: true, input: false } } },
    rateLimit: { enabled: false }, // ours is in http.ts and counts per account too
    advanced: {
      cookiePrefix: "assent",
      useSecureCookies: options.secure,
      defaultCookieAttributes: { sameSite: "strict", httpOnly: true, path: "/" },
    },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });

  /** The staff member a request's cookies stand for, or null. */
  async function staffOf(headers: Headers): Promise<Staff | null> {
    const found = await better.api.getSession({ headers });
    return found ? staffById(storage.read, found.user.id) : null;
  }

  /** The session a request's cookies stand for: a name to ask `liveSessions` with, of no use as a cookie. */
  async function sessionOf(headers: Headers): Promise<string | null> {
    return (await better.api.getSession({ headers }))?.session.id ?? null;
  }

  /** Those of these sessions that have neither run out nor been taken away. */
  async function liveSessions(ids: string[]): Promise<ReadonlySet<string>> {
    const { id, expiresAt } = tables.session;
    const live = await storage.read
      .select({ id })
      .from(tables.session)
      .where(and(inArray(id, ids), gt(expiresAt, new Date())));
    return new Set(live.map((row) => row.id));
  }

  async function signIn(
    email: string,
    password: string,
    headers: Headers,
  ): Promise<{ staff: Staff; cookies: string[] }> {
    const response = await better.api.signInEmail({ body: { email, password }, headers, asResponse: true });
    if (!response.ok) throw new Refusal("auth.wrong");
    const { user } = (await response.json()) as { user: { id: string } };
    const staff = await staffById(storage.read, user.id);
    if (!staff) throw new Refusal("auth.wrong");
    await storage.transact(async (tx, finish) => {
      await tx.update(tables.user).set({ seenAt: now() }).where(eq(tables.user.id, staff.id));
      return finish({ actor: { is: "staff", id: staff.id }, action: "staff.signed-in" }, null);
    });
    return { staff, cookies: response.headers.getSetCookie() };
  }

  async function signOut(staff: Staff, headers: Headers): Promise<string[]> {
    const response = await better.api.signOut({ headers, asResponse: true });
    await storage.transact((_, finish) =>
      finish({ actor: { is: "staff", id: staff.id }, action: "staff.signed-out" }, null),
    );
    return response.headers.getSetCookie();
  }

  /** Throws `Refusal("auth.confirm")` unless the password was given in this session just now. */
  async function assertConfirmed(headers: Headers): Promise<void> {
    const id = await sessionOf(headers);
    const { createdAt, confirmedAt } = tables.session;
    const [row] = id
      ? await storage.read.select({ createdAt, confirmedAt }).from(tables.session).where(eq(tables.session.id, id))
      : [];
    const last = Math.max(row?.createdAt.getTime() ?? 0, row?.confirmedAt?.getTime() ?? 0);
    if (last < now().getTime() - FRESH_MS) throw new Refusal("auth.confirm");
  }

  async function confirm(staff: Staff, password: string, headers: Headers): Promise<void> {
    const [row] = await storage.read
      .select({ hash: tables.account.password })
      .from(tables.account)
      .where(eq(tables.account.userId, staff.id));
    const passwords = (await better.$context).password;
    if (!row?.hash || !(await passwords.verify({ hash: row.hash, password }))) throw new Refusal("auth.wrong");
    const id = await sessionOf(headers);
    await storage.transact(async (tx, finish) => {
      if (id) await tx.update(tables.session).set({ confirmedAt: now() }).where(eq(tables.session.id, id));
      return finish({ actor: { is: "staff", id: staff.id }, action: "staff.confirmed" }, null);
    });
  }

  const hashOf = async (password: string) => (await better.$context).password.hash(password);

  /** First run: the clinic, its first person (admin and doctor) and their key, in one transaction. */
  async function createClinic(asked: {
    clinicName: string;
    name: string;
    email: string;
    password: string;
    key: NewKey;
  }): Promise<void> {
    if (await clinicName(storage.read)) throw new Refusal("clinic.exists");
    const password = await hashOf(asked.password);
    await storage.transact(async (tx, finish) => {
      const at = now();
      const [made] = await tx
        .insert(tables.clinic)
        .values({ id: 1, name: asked.clinicName, createdAt: at })
        .onConflictDoNothing()
        .returning();
      if (!made) throw new Refusal("clinic.exists");
      const { name, email } = asked;
      const id = await makeAccount(tx, { name, email, password, roles: ["admin", "clinician"] }, at);
      await keepKey(tx, id, asked.key, at);
      const line = await enrol(tx, ledger, asked.key.card.signer, { is: "staff", id }, at);
      return finish([{ actor: { is: "staff", id }, action: "clinic.created" }, line], null);
    });
    ledger.kick();
  }

  /** What a browser keeps to show that this account was signed in there before. Grants nothing. */
  const knownBrowser = (account: string) =>
    createHmac("sha256", options.secret).update(`known\n${account}`).digest("base64url");

  return {
    staffOf,
    sessionOf,
    liveSessions,
    signIn,
    signOut,
    confirm,
    assertConfirmed,
    hashOf,
    createClinic,
    knownBrowser,
  };
}

/** Somebody who may sign in from now on. `password` is its hash. */
export async function makeAccount(
  tx: Writer,
  { name, email, password, roles }: { name: string; email: string; password: string; roles: readonly Role[] },
  now: Date,
): Promise<string> {
  const id = randomBytes(16).toString("hex");
  const at = { createdAt: now, updatedAt: now };
  await tx.insert(tables.user).values({ id, name, email: email.toLowerCase(), roles: roles.join(), ...at });
  await tx.insert(tables.account).values({
    id: randomBytes(16).toString("hex"),
    accountId: id,
    providerId: "credential",
    userId: id,
    password,
    ...at,
  });
  return id;
}

export const rolesIn = (kept: string): Role[] => kept.split(",").filter((role) => role !== "") as Role[];

async function staffById(read: Reader, id: string): Promise<Staff | null> {
  const rows = await read
    .select({ user: tables.user, key: tables.clinicianKey })
    .from(tables.user)
    .leftJoin(tables.clinicianKey, and(eq(tables.clinicianKey.userId, tables.user.id), isEnrolled))
    .where(and(eq(tables.user.id, id), isNull(tables.user.removedAt)))
    .orderBy(desc(tables.clinicianKey.enrolledAt), tables.clinicianKey.signer);
  const user = rows[0]?.user;
  if (!user) return null;
  const keys = rows.flatMap(({ key }) => key ?? []);
  return {
    is: "staff",
    id: user.id,
    name: user.name,
    email: user.email,
    roles: rolesIn(user.roles),
    keys: keys.map(({ signer, recipient, binding }) => ({ signer, recipient, binding })),
    person: keys[0]?.person ?? null,
  };
}
