import { expect, test } from "vitest";
import { browserReads } from "./reads.ts";

test("a browser's search begins where the ledger did, however it asks for everything", () => {
  const address = `0x${"a".repeat(40)}`;
  const topics = [`0x${"1".repeat(64)}`, `0x${"2".repeat(64)}`];
  const { ask } = browserReads(address, () => 5_000_000, 4_000_000);
  for (const fromBlock of ["earliest", "0x0"])
    expect(ask("eth_getLogs", [{ address, topics, fromBlock }])[1]).toMatchObject([{ fromBlock: "0x3d0900" }]);
  expect(ask("eth_getLogs", [{ address, topics, fromBlock: "0x4c4b3f" }])[1]).toMatchObject([
    { fromBlock: "0x4c4b3f" },
  ]);
});
