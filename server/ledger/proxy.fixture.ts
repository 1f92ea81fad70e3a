import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Rpc, RpcError } from "./rpc.ts";

/** One question of JSON-RPC, and what a node may say to it. */
export interface Question {
  method: string;
  params: unknown[];
}
export interface Said {
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** Says something else than the node: `truth` asks it. */
export type Lie = (question: Question, truth: () => Promise<Said>) => Promise<Said> | Said;

/** How a whole request fails. `refused` and `reset` before an answer, `hang` without one, the rest with a bad one. */
export type Outage = "refused" | "reset" | "hang" | "500" | "429" | "html" | "half" | "empty";

/** Stands between the server and a node, and fails as it is told. In process, so that a test can change its mind at once. */
export interface FaultProxy {
  readonly url: string;
  /** Every question that came, in order: a test may look at it or empty it. */
  asked: Question[];
  lie: Lie | null;
  /** Milliseconds before an answer. */
  delay: number;
  /** For all requests. */
  fail(outage: Outage | null): Promise<void>;
  /** For each request by itself; null lets it pass. */
  chance: (() => Outage | null) | null;
  close(): Promise<void>;
}

export async function openProxy(node: Rpc): Promise<FaultProxy> {
  let outage: Outage | null = null;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const body = JSON.parse(Buffer.concat(pieces).toString("utf8")) as Asked | Asked[];
    for (const { method, params } of [body].flat()) proxy.asked.push({ method, params });
    if (proxy.delay > 0) await new Promise((resolve) => setTimeout(resolve, proxy.delay));
    const failing = outage ?? proxy.chance?.() ?? null;
    if (failing !== null && failing !== "half") return failWith(response, failing);
    const answered = await answer(body).catch(() => null); // the node itself is gone
    if (answered === null) failWith(response, "reset");
    else say(response, JSON.stringify(answered), failing === "half");
  });
  server.on("clientError", (_, socket) => socket.destroy());
  const port = await listen(0);
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    lie: null,
    delay: 0,
    chance: null,
    fail: async (next) => {
      const [was, is] = [outage === "refused", next === "refused"];
      outage = next;
      if (is && !was) await shut();
      if (was && !is) await listen(port);
      else if (was === is) server.closeAllConnections(); // nobody waits on for a request that hangs
    },
    close: shut,
  };
  return proxy;

  async function answer(body: Asked | Asked[]): Promise<unknown> {
    if (Array.isArray(body)) return Promise.all(body.map(answer));
    const truth = () => ask(node, body);
    const said = proxy.lie ? await proxy.lie({ method: body.method, params: body.params }, truth) : await truth();
    return { jsonrpc: "2.0", id: body.id, ...said };
  }

  function listen(at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
  }

  async function shut(): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

interface Asked extends Question {
  id: unknown;
}

async function ask(node: Rpc, { method, params }: Question): Promise<Said> {
  try {
    return { result: await node.call(method, params) };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    return { error: { code: error.code, message: error.message, data: error.data } };
  }
}

function say(response: ServerResponse, text: string, half: boolean): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(half ? text.slice(0, Math.ceil(text.length / 2)) : text);
}

function failWith(response: ServerResponse, outage: Exclude<Outage, "half">): void {
  if (outage === "hang") return;
  if (outage === "refused" || outage === "reset") return void response.socket?.resetAndDestroy();
  if (outage === "empty") return void response.writeHead(200).end();
  if (outage === "html") return void response.writeHead(200).end("<!doctype html><title>Bad gateway</title>");
  response.writeHead(Number(outage), { "retry-after": "1" }).end("no");
}
