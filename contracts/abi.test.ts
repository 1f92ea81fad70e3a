import { expect, test } from "vitest";
import { consentLedgerAbi } from "../lib/ledger/abi.ts";

interface Item {
  type: string;
  name?: string;
  stateMutability?: string;
}

const abi: readonly Item[] = consentLedgerAbi;

test("nothing but these acts changes the ledger, and none of them touches what is recorded", () => {
  const acts = abi.filter((item) => item.type === "function" && !["view", "pure"].includes(item.stateMutability ?? ""));
  const names = acts.map((item) => item.name).sort();
  expect(names).toEqual(
    "acceptOwnership anchor enroll grant record recordBatch remove revoke transferOwnership".split(" "),
  );
});

test("the ledger takes no money", () => {
  const takes = (item: Item) => item.stateMutability === "payable" || ["receive", "fallback"].includes(item.type);
  expect(abi.filter(takes)).toEqual([]);
});
