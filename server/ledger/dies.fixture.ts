/**
 * `dies.fixture.ts FOLDER POINT`: queues a visit's acts on a ledger, of which it tells first, with anvil's process id, and
 * kills itself with SIGKILL at the first POINT after that.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { enroll, grant, openHouse, person, record } from "./ledger.fixture.ts";

const [folder = "", point] = process.argv.slice(2);
let armed = false;
const house = await openHouse(folder, (reached) => {
  if (armed && reached === point) process.kill(process.pid, "SIGKILL");
});
const [doctor, ana] = [person(), person()];
const given = grant(house.ledger.about, ana, doctor);
const calls = [enroll(doctor), given, ...[1, 2, 3].map((n) => record(house.ledger.about, given, doctor, n))];
const { pid } = JSON.parse(readFileSync(join(folder, "ledger", "anvil.pid"), "utf8"));
armed = true;
process.send?.({ pid, calls });
await house.queue(calls);
await house.ledger.whenIdle();
