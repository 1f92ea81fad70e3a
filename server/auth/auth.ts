import { createHmac, randomBytes } from "node:crypto";
import { betterAuth } from "better-auth";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { and, eq, gt, inArray, isNull } from "drizzle-orm";
import { credentialOf } from "../../lib/auth/credential.ts";
import type { KeyCard, Role, Staff } from "../../lib/auth/person.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { cardHolds } from "../../lib/keyring/keyring.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { clinicName } from "./clinic.ts";

/** A session ends twelve hours after it began, used or not. */
const SESSION_SECONDS = 12 * 3600;

export type Auth = ReturnType<typeof openAuth>;

/** Staff: who they are, and their sessions. Sign-up is closed; the first person comes with the clinic. */
export function openAuth(options: {
  storage: Storage;
  ledger: Ledger;
  secret: string;
  baseURL: string;
  origins: string[];
  secure: boolean;
}) {
  const { storage, ledger } = options;
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
    await storage.transact((_, finish) =>
      finish({ actor: { is: "staff", id: staff.id }, action: "staff.signed-in" }, null),
    );
    return { staff, cookies: response.headers.getSetCookie() };
  }

  async function signOut(staff: Staff, headers: Headers): Promise<string[]> {
    const response = await better.api.signOut({ headers, asResponse: true });
    await storage.transact((_, finish) =>
      finish({ actor: { is: "staff", id: staff.id }, action: "staff.signed-out" }, null),
    );
    return response.headers.getSetCookie();
  }

  /** First run: the clinic, its first person (admin and doctor) and their key, in one transaction. */
  async function createClinic(asked: {
    clinicName: string;
    name: string;
    email: string;
    password: string;
    key: KeyCard;
  }): Promise<void> {
    if (await clinicName(storage.read)) throw new Refusal("clinic.exists");
    if (!cardHolds(asked.key)) throw new Refusal("signature.wrong");
    const password = await (await better.$context).password.hash(asked.password);
    const credentialSalt = randomHex(32);
    const id = randomBytes(16).toString("hex");
    const credential = await credentialOf(id, credentialSalt);
    await storage.transact(async (tx, finish) => {
      const now = new Date();
      const [made] = await tx
        .insert(tables.clinic)
        .values({ id: 1, name: asked.clinicName, createdAt: now })
        .onConflictDoNothing()
        .returning();
      if (!made) throw new Refusal("clinic.exists");
      const email = asked.email.toLowerCase();
      await tx
        .insert(tables.user)
        .values({ id, name: asked.name, email, roles: "admin,clinician", createdAt: now, updatedAt: now });
      await tx.insert(tables.account).values({
        id: randomBytes(16).toString("hex"),
        accountId: id,
        providerId: "credential",
        userId: id,
        password,
        createdAt: now,
        updatedAt: now,
      });
      const { signer, recipient, binding } = asked.key;
      await tx
        .insert(tables.clinicianKey)
        .values({ signer, userId: id, recipient, binding, credential, enrolledAt: now });
      const { id: actId } = await ledger.queue(tx, {
        call: { is: "enroll", clinician: signer, credential },
        object: signer,
      });
      const actor = { is: "staff", id } as const;
      return finish(
        [
          { actor, action: "clinic.created" },
          { actor, action: "key.enrolled", object: signer, actId, detail: { credential, credentialSalt } },
        ],
        null,
      );
    });
    ledger.kick();
  }

  /** What a browser keeps to show that this account was signed in there before. Grants nothing. */
  const knownBrowser = (account: string) =>
    createHmac("sha256", options.secret).update(`known\n${account}`).digest("base64url");

  return { staffOf, sessionOf, liveSessions, signIn, signOut, createClinic, knownBrowser };
}

async function staffById(read: Reader, id: string): Promise<Staff | null> {
  const [row] = await read
    .select({ user: tables.user, key: tables.clinicianKey })
    .from(tables.user)
    .leftJoin(
      tables.clinicianKey,
      and(eq(tables.clinicianKey.userId, tables.user.id), isNull(tables.clinicianKey.removedAt)),
    )
    .where(eq(tables.user.id, id));
  if (!row) return null;
  const { user, key } = row;
  return {
    is: "staff",
    id: user.id,
    name: user.name,
    email: user.email,
    roles: user.roles.split(",").filter((role) => role !== "") as Role[],
    key: key && { signer: key.signer, recipient: key.recipient, binding: key.binding },
  };
}
