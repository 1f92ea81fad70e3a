import type { Server as HttpServer } from "node:http";
import type { Person } from "../../lib/auth/person.ts";
import type { Side } from "../../lib/call/member.ts";
import type { FromServer } from "../../lib/call/protocol.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { VisitState } from "../../lib/visits/visit.ts";
import { withoutValues } from "../log.ts";
import { keyOf, type Membership, rememberMembership, type SignalingDeps } from "./deps.ts";
import { type Io, listen, openDoor, type Socket } from "./door.ts";
import { other, type Room, rebuild, sit } from "./room.ts";

export type { Membership, SignalingDeps } from "./deps.ts";

type Moved = Parameters<FromServer["record:moved"]>[0];
type Asked = Parameters<FromServer["ask:changed"]>[0];

export interface Signaling {
  news: {
    visitChanged(visitId: string, clinicianId: string, state: VisitState): void;
    /** Both are told and leave the call at once. */
    consentRevoked(visitId: string): void;
    recordMoved(visitId: string, id: string, state: Moved["state"]): void;
    askChanged(visitId: string, id: string, state: Asked["state"]): void;
  };
  /** Nobody is in this visit's call any more. */
  closeVisit(visitId: string): void;
  /** What was known about who is in this visit is asked again. */
  forget(visitId: string): void;
  /** Closes every socket of someone who signed out or was removed. */
  dismiss(person: Person): void;
  close(): Promise<void>;
}

/** Someone whose socket dropped and who is back within this many milliseconds has not left, as far as the trail is concerned. */
const GRACE_MS = 10_000;

/** Carries what two browsers must say to find each other, and tells both what the server decided. Holds no media and keeps nothing. */
export function attachCall(httpServer: HttpServer, deps: SignalingDeps): Signaling {
  const io: Io = openDoor(httpServer, deps);
  const members = rememberMembership(deps);
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
      if (calls.has(visitId)) closeVisit(visitId);
      throw new Refusal("consent.not-live");
    }
    if (!member.admitted || member.state !== "in-call") throw new Refusal("visit.wrong-state");
    return member;
  };
  const seated = async (socket: Socket, visitId: string): Promise<{ room: Room<Socket>; side: Side }> => {
    const { side } = await callerOf(socket, visitId);
    const room = calls.get(visitId);
    if (room?.seats[side]?.socket !== socket) throw new Refusal("visit.wrong-state");
    return { room, side };
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
  const standUp = (visitId: string, side: Side, grace: number) => {
    const room = calls.get(visitId);
    const seat = room?.seats[side];
    if (!room || !seat) return;
    delete room.seats[side];
    left(seat.socket.data.person, visitId, grace);
    const them = room.seats[other(side)];
    if (!them) calls.delete(visitId);
    them?.socket.emit("call:present", { visitId, side, present: false, attempt: room.attempt });
  };
  const closeVisit = (visitId: string) => {
    members.forget(visitId);
    const room = calls.get(visitId);
    calls.delete(visitId);
    for (const seat of Object.values(room?.seats ?? {})) left(seat.socket.data.person, visitId, 0);
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
        const { state } = await memberOf(socket, visitId);
        await socket.join(`visit ${visitId}`);
        return { state };
      },
      "call:enter": async (socket, { visitId, attempt, holding }) => {
        const { side } = await callerOf(socket, visitId);
        if (!socket.connected) throw new Refusal("server.unreachable");
        const room: Room<Socket> = calls.get(visitId) ?? { attempt: 0, seats: {} };
        calls.set(visitId, room);
        const { person, instance } = socket.data;
        const before = sit(room, side, { socket, person: keyOf(person) }, { attempt, holding });
        if (before && before.socket !== socket && before.socket.data.instance !== instance) {
          before.socket.emit("call:replaced", { visitId });
        }
        socket.data.seats.add(visitId);
        await socket.join(`visit ${visitId}`);
        if (!before) entered(person, visitId);
        const them = room.seats[other(side)];
        them?.socket.emit("call:present", { visitId, side, present: true, attempt: room.attempt });
        return { present: them !== undefined, attempt: room.attempt, iceServers: deps.iceServers(person, visitId) };
      },
      "call:signal": async (socket, { visitId, attempt, data }) => {
        const { room, side } = await seated(socket, visitId);
        if (attempt === room.attempt) {
          room.seats[other(side)]?.socket.emit("call:signalled", { visitId, from: side, attempt, data });
        }
        return {};
      },
      "call:rebuild": async (socket, { visitId, attempt: failed }) => {
        const { room } = await seated(socket, visitId);
        const { attempt, moved } = rebuild(room, Math.min(failed, room.attempt));
        if (moved) for (const seat of Object.values(room.seats)) seat.socket.emit("call:rebuilt", { visitId, attempt });
        return { attempt };
      },
      "call:relays": async (socket, { visitId }) => {
        await seated(socket, visitId);
        return { iceServers: deps.iceServers(socket.data.person, visitId) };
      },
      "call:leave": async (socket, { visitId }) => {
        const { side } = await memberOf(socket, visitId);
        if (calls.get(visitId)?.seats[side]?.socket === socket) standUp(visitId, side, 0);
        return {};
      },
      "line:probe": () => ({}),
    },
    deps.log,
  );
  io.on("connection", (socket) => {
    socket.on("disconnect", () => {
      for (const visitId of socket.data.seats) {
        for (const side of ["clinician", "patient"] as const) {
          if (calls.get(visitId)?.seats[side]?.socket === socket) standUp(visitId, side, GRACE_MS);
        }
      }
    });
  });

  return {
    news: {
      visitChanged(visitId, clinicianId, state) {
        members.forget(visitId);
        io.to([`visit ${visitId}`, `clinician ${clinicianId}`]).emit("visit:changed", { visitId, state });
      },
      consentRevoked(visitId) {
        io.to(`visit ${visitId}`).emit("consent:revoked", { visitId });
        closeVisit(visitId);
      },
      recordMoved: (visitId, id, state) => void io.to(`visit ${visitId}`).emit("record:moved", { visitId, id, state }),
      askChanged: (visitId, id, state) => void io.to(`visit ${visitId}`).emit("ask:changed", { visitId, id, state }),
    },
    closeVisit,
    forget: members.forget,
    dismiss(person) {
      for (const socket of io.of("/").sockets.values()) {
        if (keyOf(socket.data.person) === keyOf(person)) socket.disconnect(true);
      }
    },
    async close() {
      members.stop();
      for (const timer of leaving.values()) clearTimeout(timer);
      io.disconnectSockets(true);
      io.engine.close();
    },
  };
}
