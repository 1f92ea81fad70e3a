import { expect, test } from "vitest";
import { NotNow } from "./chain.ts";
import { logsOf } from "./node.ts";
import { RpcError } from "./rpc.ts";

test.each(["none", "0x9", "0x20000000000000"])("a node whose newest block is %s is doubtful", async (head) => {
  const call = async (method: string) => {
    if (method === "eth_blockNumber") return head;
    throw new RpcError({ code: -32602, message: "block range too large" });
  };
  const found = logsOf({ call }, `0x${"a".repeat(40)}`, [], 10);
  await expect(found).rejects.toBeInstanceOf(NotNow);
  await expect(found).rejects.toMatchObject({ why: "node-doubtful" });
});
