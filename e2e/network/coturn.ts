import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { at, RELAYS } from "./net.ts";

export const SECRET = "a secret that relays and clinic share";
const page = readFileSync(join(import.meta.dirname, "../../docs/operate.md"), "utf8");
const documented = /```conf\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

interface Running {
  close(): Promise<void>;
}

/** coturn at one of the relays' addresses, as docs/operate.md has it, but for its secret and its certificate. */
export async function openCoturn(address: string = RELAYS[0], secret = SECRET): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "assent-coturn-"));
  const own = documented
    .replace(/^static-auth-secret=.*$/m, `static-auth-secret=${secret}`)
    .replace(/^(tls-listening-port|cert|pkey)=.*$/gm, "");
  const here = [`listening-ip=${address}`, `relay-ip=${address}`, "no-tls", "no-dtls", "log-file=stdout"];
  const files = [`userdb=${folder}/db`, `pidfile=${folder}/pid`];
  const path = join(folder, "turnserver.conf");
  writeFileSync(path, [own, ...here, ...files, ""].join("\n"));
  const running = started(at("relay", "turnserver", "-c", path));
  await answers(address);
  return {
    close: async () => {
      await running.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** In front of the first relay, at the second's address: what it forwards is late by this many milliseconds, more or less. */
export async function openSlowLine(ms: number, jitter: number): Promise<Running> {
  const script = join(import.meta.dirname, "slow.ts");
  const running = started(at("relay", "node", script, RELAYS[1], RELAYS[0], "3478", String(ms), String(jitter)));
  await answers(RELAYS[1]);
  return running;
}

function started([command, args]: [string, string[]]): Running {
  const child: ChildProcess = spawn(command, args, { stdio: "ignore" });
  const ended = once(child, "exit");
  // A test that was given up leaves nothing running.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  return {
    close: async () => {
      process.off("exit", kill);
      kill();
      await ended;
    },
  };
}

/** Asks who we are (STUN's binding request) until somebody there says it. */
async function answers(address: string): Promise<void> {
  const question = Buffer.concat([Buffer.from("000100002112a442", "hex"), Buffer.from("assentassent")]);
  const socket = createSocket("udp4");
  const heard = once(socket, "message");
  const asking = setInterval(() => socket.send(question, 3478, address), 100);
  const late = AbortSignal.timeout(20_000);
  await Promise.race([heard, once(late, "abort").then(() => Promise.reject(new Error("The relay does not answer.")))]);
  clearInterval(asking);
  socket.close();
}

export const relayUrls = (address: string, ...transports: ("udp" | "tcp")[]) =>
  transports.map((transport) => `turn:${address}:3478?transport=${transport}`).join(",");
