/** `npm run audit -- COMMAND`: what one does with the audit log by hand. */
import { join } from "node:path";
import { installed, root, run } from "./ready.mjs";

await installed({ development: false });
// Files are named from where the person stands, not from where npm does.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exitCode = await run("node", [join(root, "server/audit/command.ts"), ...process.argv.slice(2)], { cwd });
