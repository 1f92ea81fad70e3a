/** `npm start`: install, build when needed, serve. */
import { spawn } from "node:child_process";
import { installed, pinned, root, upToDate } from "./ready.mjs";

await installed({ development: false });
await upToDate();
const server = spawn("node", ["--enable-source-maps", "dist/server.js"], {
  cwd: root,
  stdio: "inherit",
  env: pinned({ NODE_ENV: "production" }),
  shell: process.platform === "win32",
});
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.kill(signal));
server.once("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
