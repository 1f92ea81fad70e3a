/** `npm run seed -- --events N`: fills an empty data folder with the history of a practice that never was. */
import { join } from "node:path";
import { installed, root, run } from "./ready.mjs";

await installed({ development: false });
process.exitCode = await run("node", [join(root, "server/seed/command.ts"), ...process.argv.slice(2)]);
