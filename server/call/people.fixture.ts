import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type Socket } from "socket.io-client";
import type { Person } from "../../lib/auth/person.ts";
import type { MemberId } from "../../lib/call/member.ts";
import { sideOf } from "../../lib/call/member.ts";
import type { Membership } from "./deps.ts";
import { attachCall, type Signaling } from "./signaling.ts";

/** Who the tests of this room are about: a clinic of two doctors, two patients and Ana's guests, over real sockets. */
export const visits = { ana: "a".repeat(32), ben: "b".repeat(32), ended: "e".repeat(32), missing: "0".repeat(32) };
const staff = (id: string): Person => ({
  is: "staff",
  id,
  name: id,
  email: `${id}@clinic.test`,
  roles: ["clinician"],
  keys: [],
  person: null,
});
const patient = (visitId: string, digit: string): Person => ({
  is: "patient",
  visitId,
  signer: `0x${digit.repeat(40)}`,
});
/** Ana's guests, by the ids of their links. She has allowed Gil and Gwen, and not Gus. */
export const guests = { gil: "7".repeat(32), gwen: "8".repeat(32), gus: "9".repeat(32) };
const guest = (guestId: string, digit: string): Person => ({
  is: "guest",
  visitId: visits.ana,
  guestId,
  signer: `0x${digit.repeat(40)}`,
});
export const people: Record<string, Person> = {
  osei: staff("osei"),
  lind: staff("lind"),
  ana: patient(visits.ana, "1"),
  ben: patient(visits.ben, "2"),
  eva: patient(visits.ended, "3"),
  gil: guest(guests.gil, "7"),
  gwen: guest(guests.gwen, "8"),
  gus: guest(guests.gus, "9"),
};

const nameIn = (cookie?: string) => cookie?.replace("who=", "") ?? "";

export interface World {
  http: HttpServer;
  url: string;
  signaling: Signaling;
  rows: Map<string, Omit<Membership, "side" | "member">>;
  /** The guests whom the patient allows now. */
  allowed: Set<string>;
  trail: string[];
  reads: number;
  broke: string[];
  /** Whose session has ended, by name. */
  signedOut: Set<string>;
  connect(
    name: string | undefined,
    more?: { visitId?: string; origin?: string; instance?: string; auth?: object },
  ): Socket;
  close(): Promise<void>;
}

export async function world(): Promise<World> {
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const until = Date.now() + 3_600_000;
  const live = { state: "in-call", clinicianId: "osei", consentLive: true, until, admitted: true } as const;
  const rows: World["rows"] = new Map([
    [visits.ana, { ...live }],
    [visits.ben, { ...live, clinicianId: "lind" }],
    [visits.ended, { ...live, state: "over", consentLive: false }],
  ]);
  const trail: string[] = [];
  const broke: string[] = [];
  const signedOut = new Set<string>();
  const counted = { reads: 0 };
  const name = (person: Person) =>
    Object.keys(people).find((key) => JSON.stringify(people[key]) === JSON.stringify(person));
  const allowed = new Set([guests.gil, guests.gwen]);
  const memberOf = (person: Person, visitId: string): MemberId | undefined => {
    if (person.is === "staff") return rows.get(visitId)?.clinicianId === person.id ? "clinician" : undefined;
    if (person.visitId !== visitId) return undefined;
    return person.is === "guest" ? person.guestId : "patient";
  };
  const signaling = attachCall(http, {
    who: async ({ cookie }) => (Object.hasOwn(people, nameIn(cookie)) && people[nameIn(cookie)]) || null,
    sessionOf: async ({ cookie }) => nameIn(cookie),
    liveSessions: async (sessions) => new Set(sessions.filter((session) => !signedOut.has(session))),
    membership: async (person, visitId) => {
      counted.reads += 1;
      const row = rows.get(visitId);
      const member = memberOf(person, visitId);
      if (!row || !member) return null;
      const side = sideOf(member);
      return { ...row, side, member, consentLive: row.consentLive && (side !== "guest" || allowed.has(member)) };
    },
    guestLives: async (visitId, guest) => visitId === visits.ana && allowed.has(guest),
    onEntered: (person) => trail.push(`${name(person)} entered`),
    onLeft: (person) => trail.push(`${name(person)} left`),
    origins: ["http://localhost:3000"],
    addressOf: () => "127.0.0.1",
    iceServers: () => [{ urls: ["stun:stun.clinic.test"] }],
    log: { info: () => {}, warn: () => {}, error: (_, what) => broke.push(what) },
  });
  const sockets: Socket[] = [];
  return {
    http,
    url,
    signaling,
    rows,
    allowed,
    trail,
    broke,
    signedOut,
    get reads() {
      return counted.reads;
    },
    connect(who, more = {}) {
      const socket = io(url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        extraHeaders: {
          ...(more.origin === "" ? {} : { origin: more.origin ?? "http://localhost:3000" }),
          ...(who ? { cookie: `who=${who}` } : {}),
        },
        auth: more.auth ?? {
          version: 1,
          instance: more.instance ?? crypto.randomUUID().replaceAll("-", ""),
          ...(more.visitId ? { visitId: more.visitId } : {}),
        },
      });
      sockets.push(socket);
      return socket;
    },
    async close() {
      for (const socket of sockets) socket.disconnect();
      await signaling.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

export const heard = (socket: Socket, event: string) =>
  new Promise<never>((resolve) => socket.once(event, resolve as never));
export const up = (socket: Socket) =>
  new Promise<void>((resolve, reject) => {
    if (socket.connected) return resolve();
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
export const ask = (socket: Socket, event: string, message: unknown) =>
  socket.timeout(3_000).emitWithAck(event, message);
