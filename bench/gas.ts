/**
 * What does one event cost on the chain, alone and in a batch, against its floor and against EAS? Measured on an anvil
 * of our own; all keys and times are fixed, so every run says the same, and `bench/gas.json` holds it.
 *
 * The floor is what the same guarantees cost if nothing else did, per event:
 *
 *   21,000 (the transaction) + the greater of
 *     16 for each byte of calldata that is not zero (padding is ours) + what is done with it: the log (375 + 375 a topic
 *     + 8 a byte), the consent's word, cold (2,100 to read, 2,900 to write, 20,000 if it was empty; number and head live
 *     in it), 3,000 a signature (ecrecover), 196 a node of a Merkle proof (sha256);
 *     40 for each byte of calldata that is not zero, which EIP-7623 takes at least, however little is done
 *
 * divided by the events. Where many events share a consent, its word and its calldata are shared too. The peer's parts
 * are held against our floor for as many events: EAS enforces no consent, no order and no window.
 *
 * `npm run bench -- gas --accept` writes what was measured to bench/gas.json, which `npm test` compares.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { actCosts } from "./parts/acts.ts";
import { startAnvil } from "./parts/anvil.ts";
import type { Cost } from "./parts/cost.ts";
import { easCosts } from "./parts/eas.ts";
import { report } from "./parts/report.ts";

const chain = await startAnvil();
try {
  const ours = await actCosts(chain);
  if (process.argv.includes("--accept")) {
    const values = Object.fromEntries(Object.entries(ours).map(([name, { value }]) => [name, value]));
    writeFileSync(join(import.meta.dirname, "gas.json"), `${JSON.stringify(values, null, 2)}\n`);
  }
  const peer = await easCosts(chain).catch((error: Error): Record<string, number> => {
    console.log(`EAS is left out, because it could not be had: ${error.message}`);
    return {};
  });
  const floorOf = (name: string) => ours[name.endsWith("In50") ? "in50" : "alone"]!.floor;
  const theirs = Object.entries(peer).map(([name, value]) => [name, { value, floor: floorOf(name) }] as const);
  const parts: Record<string, Cost> = { ...ours, ...Object.fromEntries(theirs) };

  const target = (what: string, value: number, most: number) =>
    console.log(`${what}: ${value} (target: at most ${most})${value > most ? ", missed" : ""}`);
  const ratio = (value: number, to: number) => Math.round((100 * value) / to) / 100;
  target("alone", ours.alone!.value, 45_000);
  target("one in fifty", ours.in50!.value, 17_000);
  target("one in fifty / its floor", ratio(ours.in50!.value, ours.in50!.floor), 1.4);
  target("one in a hundred on one consent", ours.oneConsent!.value, 11_000);
  if (peer.easAttestIn50) {
    target("one in fifty / EAS, attested by delegation", ratio(ours.in50!.value, peer.easAttestIn50), 0.1);
  }
  report({
    question: "gas",
    unit: "gas",
    runs: 1,
    headline: "in50",
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, { value, floor }]) => [name, { values: [value], floors: [floor] }]),
    ),
  });
} finally {
  chain.stop();
}
