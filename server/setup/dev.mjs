/** `npm run dev`: screens reload by themselves, the server restarts when its sources change. */
import { spawn } from "node:child_process";
import { bundleServer, installed, pinned, root } from "./ready.mjs";

await installed({ development: true });
await bundleServer("dist/dev.js");
const env = pinned({ NODE_ENV: "development" });
const watcher = spawn(
  "esbuild",
  [
    "server/index.ts",
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--target=node24",
    "--packages=external",
    "--sourcemap",
    "--outfile=dist/dev.js",
    "--watch=forever",
    "--log-level=warning",
  ],
  { cwd: root, stdio: "inherit", env },
);
const server = spawn(
  "node",
  ["--enable-source-maps", "--watch-path=dist/dev.js", "--watch-preserve-output", "dist/dev.js", "--dev"],
  {
    cwd: root,
    stdio: "inherit",
    env,
  },
);
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    watcher.kill(signal);
    server.kill(signal);
  });
}
server.once("exit", (code) => {
  watcher.kill();
  process.exit(code ?? 1);
});
