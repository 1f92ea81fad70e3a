/**
 * `dies.fixture.ts FOLDER`: a trail and its log that are there to be killed. It tells how the log stands when it has come
 * back; then lines are appended, the log seals and anchors as fast as it can, and every line and checkpoint is told once
 * it is acknowledged. On being told a point it dies there.
 */
import { setImmediate } from "node:timers/promises";
import { migrations } from "../storage/made.fixture.ts";
import { openStorage } from "../storage/storage.ts";
import { contractIn } from "./contract.fixture.ts";
import { type LogPoint, openLog } from "./log.ts";

const [folder = ""] = process.argv.slice(2);
process.on("disconnect", () => process.exit());
let dies: LogPoint | null = null;
process.on("message", ({ at }: { at: LogPoint }) => {
  dies = at;
});

const storage = await openStorage(folder, migrations);
const complain = (facts: object, text: string) => process.send?.({ alarm: `${text} ${JSON.stringify(facts)}` });
const log = await openLog({
  ...{ storage, folder, secret: `0x${"05".repeat(32)}`, now: () => new Date(), every: null },
  ledger: contractIn(folder),
  log: { info: () => undefined, warn: complain, error: complain },
  at: (point) => point === dies && process.kill(process.pid, "SIGKILL"),
});
process.send?.({ found: log.standing() });

async function write(): Promise<never> {
  for (let n = 0; ; n++) {
    const id = `${process.pid}-${n}`;
    await storage.transact((_, finish) =>
      finish({ actor: { is: "system", id: "test" }, action: "store.back", object: id }, undefined),
    );
    process.send?.({ acknowledged: id });
    await setImmediate(); // as between two requests
  }
}
async function seal(): Promise<never> {
  for (let told = ""; ; await setImmediate()) {
    await log.seal();
    const note = log.signed()?.note ?? "";
    if (note !== told) process.send?.({ signed: note });
    told = note;
    await log.anchor();
  }
}
await Promise.all([write(), seal()]);
