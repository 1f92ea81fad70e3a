import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";

/** What a process of its own says of itself after it cleaned up: bytes, and seconds a core has worked for it. */
export interface Cost {
  /** What it has from the system. It gives little of that back. */
  rss: number;
  /** What it still needs. */
  held: number;
  cpuSeconds: number;
}

/** Two members of each of many visits, and the server they speak through. */
export interface Crowd {
  sockets: Socket[];
  /** Milliseconds each signal took from one browser to the other. */
  times: number[];
  sent: number;
  received: number;
  /** Signals that came to somebody they were not for, twice, or out of their order. */
  wrong: number;
  cost(): Promise<Cost>;
  /** Everyone connects and enters their call. */
  arrive(): Promise<void>;
  /** Everyone signals to their other side once, one after the other within so many milliseconds; resolves when all are answered. */
  round(ms: number): Promise<void>;
  /** Until all that was sent has arrived, or nothing has for two seconds. */
  settle(): Promise<void>;
  /** Every connection breaks at once. They come back by themselves. */
  breakAll(): void;
  close(): Promise<void>;
}

/** The size of an offer. */
const PADDING = "x".repeat(1_400);

export async function openCrowd(members: number, kind: "ours" | "bare" = "ours"): Promise<Crowd> {
  const server: ChildProcess = fork(join(import.meta.dirname, "load-server.fixture.ts"), [kind], {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const [{ port }] = (await once(server, "message")) as [{ port: number }];
  const expected = new Map<Socket, number>();
  const crowd: Crowd = {
    sockets: [],
    times: [],
    sent: 0,
    received: 0,
    wrong: 0,
    async cost() {
      server.send("cost");
      return ((await once(server, "message")) as [Cost])[0];
    },
    async arrive() {
      await Promise.all(
        crowd.sockets.map(async (socket) => {
          if (!socket.connected) {
            socket.connect();
            await new Promise<void>((resolve) => socket.once("connect", resolve));
          }
          await enter(socket);
        }),
      );
    },
    async round(ms) {
      await Promise.all(
        crowd.sockets.map(async (socket, i) => {
          await new Promise((resolve) => setTimeout(resolve, (i * ms) / members));
          crowd.sent += 1;
          const to = i % 2 === 0 ? "patient" : "clinician";
          const sdp = `${Math.floor(i / 2)} ${crowd.sent} ${performance.now()} ${PADDING}`;
          const data = { type: "offer", sdp };
          const answer = await socket
            .timeout(20_000)
            .emitWithAck("call:signal", { visitId: visitOf(i), to, attempt: attempts.get(i >> 1) ?? 0, data });
          if (answer.ok !== true) throw new Error(`A signal was refused: ${JSON.stringify(answer)}`);
        }),
      );
    },
    async settle() {
      for (let before = -1; crowd.received < crowd.sent && before !== crowd.received; ) {
        before = crowd.received;
        await new Promise((resolve) => setTimeout(resolve, 2_000));
      }
    },
    breakAll: () => void server.send("drop"),
    async close() {
      for (const socket of crowd.sockets) socket.disconnect();
      const gone = once(server, "exit");
      server.disconnect();
      await gone;
    },
  };
  /** The attempt that both of a visit were told last. */
  const attempts = new Map<number, number>();
  const enter = async (socket: Socket) => {
    const i = crowd.sockets.indexOf(socket);
    const answer = await socket.timeout(20_000).emitWithAck("call:enter", { visitId: visitOf(i), with: [] });
    if (answer.ok !== true) throw new Error(`Somebody was not let in: ${JSON.stringify(answer)}`);
    for (const { attempt } of answer.value?.others ?? []) attempts.set(i >> 1, attempt);
  };
  for (let i = 0; i < members; i++) {
    const name = `${i % 2 === 0 ? "clinician" : "patient"}-${Math.floor(i / 2)}`;
    const socket = io(`http://127.0.0.1:${port}`, {
      transports: ["websocket"],
      forceNew: true,
      autoConnect: false,
      reconnectionDelay: 250,
      reconnectionDelayMax: 2_000,
      extraHeaders: { origin: "http://localhost:3000", cookie: `who=${name}` },
      auth: { version: 1, instance: String(i).padStart(16, "0"), visitId: visitOf(i) },
    });
    socket.on("call:signalled", ({ data }: { data: { sdp: string } }) => {
      const [visit, number, at] = data.sdp.split(" ", 3).map(Number);
      crowd.received += 1;
      if (visit !== Math.floor(i / 2) || (number ?? 0) <= (expected.get(socket) ?? 0)) crowd.wrong += 1;
      expected.set(socket, number ?? 0);
      crowd.times.push(performance.now() - (at ?? 0));
    });
    crowd.sockets.push(socket);
  }
  return crowd;
}

const visitOf = (i: number) => String(Math.floor(i / 2)).padStart(32, "0");
