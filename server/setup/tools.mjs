/** Programs some tests need, from the system's packages where we are root. Those tests say so where theirs is not to be had. */
import { existsSync } from "node:fs";
import { run, say } from "./ready.mjs";

async function fromPackages(what, paths, packages) {
  if (process.platform !== "linux" || paths.some((path) => existsSync(path))) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  say(`Installing ${what} from the system's packages…`);
  // No service of a package is to start by being installed: RUNLEVEL=1 says that the machine is not up.
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
  const quiet = { stdio: ["ignore", "ignore", "inherit"], env };
  await run("apt-get", ["update", "-qq"], quiet);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], quiet);
}

/** Counts system calls. */
export const strace = () => fromPackages("strace", ["/usr/bin/strace"], ["strace"]);
/** The `age` command: what leaves this program must open without it. */
export const age = () => fromPackages("age", ["/usr/bin/age", "/usr/local/bin/age"], ["age"]);
/** A relay (TURN). */
export const coturn = () => fromPackages("coturn", ["/usr/bin/turnserver", "/usr/local/bin/turnserver"], ["coturn"]);
/** A store that speaks S3 and keeps three replicas. */
export const swift = () => {
  const kinds = ["proxy", "account", "container", "object"];
  const [first, ...rest] = kinds.map((kind) => `swift-${kind}`);
  return fromPackages("OpenStack Swift", [`/usr/bin/${first}-server`], [first, ...rest]);
};
/** Networks of our own, and what cuts and narrows them. */
export const networks = async () => {
  await fromPackages("iptables", ["/usr/sbin/iptables", "/sbin/iptables"], ["iptables"]);
  await fromPackages("iproute2", ["/usr/sbin/tc", "/sbin/tc"], ["iproute2"]);
};
