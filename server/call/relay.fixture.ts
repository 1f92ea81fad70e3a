import { type ChildProcess, spawn } from "node:child_process";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { root } from "../config.ts";

/** Where Debian's package puts it; null where there is none. */
export const turnserver =
  ["/usr/bin/turnserver", "/usr/local/bin/turnserver", "/opt/homebrew/bin/turnserver"].find((path) =>
    existsSync(path),
  ) ?? null;

export const SECRET = "a secret that a relay and we share";

/** The configuration that docs/operate.md gives, whole. */
export const documented = /```conf\n([\s\S]*?)```/.exec(readFileSync(join(root, "docs/operate.md"), "utf8"))?.[1] ?? "";

export interface Relay {
  port: number;
  output(): string;
  close(): Promise<void>;
}

/** coturn on loopback with the documented configuration, but for its secret, its port and its certificate; `more` is added at the end. */
export async function openRelay(more: string[] = [], configuration = documented): Promise<Relay> {
  const folder = await mkdtemp(join(tmpdir(), "assent-relay-"));
  const port = await freePort();
  const own = configuration
    .replace(/^static-auth-secret=.*$/m, `static-auth-secret=${SECRET}`)
    .replace(/^listening-port=.*$/m, `listening-port=${port}`)
    .replace(/^(tls-listening-port|cert|pkey)=.*$/gm, "");
  const here = ["127.0.0.1", "::1"].flatMap((ip) => [`listening-ip=${ip}`, `relay-ip=${ip}`]);
  const rest = ["no-tls", "no-dtls", `userdb=${folder}/db`, `pidfile=${folder}/pid`, "log-file=stdout", ...more];
  await writeFile(join(folder, "turnserver.conf"), [own, ...here, ...rest, ""].join("\n"));
  let output = "";
  const child: ChildProcess = spawn(turnserver!, ["-c", join(folder, "turnserver.conf")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece) => (output += String(piece)));
  const ended = once(child, "exit");
  // A test that was given up leaves nothing running.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const asker = new TurnClient(port);
  // It listens before it says so, in as many threads as there are cores.
  while (!(await asker.ask(BINDING, []).catch(() => null))) {
    if (child.exitCode !== null) throw new Error(`The relay ended with ${child.exitCode}.\n${output}`);
    await pause(50);
  }
  asker.close();
  return {
    port,
    output: () => output,
    close: async () => {
      process.off("exit", kill);
      kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createSocket("udp4");
  probe.bind(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  return port;
}

const MAGIC = 0x2112a442;
const BINDING = 0x0001;
const ALLOCATE = 0x0003;
const CREATE_PERMISSION = 0x0008;
const CHANNEL_BIND = 0x0009;
const CONNECT = 0x000a;
const ATTRIBUTE = {
  username: 0x0006,
  integrity: 0x0008,
  error: 0x0009,
  channel: 0x000c,
  peer: 0x0012,
  realm: 0x0014,
  nonce: 0x0015,
  relayed: 0x0016,
  family: 0x0017,
  transport: 0x0019,
};

type Attribute = [type: number, value: Buffer];
/** 0 for success, otherwise the code of the error. */
export interface Answer {
  code: number;
  attributes: Map<number, Buffer>;
}
export interface Credentials {
  username: string;
  credential: string;
}

/** As much of RFC 8656 over UDP as it takes to ask a relay for what it must refuse. One allocation a client. */
export class TurnClient {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #host: string;
  #credentials: Credentials | undefined;
  #realm = Buffer.alloc(0);
  #nonce = Buffer.alloc(0);
  /** What peers sent through the relay. */
  bytes = 0;

  constructor(port: number, host = "127.0.0.1") {
    this.#port = port;
    this.#host = host;
    this.#socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    this.#socket.on("message", (message) => {
      // Not an answer: a channel's data, or an indication.
      if ((message[0] ?? 0) >= 0x40 || message.readUInt16BE(0) === 0x0017) this.bytes += message.length;
    });
  }
  close(): void {
    this.#socket.close();
  }

  async ask(method: number, attributes: Attribute[], credentials?: Credentials): Promise<Answer> {
    const id = randomBytes(12);
    const signed = credentials
      ? ([
          ...attributes,
          [ATTRIBUTE.username, Buffer.from(credentials.username)],
          [ATTRIBUTE.realm, this.#realm],
          [ATTRIBUTE.nonce, this.#nonce],
        ] as Attribute[])
      : attributes;
    let message = packed(method, id, signed, credentials ? 24 : 0);
    if (credentials) {
      const key = createHash("md5")
        .update(`${credentials.username}:${this.#realm.toString()}:${credentials.credential}`)
        .digest();
      const integrity = createHmac("sha1", key).update(message).digest();
      message = Buffer.concat([message, attribute([ATTRIBUTE.integrity, integrity])]);
    }
    for (let tries = 0; tries < 6; tries++) {
      const heard = new AbortController();
      const answered = this.#answerTo(id, heard.signal);
      this.#socket.send(message, this.#port, this.#host);
      const answer = await Promise.race([answered, pause(300, null, { signal: heard.signal }).catch(() => null)]);
      heard.abort();
      if (answer) return answer;
    }
    throw new Error("The relay does not answer.");
  }

  #answerTo(id: Buffer, signal: AbortSignal): Promise<Answer | null> {
    return new Promise((resolve) => {
      const hear = (message: Buffer) => {
        if (!message.subarray(8, 20).equals(id)) return;
        this.#socket.off("message", hear);
        resolve(unpacked(message));
      };
      this.#socket.on("message", hear);
      signal.addEventListener("abort", () => {
        this.#socket.off("message", hear);
        resolve(null);
      });
    });
  }

  /** Asks once without credentials, as everyone must, and then with them. `transport` 17 is UDP, 6 is TCP. */
  async allocate(credentials: Credentials, { family = 4, transport = 17 } = {}): Promise<Answer> {
    const what: Attribute[] = [
      [ATTRIBUTE.transport, Buffer.from([transport, 0, 0, 0])],
      ...(family === 6 ? ([[ATTRIBUTE.family, Buffer.from([2, 0, 0, 0])]] as Attribute[]) : []),
    ];
    const challenge = await this.ask(ALLOCATE, what);
    this.#realm = Buffer.from(challenge.attributes.get(ATTRIBUTE.realm) ?? "");
    this.#nonce = Buffer.from(challenge.attributes.get(ATTRIBUTE.nonce) ?? "");
    this.#credentials = credentials;
    return this.ask(ALLOCATE, what, credentials);
  }
  /** With no credentials at all. */
  allocateUnnamed = (): Promise<Answer> => this.ask(ALLOCATE, [[ATTRIBUTE.transport, Buffer.from([17, 0, 0, 0])]]);

  permit = (ip: string) => this.ask(CREATE_PERMISSION, [[ATTRIBUTE.peer, place(ip, 80)]], this.#credentials);
  connect = (ip: string) => this.ask(CONNECT, [[ATTRIBUTE.peer, place(ip, 80)]], this.#credentials);
  bind = (ip: string, channel = 0x4000, port = 80) =>
    this.ask(
      CHANNEL_BIND,
      [
        [ATTRIBUTE.channel, Buffer.from([channel >> 8, channel & 255, 0, 0])],
        [ATTRIBUTE.peer, place(ip, port)],
      ],
      this.#credentials,
    );
  /** Bytes to whoever a channel is bound to. */
  push(channel: number, bytes: Buffer): void {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(channel, 0);
    head.writeUInt16BE(bytes.length, 2);
    this.#socket.send(Buffer.concat([head, bytes]), this.#port, this.#host);
  }
}

/** The port at which a relay listens for an allocation's peers. */
export function relayedPort({ attributes }: Answer): number {
  return (attributes.get(ATTRIBUTE.relayed)?.readUInt16BE(2) ?? 0) ^ (MAGIC >>> 16);
}

function packed(method: number, id: Buffer, attributes: Attribute[], toCome: number): Buffer {
  const sent = attributes.map(([type, value]) =>
    attribute([type, type === ATTRIBUTE.peer ? masked(value, id) : value]),
  );
  const body = Buffer.concat(sent);
  const head = Buffer.alloc(8);
  head.writeUInt16BE(method, 0);
  head.writeUInt16BE(body.length + toCome, 2);
  head.writeUInt32BE(MAGIC, 4);
  return Buffer.concat([head, id, body]);
}

function attribute([type, value]: Attribute): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)]);
}

function unpacked(message: Buffer): Answer {
  const attributes = new Map<number, Buffer>();
  for (let at = 20; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    attributes.set(message.readUInt16BE(at), message.subarray(at + 4, at + 4 + length));
    at += 4 + length + ((4 - (length % 4)) % 4);
  }
  const error = attributes.get(ATTRIBUTE.error);
  return { code: error ? (error[2] ?? 0) * 100 + (error[3] ?? 0) : 0, attributes };
}

function place(ip: string, port: number): Buffer {
  const bytes = isIPv6(ip) ? bytesOfV6(ip) : Buffer.from(ip.split(".").map(Number));
  const head = Buffer.from([0, bytes.length === 16 ? 2 : 1, 0, 0]);
  head.writeUInt16BE(port, 2);
  return Buffer.concat([head, bytes]);
}

/** XOR-PEER-ADDRESS: the port by the magic cookie's first half, the address by the cookie and the transaction's id. */
function masked(address: Buffer, id: Buffer): Buffer {
  const mask = Buffer.alloc(4);
  mask.writeUInt32BE(MAGIC);
  const over = Buffer.concat([Buffer.alloc(2), mask.subarray(0, 2), mask, id]);
  return Buffer.from(address.map((byte, i) => byte ^ (over[i] ?? 0)));
}

function bytesOfV6(ip: string): Buffer {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(ip);
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : ip;
  const [before = "", after] = text.split("::");
  const groups = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(before), groups(after ?? "")];
  const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
  const bytes = Buffer.alloc(16);
  for (const [i, group] of all.entries()) bytes.writeUInt16BE(group, 2 * i);
  return bytes;
}
