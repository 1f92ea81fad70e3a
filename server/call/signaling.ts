import type { Server as HttpServer } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { Person } from "../../lib/auth/person.ts";
import { type MemberId, sideOf } from "../../lib/call/member.ts";
import type { FromServer } from "../../lib/call/protocol.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { VisitState } from "../../lib/visits/visit.ts";
import { withoutValues } from "../log.ts";
import { keyOf, type Membership, rememberMembership, type SignalingDeps, type Who } from "./deps.ts";
import { type Io, listen, openDoor, type Socket } from "./door.ts";
import { attemptOf, emptyRoom, hasSeatFor, type Room, rebuild, restOf, sit } from "./room.ts";
import { watchSessions } from "./sessions.ts";

export type { Membership, SignalingDeps } from "./deps.ts";

type Moved = Parameters<FromServer["record:moved"]>[0];
type Asked = Parameters<FromServer["ask:changed"]>[0];

export interface Signaling {
  news: {
    visitChanged(visitId: string, clinicianId: string, state: VisitState): void;
    /** All are told and leave the call at once. */
    consentRevoked(visitId: string): void;
    recordMoved(visitId: string, id: string, state: Moved["state"]): void;
    askChanged(visitId: string, id: string, state: Asked["state"]): void;
  };
  /** Nobody is in this visit's call any more. */
  closeVisit(visitId: string): void;
  /** This guest is out at once, and everyone is told; to the guest it is as if the whole call had been revoked. */
  removeGuest(visitId: string, guest: string): void;
  /** What was known about who is in this visit is asked again. */
  forget(visitId: string): void;
  /** Closes every socket of someone who signed out or was removed. */
  dismiss(person: Who): void;
  close(): Promise<void>;
}

/** Someone whose socket dropped and who is back within this many milliseconds has not left, as far as the trail is concerned. */
const GRACE_MS = 10_000;
/** How often those are looked for who sit there by a permission that ran out: nobody announces that. */
const LOOK_MS = 2_000;

/** Carries what the browsers of a call must say to find each other, and tells all what the server decided. Holds no media and keeps nothing. */
export function attachCall(httpServer: HttpServer, deps: SignalingDeps): Signaling {
  const io: Io = openDoor(httpServer, deps);
  const members = rememberMembership(deps);
  const stopWatching = watchSessions(io, deps);
  const calls = new Map<string, Room<Socket>>();
  const leaving = new Map<string, NodeJS.Timeout>();

  const memberOf = async (socket: Socket, visitId: string): Promise<Membership> => {
    const member = await members.read(socket.data.person, visitId);
    if (!member) throw new Refusal("visit.not-found");
    return member;
  };
  /** A member of a running call with a living consent; anyone else is told why, and a call without its consent ends here. */
  const callerOf = async (socket: Socket, visitId: string): Promise<Membership> => {
    const member = await memberOf(socket, visitId);
    if (member.state === "over") throw new Refusal("visit.over");
    if (!member.consentLive) {
      // Whoever only asks, or whose time ran out, goes on hearing whether they are let in.
      if (member.side === "guest") expel(visitId, member.member);
      else if (calls.has(visitId)) endCall(visitId);
      throw new Refusal("consent.not-live");
    }
    if (!member.admitted || member.state !== "in-call") throw new Refusal("visit.wrong-state");
    return member;
  };
  const seated = async (socket: Socket, visitId: string): Promise<{ room: Room<Socket>; me: MemberId }> => {
    const { member: me } = await callerOf(socket, visitId);
    const room = calls.get(visitId);
    if (room?.seats.get(me)?.socket !== socket) throw new Refusal("visit.wrong-state");
    return { room, me };
  };
  const tellOthers = (
    room: Room<Socket>,
    visitId: string,
    member: MemberId,
    news: { present: boolean; left: boolean },
  ) => {
    for (const [them, { socket }] of room.seats) {
      const attempt = attemptOf(room, member, them);
      // Of whom someone has never heard, nothing ends either.
      if (attempt > 0) socket.emit("call:present", { visitId, member, ...news, attempt });
    }
  };

  const trail = (what: "onEntered" | "onLeft", person: Person, visitId: string) => {
    const fail = (error: unknown) => deps.log.error({ ...withoutValues(error), visitId }, `${what} failed`);
    try {
      Promise.resolve(deps[what](person, visitId)).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
  const entered = (person: Person, visitId: string) => {
    const key = `${visitId} ${keyOf(person)}`;
    const timer = leaving.get(key);
    clearTimeout(timer);
    leaving.delete(key);
    if (!timer) trail("onEntered", person, visitId);
  };
  const left = (person: Person, visitId: string, grace: number) => {
    const key = `${visitId} ${keyOf(person)}`;
    const go = () => {
      leaving.delete(key);
      trail("onLeft", person, visitId);
    };
    clearTimeout(leaving.get(key));
    if (grace === 0) go();
    else leaving.set(key, setTimeout(go, grace).unref());
  };
  /** `grace` is how long they may be away before the trail says that they left; none for whoever is out of the call. */
  const standUp = (visitId: string, member: MemberId, grace: number) => {
    const room = calls.get(visitId);
    const seat = room?.seats.get(member);
    if (!room || !seat) return;
    room.seats.delete(member);
    left(seat.socket.data.person, visitId, grace);
    if (room.seats.size === 0) calls.delete(visitId);
    else tellOthers(room, visitId, member, { present: false, left: grace === 0 });
  };
  const closeVisit = (visitId: string) => {
    members.forget(visitId);
    const room = calls.get(visitId);
    calls.delete(visitId);
    for (const seat of room?.seats.values() ?? []) left(seat.socket.data.person, visitId, 0);
  };
  const endCall = (visitId: string) => {
    io.to([`visit ${visitId}`, `guests ${visitId}`]).emit("consent:revoked", { visitId });
    closeVisit(visitId);
  };
  const removeGuest = (visitId: string, guest: MemberId) => {
    members.forget(visitId);
    expel(visitId, guest);
    io.in(`guest ${visitId} ${guest}`).socketsLeave(`guests ${visitId}`);
  };
  const expel = (visitId: string, guest: MemberId) => {
    io.to(`guest ${visitId} ${guest}`).emit("consent:revoked", { visitId });
    const room = calls.get(visitId);
    if (!room) return;
    if (room.seats.has(guest)) standUp(visitId, guest, 0);
    // Their line may have dropped before, with their peers alive.
    else tellOthers(room, visitId, guest, { present: false, left: true });
  };
  /** Those who are let in ask at once to enter: what is known of them is read before anything else wants the database. */
  const readAhead = (visitId: string, clinicianId: string) => {
    const { rooms } = io.sockets.adapter;
    const people = new Map<string, Person>();
    for (const room of [`visit ${visitId}`, `clinician ${clinicianId}`]) {
      for (const id of rooms.get(room) ?? []) {
        const person = io.sockets.sockets.get(id)?.data.person;
        if (person) people.set(keyOf(person), person);
      }
    }
    // Whoever enters asks again, and hears what went wrong.
    for (const person of people.values()) members.read(person, visitId).catch(() => {});
  };
  /** Guests hear of the visit and of themselves, until they are out; records and questions are between doctor and patient. */
  const watch = async (socket: Socket, visitId: string, { side, member, state }: Membership) => {
    if (side === "guest" && state === "over") return;
    await socket.join(side === "guest" ? [`guests ${visitId}`, `guest ${visitId} ${member}`] : `visit ${visitId}`);
  };

  listen(
    io,
    {
      "visits:watch": async (socket) => {
        const { person } = socket.data;
        if (person.is !== "staff") throw new Refusal("auth.not-allowed");
        await socket.join(`clinician ${person.id}`);
        return {};
      },
      "visit:watch": async (socket, { visitId }) => {
        const member = await memberOf(socket, visitId);
        await watch(socket, visitId, member);
        return { state: member.state };
      },
      "call:enter": async (socket, { visitId, with: page }) => {
        const member = await callerOf(socket, visitId);
        const me = member.member;
        if (!socket.connected) throw new Refusal("server.unreachable");
        const room = calls.get(visitId) ?? emptyRoom<Socket>();
        if (!hasSeatFor(room, me)) throw new Refusal("call.full");
        calls.set(visitId, room);
        const { person, instance } = socket.data;
        const before = sit(room, me, socket, page, member.until);
        if (before && before.socket !== socket && before.socket.data.instance !== instance) {
          before.socket.emit("call:replaced", { visitId });
        }
        socket.data.seats.set(visitId, me);
        await watch(socket, visitId, member);
        if (!before) entered(person, visitId);
        tellOthers(room, visitId, me, { present: true, left: false });
        const left: MemberId[] = [];
        for (const { member: them } of page) {
          if (sideOf(them) === "guest" && !(await deps.guestLives(visitId, them))) left.push(them);
        }
        // Taken out while that was read: no credentials for the relay any more.
        if (calls.get(visitId)?.seats.get(me)?.socket !== socket) throw new Refusal("visit.wrong-state");
        const others = [...room.seats.keys()].filter((them) => them !== me);
        return {
          others: others.map((them) => ({ member: them, attempt: attemptOf(room, me, them) })),
          left,
          iceServers: deps.iceServers(person, visitId),
        };
      },
      "call:signal": async (socket, { visitId, to, attempt, data, proof }) => {
        const { room, me } = await seated(socket, visitId);
        if (attempt === attemptOf(room, me, to)) {
          const signalled = { visitId, from: me, attempt, data, ...(proof === undefined ? {} : { proof }) };
          room.seats.get(to)?.socket.emit("call:signalled", signalled);
        }
        return {};
      },
      "call:rebuild": async (socket, { visitId, with: them, attempt: failed }) => {
        const pair = async () => {
          const { room, me } = await seated(socket, visitId);
          if (them === me || !room.seats.has(them)) throw new Refusal("visit.wrong-state");
          return { room, me };
        };
        const before = await pair();
        const now = attemptOf(before.room, before.me, them);
        // Whoever says that the newest is dead waits for the pair's turn; all who wait then cause one building together.
        if (failed >= now) await wait(restOf(before.room, before.me, them), undefined, { ref: false });
        const { room, me } = await pair();
        const { attempt, moved } = rebuild(room, me, them, Math.min(failed, now));
        if (moved) {
          socket.emit("call:rebuilt", { visitId, with: them, attempt });
          room.seats.get(them)?.socket.emit("call:rebuilt", { visitId, with: me, attempt });
        }
        return { attempt };
      },
      "call:relays": async (socket, { visitId }) => {
        await seated(socket, visitId);
        return { iceServers: deps.iceServers(socket.data.person, visitId) };
      },
      "call:leave": async (socket, { visitId }) => {
        const { member: me } = await memberOf(socket, visitId);
        if (calls.get(visitId)?.seats.get(me)?.socket === socket) standUp(visitId, me, 0);
        return {};
      },
      "line:probe": () => ({}),
    },
    deps.log,
  );
  io.on("connection", (socket) => {
    socket.on("disconnect", () => {
      for (const [visitId, me] of socket.data.seats) {
        if (calls.get(visitId)?.seats.get(me)?.socket === socket) standUp(visitId, me, GRACE_MS);
      }
    });
  });

  const lookForEnded = setInterval(() => {
    for (const [visitId, { seats }] of calls) {
      for (const { socket, until } of seats.values()) {
        if (until > Date.now()) continue;
        callerOf(socket, visitId).catch((error: unknown) => {
          if (!(error instanceof Refusal))
            deps.log.error({ ...withoutValues(error), visitId }, "a seat was not looked at");
        });
      }
    }
  }, LOOK_MS).unref();

  return {
    news: {
      visitChanged(visitId, clinicianId, state) {
        members.forget(visitId);
        if (state === "in-call") readAhead(visitId, clinicianId);
        io.to([`visit ${visitId}`, `guests ${visitId}`, `clinician ${clinicianId}`]).emit("visit:changed", {
          visitId,
          state,
        });
      },
      consentRevoked: endCall,
      recordMoved: (visitId, id, state) => void io.to(`visit ${visitId}`).emit("record:moved", { visitId, id, state }),
      askChanged: (visitId, id, state) => void io.to(`visit ${visitId}`).emit("ask:changed", { visitId, id, state }),
    },
    closeVisit,
    removeGuest,
    forget: members.forget,
    dismiss(person) {
      for (const socket of io.of("/").sockets.values()) {
        if (keyOf(socket.data.person) === keyOf(person)) socket.disconnect(true);
      }
    },
    async close() {
      members.stop();
      stopWatching();
      clearInterval(lookForEnded);
      for (const timer of leaving.values()) clearTimeout(timer);
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}
