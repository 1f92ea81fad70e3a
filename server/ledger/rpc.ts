import { Agent as PlainAgent, request as plain, type RequestOptions } from "node:http";
import { Agent as EncryptedAgent, request as encrypted } from "node:https";
import { NodeSaysNo, saidIn } from "../../lib/ledger/logs.ts";

/** What a node answered instead of a result. `data` is a revert's data, when there is some. */
export class RpcError extends NodeSaysNo {
  readonly data: unknown;
  constructor(error: { code: number; message: string; data?: unknown }) {
    super(error);
    this.name = "RpcError";
    this.data = error.data;
  }
}

/** No answer, or none that is JSON-RPC. Says what happened, never where: an address may hold a key. */
export class NoAnswer extends Error {}

export interface Rpc {
  /** Throws `RpcError` for the node's answer, `NoAnswer` when there was none. */
  call(method: string, params: unknown[]): Promise<unknown>;
  /** Reads only: a node may answer them in any order. */
  callAll(calls: [method: string, params: unknown[]][]): Promise<unknown[]>;
  close(): void;
}

interface Limits {
  /** Milliseconds without a byte after which there is no answer. */
  patience: number;
  /** Milliseconds after which there is none, however slowly it still comes. */
  deadline?: number;
  /** Most bytes of an answer. */
  largest?: number;
}

/** Milliseconds within which somebody else's node answers, or doesn't; and the most bytes of its answer. */
const DEADLINE = 10_000;
const LARGEST_ANSWER = 32 * 1024 * 1024;

interface Answer {
  status: number;
  /** Undefined where it is no JSON. */
  body: unknown;
}

/** Speaks JSON-RPC over HTTP or HTTPS, on connections that are kept. A name and password in the URL are sent as basic authentication. */
export function openRpc(url: URL | { host: string; port: number }, limits: Limits = { patience: 30_000 }): Rpc {
  const secure = url instanceof URL && url.protocol === "https:";
  const agent = new (secure ? EncryptedAgent : PlainAgent)({ keepAlive: true, maxSockets: 8 });
  const request = secure ? encrypted : plain;
  const hidden = url instanceof URL ? secretsOf(url) : [];
  const to = { ...(url instanceof URL ? partsOf(url) : url), agent, method: "POST", timeout: limits.patience };
  let ids = 0;

  const post = (body: string) =>
    new Promise<Answer>((resolve, reject) => {
      const fail = (why: string) => reject(new NoAnswer(`The ledger's node does not answer: ${why}.`));
      const signal = limits.deadline === undefined ? undefined : AbortSignal.timeout(limits.deadline);
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const asked = request({ ...to, headers, ...(signal && { signal }) }, (response) => {
        const pieces: Buffer[] = [];
        let size = 0;
        response.on("data", (piece: Buffer) => {
          size += piece.length;
          if (size > (limits.largest ?? Number.POSITIVE_INFINITY)) asked.destroy(new Error("its answer is too large"));
          else pieces.push(piece);
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: jsonIn(pieces) }));
        response.on("error", (error) => fail(codeOf(error)));
        response.on("aborted", () => fail("it broke off"));
      });
      asked.on("timeout", () => asked.destroy(new Error("it takes too long")));
      asked.on("error", (error) => fail(codeOf(error)));
      asked.end(body);
    });

  const question = ([method, params]: [string, unknown[]]) => ({ jsonrpc: "2.0", id: ++ids, method, params });
  const resultOf = ({ status, body }: Answer, id: number): unknown => {
    const said = saidIn(status, body);
    if (said === null) {
      const came = status === 200 ? "what came is not JSON-RPC" : `HTTP ${status}`;
      throw new NoAnswer(`The ledger's node does not answer: ${came}.`);
    }
    if ("error" in said) {
      const { error } = said;
      const message = hidden.reduce((text, secret) => text.replaceAll(secret, "…"), error.message);
      // A revert's data is hexadecimal; whatever else a node adds is for itself.
      const data = typeof error.data === "string" && /^0x[0-9a-f]*$/i.test(error.data) ? error.data : undefined;
      throw new RpcError({ code: error.code, message, data });
    }
    if (said.id !== id) throw new NoAnswer("The ledger's node answers another question than was asked.");
    return said.result;
  };

  return {
    call: async (method, params) => {
      const asked = question([method, params]);
      return resultOf(await post(JSON.stringify(asked)), asked.id);
    },
    callAll: async (calls) => {
      if (calls.length === 0) return [];
      const questions = calls.map(question);
      const { status, body } = await post(JSON.stringify(questions));
      // A no to all of them is no list.
      const byId = Array.isArray(body) && new Map(body.map((one: { id?: unknown } | null) => [one?.id, one]));
      return questions.map(({ id }) => resultOf({ status, body: byId ? byId.get(id) : body }, id));
    },
    close: () => agent.destroy(),
  };
}

function jsonIn(pieces: Buffer[]): unknown {
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A node of somebody else's: it has its time and its size, and is asked side by side instead of in one request, which not every node takes. */
export function openNodeRpc(url: URL, deadline = DEADLINE): Rpc {
  const rpc = openRpc(url, { patience: deadline, deadline, largest: LARGEST_ANSWER });
  return { ...rpc, callAll: (calls) => Promise.all(calls.map(([method, params]) => rpc.call(method, params))) };
}

/** What of an address may be a key. Providers put theirs into the path, and some repeat it in what they answer. */
function secretsOf({ username, password, pathname, search }: URL): string[] {
  const parts = [username, password, ...pathname.split("/"), ...search.slice(1).split(/[&=]/)];
  return parts.flatMap((part) => [part, decoded(part)]).filter((part) => part.length >= 6);
}

function partsOf(url: URL): RequestOptions {
  const { hostname, port, pathname, search, username, password } = url;
  const auth = username || password ? `${decoded(username)}:${decoded(password)}` : null;
  const host = hostname.replace(/^\[|\]$/g, "");
  return { host, port: port || undefined, path: pathname + search, ...(auth && { auth }) };
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** A system's error by its code, ours by its words. */
function codeOf(error: Error): string {
  if (error.name === "TimeoutError" || error.name === "AbortError") return "it takes too long";
  return (error as NodeJS.ErrnoException).code ?? error.message;
}
