import { Agent, request } from "node:http";

/** What a node answered instead of a result. `data` is a revert's data, when there is some. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;
  constructor(error: { code: number; message: string; data?: unknown }) {
    super(error.message);
    this.name = "RpcError";
    this.code = error.code;
    this.data = error.data;
  }
}

export interface Rpc {
  /** Throws `RpcError` for the node's answer, a plain error when there was none. */
  call(method: string, params: unknown[]): Promise<unknown>;
  /** Reads only: a node may answer them in any order. */
  callAll(calls: [method: string, params: unknown[]][]): Promise<unknown[]>;
  close(): void;
}

interface Answer {
  id: number;
  result?: unknown;
  error?: { code: number; message: string; data?: unknown };
}

/** Speaks JSON-RPC over HTTP, on connections that are kept. No answer within `patience` milliseconds is a failure. */
export function openRpc(url: { host: string; port: number }, patience = 30_000): Rpc {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  let ids = 0;

  const post = (body: string) =>
    new Promise<string>((resolve, reject) => {
      const asked = request(
        { ...url, agent, method: "POST", timeout: patience, headers: { "content-type": "application/json" } },
        (response) => {
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => pieces.push(piece));
          response.on("end", () => resolve(Buffer.concat(pieces).toString("utf8")));
          response.on("error", reject);
        },
      );
      asked.on("timeout", () => asked.destroy(new Error("The ledger's node does not answer.")));
      asked.on("error", reject);
      asked.end(body);
    });

  const resultOf = (answer: Answer): unknown => {
    if (answer.error) throw new RpcError(answer.error);
    return answer.result;
  };
  const question = ([method, params]: [string, unknown[]]) => ({ jsonrpc: "2.0", id: ++ids, method, params });

  return {
    call: async (method, params) =>
      resultOf(JSON.parse(await post(JSON.stringify(question([method, params])))) as Answer),
    callAll: async (calls) => {
      if (calls.length === 0) return [];
      const questions = calls.map(question);
      const answers = JSON.parse(await post(JSON.stringify(questions))) as Answer[];
      const byId = new Map(answers.map((answer) => [answer.id, answer]));
      return questions.map(({ id }) => resultOf(byId.get(id) ?? { id, error: { code: -32603, message: "no answer" } }));
    },
    close: () => agent.destroy(),
  };
}
