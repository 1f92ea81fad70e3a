/** The tests that count system calls need strace: from the system's packages where we are root; they say so where it is not to be had. */
import { existsSync } from "node:fs";
import { run, say } from "./ready.mjs";

export async function strace() {
  if (process.platform !== "linux" || existsSync("/usr/bin/strace")) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  say("Installing strace from the system's packages…");
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  await run("apt-get", ["update", "-qq"], quiet);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "strace"], quiet);
}
