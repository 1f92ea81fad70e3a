import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { actCosts } from "./parts/acts.ts";
import { startAnvil } from "./parts/anvil.ts";

const accepted = JSON.parse(readFileSync(join(import.meta.dirname, "gas.json"), "utf8")) as Record<string, number>;

test("every act costs exactly the gas that was accepted", { timeout: 120_000 }, async () => {
  const chain = await startAnvil();
  try {
    const costs = Object.entries(await actCosts(chain)).map(([name, { value }]) => [name, value]);
    const remedy = "If this change is wanted, `npm run bench -- gas --accept` writes bench/gas.json; commit it.";
    expect(Object.fromEntries(costs), remedy).toEqual(accepted);
  } finally {
    chain.stop();
  }
});
