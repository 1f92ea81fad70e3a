/**
 * A process of its own that carries signals: ours with its limits, schemas and membership, or with the word `bare` nothing
 * but Socket.IO's rooms. Everyone is a member of the visit their name says. Answers its parent's questions about itself.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "socket.io";
import type { Person } from "../../lib/auth/person.ts";
import { attachCall } from "./signaling.ts";

const http = createServer();
const visitOf = (number: string) => number.padStart(32, "0");

/** `clinician-7` and `patient-7` are the two of visit 7. */
function personOf(name: string): Person | null {
  const [side, number] = name.split("-");
  if (!number) return null;
  if (side === "patient") return { is: "patient", visitId: visitOf(number), signer: `0x${number.padStart(40, "0")}` };
  const email = `${name}@clinic.test`;
  return { is: "staff", id: number, name, email, roles: ["clinician"], keys: [], person: null };
}

let dropAll: () => void;
if (process.argv[2] === "bare") {
  const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
  io.on("connection", (socket) => {
    const room = String(socket.handshake.auth.visitId);
    socket.on("call:enter", async (_, reply) => {
      await socket.join(room);
      reply({ ok: true });
    });
    socket.on("call:signal", (message, reply) => {
      socket.to(room).emit("call:signalled", message);
      reply({ ok: true });
    });
  });
  dropAll = () => io.disconnectSockets(true);
} else {
  attachCall(http, {
    who: async ({ cookie }) => personOf(cookie?.replace("who=", "") ?? ""),
    sessionOf: async ({ cookie }) => cookie ?? null,
    liveSessions: async (sessions) => new Set(sessions),
    membership: async (person, visitId) => {
      // As far away as a database in the same process is.
      await new Promise(setImmediate);
      const mine = person.is === "staff" ? visitOf(person.id) : person.visitId;
      if (mine !== visitId) return null;
      const side = person.is === "staff" ? "clinician" : "patient";
      return {
        side,
        member: side,
        state: "in-call",
        clinicianId: "7",
        consentLive: true,
        until: Infinity,
        admitted: true,
      };
    },
    guestLives: async () => false,
    onEntered: () => {},
    onLeft: () => {},
    origins: ["http://localhost:3000"],
    // Each from a home of their own.
    addressOf: ({ headers }) => headers.cookie ?? "",
    iceServers: () => [],
    log: { info: () => {}, warn: () => {}, error: (about, what) => console.error(what, about) },
  });
  const sockets = new Set<{ destroy(): void }>();
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  dropAll = () => {
    for (const socket of sockets) socket.destroy();
  };
}

process.on("message", (question) => {
  if (question === "drop") dropAll();
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, held: heapUsed + external, cpuSeconds: (user + system) / 1e6 });
});
process.once("disconnect", () => process.exit());
http.listen(0, "127.0.0.1", () => process.send?.({ port: (http.address() as AddressInfo).port }));
