import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { asc } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCheckpoint } from "../../lib/audit/checkpoint.ts";
import { birthLeaf, leafOf } from "../../lib/audit/log.ts";
import { leafHash, openTree } from "../../lib/audit/merkle.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import { entry } from "../storage/schema.ts";
import { rounds, seeded } from "../storage/seeded.fixture.ts";
import { openStorage } from "../storage/storage.ts";
import { startVictim, type Victim } from "../storage/victim.fixture.ts";
import { contractIn } from "./contract.fixture.ts";
import type { LogPoint, LogStanding } from "./log.ts";

const ROUNDS = rounds(40);
const points: readonly LogPoint[] = ["noted", "kept", "anchoring"];

let folder: string;
let victim: Victim | undefined;
beforeEach(async () => {
  folder = await madeFolder("log-crash");
});
afterEach(async () => {
  victim?.kill();
  await victim?.gone;
  await rm(folder, { recursive: true, force: true });
});

test(
  `a log killed ${ROUNDS} times between append, checkpoint and anchor loses no line and forks nowhere`,
  async () => {
    const chance = seeded("log, killed");
    const acknowledged: string[] = [];
    const notes = new Set<string>();
    const alarms: string[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      victim = startVictim(join(import.meta.dirname, "dies.fixture.ts"), [folder], (message) => {
        if ("acknowledged" in message) acknowledged.push(message.acknowledged as string);
        if ("signed" in message) notes.add(message.signed as string);
        if ("alarm" in message) alarms.push(message.alarm as string);
      });
      const { found } = await victim.hears<{ found: LogStanding }>("found");
      expect(found.halt).toBeNull();
      // Half of them die where it hurts, the others anywhere.
      if (chance.next() < 0.5) victim.tell({ at: chance.oneOf(points) });
      else {
        await pause(chance.between(0, 300));
        victim.kill();
      }
      await victim.gone;
    }
    victim = undefined;

    const storage = await openStorage(folder, migrations);
    const lines = await storage.read.select().from(entry).orderBy(asc(entry.number));
    await storage.close();
    const contract = contractIn(folder);
    const tree = openTree([birthLeaf(contract.about), ...lines.map(({ hash }) => leafOf(hash))].map(leafHash));
    const kept = new Set(lines.map(({ object }) => object));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    for (const note of notes) {
      const { size, root } = openCheckpoint(note, contract.about, contract.logKey);
      expect(tree.root(size)).toBe(root);
    }
    const anchored = await contract.lastAnchored();
    expect(tree.root(anchored.size)).toBe(anchored.root);
    expect(alarms).toEqual([]);
    console.log(`${acknowledged.length} lines, ${notes.size} checkpoints, anchored up to ${anchored.size}`);
    expect(notes.size).toBeGreaterThan(ROUNDS / 4);
    expect(anchored.size).toBeGreaterThan(1);
  },
  ROUNDS * 10_000,
);
