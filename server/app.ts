import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { setImmediate as answered } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import { actorOf } from "../lib/audit/actor.ts";
import { openAuditRooms } from "./audit/rooms.ts";
import { answerAuth } from "./auth/answer.ts";
import { openAuth } from "./auth/auth.ts";
import { clinicName, clinicOf } from "./auth/clinic.ts";
import { openInvitations } from "./auth/invitations.ts";
import { openPeople } from "./auth/people.ts";
import { answerPeople } from "./auth/people-answer.ts";
import { keyOf } from "./call/deps.ts";
import { answerLineTest } from "./call/line-test.ts";
import { attachCall, type Signaling } from "./call/signaling.ts";
import { iceServersFor } from "./call/turn.ts";
import { type Config, root } from "./config.ts";
import { answerConsent } from "./consent/answer.ts";
import { openConsents } from "./consent/consents.ts";
import { openGuestConsents } from "./consent/guest-consents.ts";
import { answerEffects } from "./effects.ts";
import { answerHealth } from "./health.ts";
import { addressOf, linkSessionIn, openDoor } from "./http.ts";
import { answerLockers } from "./keyring/lockers.ts";
import { answerLedger } from "./ledger/answer.ts";
import { openLedger } from "./ledger/ledger.ts";
import { withoutValues } from "./log.ts";
import { openMail } from "./mail/mail.ts";
import { answerRecords } from "./records/answer.ts";
import { answerBackgrounds } from "./records/backgrounds.ts";
import { answerCancelling } from "./records/cancelling.ts";
import { answerDispensing } from "./records/dispensing.ts";
import { answerErasure } from "./records/erasure.ts";
import { openFiles } from "./records/files.ts";
import { answerFolders } from "./records/folders.ts";
import { answerLooks } from "./records/looks.ts";
import { answerNotes } from "./records/notes.ts";
import { openRecords } from "./records/records.ts";
import { answerShared } from "./records/shared.ts";
import { answerShares } from "./records/shares.ts";
import { secretOf } from "./secrets.ts";
import { secure } from "./security.ts";
import { openBlobs } from "./storage/blobs.ts";
import { spaceOf } from "./storage/space.ts";
import { openStorage } from "./storage/storage.ts";
import { openStore } from "./storage/store.ts";
import { isLive, untilOf } from "./storage/whole.ts";
import { answerVisits } from "./visits/answer.ts";
import { closeVisit, endVisitsOf } from "./visits/closing.ts";
import { closeGuest, openGuests } from "./visits/guests.ts";
import { openKeySessions } from "./visits/key-sessions.ts";
import { lock } from "./visits/lock.ts";
import { openNotices } from "./visits/notices.ts";
import { openQueue } from "./visits/queue.ts";
import { answerRating } from "./visits/rating.ts";
import { consentView, guestView } from "./visits/view.ts";
import { openVisits } from "./visits/visits.ts";

export interface App {
  readonly server: Server;
  readonly routes: { method: string; path: string; guard: string }[];
  close(): Promise<void>;
}

/** Draws a page; Next in production and development, nothing in tests of the API. */
type Render = (request: IncomingMessage, response: ServerResponse) => void;

/** Introduces the rooms to each other. Nothing else knows them all. */
export async function openApp(options: {
  config: Config;
  render: Render;
  version: string;
  dev: boolean;
  log: Logger;
  now?: () => Date;
  /** Milliseconds until somebody who was let in and didn't come is written to. */
  noticeAfterMs?: number;
}): Promise<App> {
  const { config, log } = options;
  const now = options.now ?? (() => new Date());
  const storage = await openStorage(config.dataDir, join(root, "server/storage/migrations"), now);
  const blobs = await openBlobs({
    folder: join(config.dataDir, "uploads"),
    stores: await Promise.all(config.stores.map(openStore)),
    ...{ storage, now, log: log.child({ room: "storage" }) },
  });
  const secret = await secretOf(config.dataDir, "session");

  // The call's news exist before the call does, since rooms that tell news are made first.
  let call: Signaling | undefined;
  const news = {
    changed: (visitId: string, clinicianId: string, state: Parameters<Signaling["news"]["visitChanged"]>[2]) => {
      call?.forget(visitId);
      call?.news.visitChanged(visitId, clinicianId, state);
      if (state !== "over") return;
      call?.closeVisit(visitId);
      void blobs
        .dropUploads(visitId)
        .catch((error: unknown) => log.error(withoutValues(error), "uploads of an ended visit stay for now"));
    },
    admitted: (visitId: string) => notices.admitted(visitId),
    revoked: (visitId: string) => {
      call?.forget(visitId);
      call?.news.consentRevoked(visitId);
    },
    guestGone: (visitId: string, guestId: string) => {
      call?.forget(visitId);
      call?.removeGuest(visitId, guestId);
    },
    recorded: (visitId: string, id: string) => call?.news.recordMoved(visitId, id, "saved"),
    asked: (visitId: string, id: string, state: "open" | "approved" | "refused" | "withdrawn") =>
      call?.news.askChanged(visitId, id, state),
  };

  const ledger = await openLedger({
    storage,
    folder: config.dataDir,
    log: log.child({ room: "ledger" }),
    deadlineMinutes: config.ledgerDeadlineMinutes,
    network: config.network,
    onMoved: (act) => {
      if (act.visitId) call?.news.recordMoved(act.visitId, act.object, act.state);
    },
  });
  const audit = await openAuditRooms({ storage, ledger, config, clinicName, now, log });
  const auth = openAuth({
    storage,
    ledger,
    secret,
    baseURL: config.origins[0],
    origins: config.origins,
    secure: config.secure,
    now,
  });
  const mail = openMail({ folder: join(config.dataDir, "mail"), smtp: config.smtp });
  const visits = openVisits({ storage, clinicOf, ledger: ledger.about, mailSends: mail.sends, news, now });
  const notices = openNotices({
    storage,
    mail,
    clinicName,
    origin: config.origins[0],
    now,
    warn: (error, what) => log.warn(withoutValues(error), what),
    patienceMs: options.noticeAfterMs,
  });
  await notices.resume();
  const queue = openQueue({ storage, moved: (visitId, doctor) => news.changed(visitId, doctor, "waiting") });
  const consents = openConsents({
    storage,
    ledger,
    visits: { mine: visits.mine, lock, close: closeVisit, view: consentView },
    clinicName,
    news,
    now,
  });
  const guests = openGuests({
    ...{ storage, clinicName, ledger: ledger.about, news, now },
    visits: { mine: visits.mine },
  });
  const guestConsents = openGuestConsents({
    ...{ storage, ledger, clinicName, news, now },
    visits: { mine: guests.mine, lock, close: closeGuest, view: guestView },
  });
  const records = openRecords({ storage, ledger, visits: { mine: visits.mine, lock }, news, now });
  const files = openFiles({ storage, blobs, visits: { mine: visits.mine, lock }, now });

  const keySessions = openKeySessions({ storage, now });
  const patientOf = async (visitId: string, session: string) =>
    (await visits.patientOf(visitId, session)) ?? keySessions.patientOf(visitId, session);

  const door = openDoor({
    sessions: { staffOf: auth.staffOf, patientOf, guestOf: guests.guestOf },
    origins: config.origins,
    secure: config.secure,
    proxyHops: config.proxyHops,
    log,
    refused: (action, person, visitId, refusal) =>
      storage.transact((_, finish) =>
        finish(
          { actor: person ? actorOf(person) : { is: "nobody", id: "stranger" }, action, visitId, refusal },
          undefined,
        ),
      ),
  });
  answerAuth(door, { auth, storage, ledger, secure: config.secure, dismiss: (person) => call?.dismiss(person) });
  answerPeople(door, {
    auth,
    invitations: openInvitations({ storage, hashOf: auth.hashOf, now }),
    people: openPeople({
      ...{ storage, ledger, now },
      endVisits: (tx, clinicianId, at) => endVisitsOf(tx, clinicianId, at, news),
      dismiss: (person) => call?.dismiss(person),
    }),
  });
  answerVisits(door, {
    visits,
    guests,
    notices,
    queue,
    keySessions,
    secure: config.secure,
    dismiss: (person) => call?.dismiss(person),
  });
  answerConsent(door, consents, guestConsents);
  answerRecords(door, { records, files });
  answerBackgrounds(door, { storage, visits: { mine: visits.mine, lock }, now });
  answerCancelling(door, { storage, visits: { mine: visits.mine, lock }, news, now });
  answerDispensing(door, { storage, ledger, clinicOf, now });
  answerShares(door, { storage, ledger, visits: { mine: visits.mine, lock }, clinicName, now });
  answerShared(door, { storage, blobs, now });
  const erasing = answerErasure(door, {
    ...{ storage, ledger, blobs, visits: { mine: visits.mine, lock }, clinicName, now },
    assertConfirmed: auth.assertConfirmed,
    warn: (error, what) => log.warn(withoutValues(error), what),
  });
  await erasing.resume();
  answerLooks(door, { storage, visits: { mine: visits.mine, lock } });
  answerFolders(door, { storage, now });
  answerLockers(door, { storage, now });
  answerNotes(door, { storage, visits: { mine: visits.mine, lock }, now });
  answerRating(door, { storage, visits, now });
  audit.answer(door, {
    visits: { mine: visits.mine },
    assertConfirmed: auth.assertConfirmed,
    ...{ mail, space: async () => spaceOf(config.dataDir), stores: blobs.figures },
  });
  answerLedger(door, { ledger, storage });
  answerLineTest(door, { helpers: [...config.stunUrls, ...(config.turn?.urls ?? [])], now });
  answerHealth(door, { storage, ledger, blobs, clinicName, dataDir: config.dataDir, version: options.version });

  const answerApi = getRequestListener(door.hono.fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => {
    secure(request, response, { dev: options.dev, https: config.secure, anyNode: !ledger.about.local });
    // Absolute-form targets are a proxy's business, and we are none.
    if (!request.url?.startsWith("/")) return void response.writeHead(400).end();
    if (request.url.startsWith("/api/") || request.url.startsWith("/log/")) return void answerApi(request, response);
    if (answerEffects(request.url, response, config.origins)) return;
    // Hashed file names never change their content.
    if (request.url.startsWith("/_next/static/") && !options.dev) response.removeHeader("cache-control");
    options.render(request, response);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 120_000;
  server.maxConnections = 4_000;
  if (!options.dev) {
    server.on("upgrade", (request, socket) => {
      if (!request.url?.startsWith("/socket.io/")) socket.destroy();
    });
  }

  call = attachCall(server, {
    who: async (headers, visitId, guest) => {
      if (visitId && guest) {
        const session = linkSessionIn(headers.cookie, guest);
        const found = session ? await guests.guestOf(guest, session) : null;
        return found?.visitId === visitId ? found : null;
      }
      if (visitId) {
        const session = linkSessionIn(headers.cookie, visitId);
        return session ? visits.patientOf(visitId, session) : null;
      }
      return auth.staffOf(new Headers(headers.cookie ? { cookie: headers.cookie } : {}));
    },
    sessionOf: (headers) => auth.sessionOf(new Headers(headers.cookie ? { cookie: headers.cookie } : {})),
    liveSessions: auth.liveSessions,
    membership: async (person, visitId) => {
      if (person.is === "guest") return guests.membership(person, visitId);
      const w = await visits.find(person, visitId);
      if (!w) return null;
      const side = person.is === "staff" ? "clinician" : "patient";
      return {
        side,
        member: side,
        state: w.visit.state,
        clinicianId: w.clinician.id,
        consentLive: isLive(w, now()),
        until: untilOf(w.consent),
        // A device whose key was removed takes part in nothing, also where the patient allowed it before.
        admitted: w.visit.admittedAt !== null && !(person.is === "staff" && w.key.removedAt),
      };
    },
    guestLives: guests.lives,
    // One after the other, and not before whoever came in is answered: they are about to see each other.
    onEntered: async (...who) => {
      await answered();
      await visits.entered(...who);
    },
    onLeft: async (...who) => {
      await answered();
      await visits.left(...who);
    },
    origins: config.origins,
    addressOf: (request) => addressOf(request, config.proxyHops),
    iceServers: (person, visitId) => iceServersFor(config, visitId, keyOf(person), now()),
    log,
  });
  const signaling = call;

  return {
    server,
    routes: door.routes,
    async close() {
      await signaling.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      notices.close();
      await blobs.close();
      await audit.close();
      await ledger.close();
      await storage.close();
    },
  };
}
