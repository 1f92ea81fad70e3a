/**
 * Networks of our own, for calls over bad lines: a clinic, its relays, a doctor, and a patient with two ways out, each in
 * a namespace, with a router between them. Needs root on Linux. All addresses are those kept for documentation.
 *
 *   clinic 198.51.100.2 ─┐                     ┌─ wifi 203.0.113.2 (down to begin with: mobile 203.0.113.66) patient
 *   relay  198.51.100.66, .67 ─┤ router ├──────┘
 *   doctor 192.0.2.2 ────┘
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { pinned, run, say } from "./ready.mjs";
import { coturn, networks } from "./tools.mjs";

const prefix = `assent${process.pid}`;
const links = [
  { of: "clinic", name: "eth0", addresses: ["198.51.100.2"], router: "198.51.100.1" },
  { of: "relay", name: "eth0", addresses: ["198.51.100.66", "198.51.100.67"], router: "198.51.100.65" },
  { of: "doctor", name: "eth0", addresses: ["192.0.2.2"], router: "192.0.2.1" },
  { of: "patient", name: "wifi", addresses: ["203.0.113.2"], router: "203.0.113.1" },
  { of: "patient", name: "mobile", addresses: ["203.0.113.66"], router: "203.0.113.65" },
];

/** Why there can be no networks here, or null. */
export async function whyNot() {
  if (process.platform !== "linux") return "this is not Linux";
  if (process.getuid?.() !== 0) return "that needs root";
  await networks();
  await coturn();
  const probe = `${prefix}probe`;
  const may = ip("netns", "add", probe);
  if (may) ip("netns", "del", probe);
  if (!may) return "network namespaces may not be made here";
  return existsSync("/usr/bin/turnserver") ? null : "coturn is not to be had";
}

/** Runs a command in the clinic's network; answers its exit code. */
export async function inNetworks(command, args, environment = {}) {
  const names = [...new Set(links.map(({ of }) => of)), "router"];
  const clean = () => {
    for (const name of names) ip("netns", "del", `${prefix}-${name}`);
  };
  process.once("exit", clean);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
  for (const name of names) {
    ip("netns", "add", `${prefix}-${name}`);
    within(name, "ip", "link", "set", "lo", "up");
  }
  within("router", "sysctl", "-qw", "net.ipv4.ip_forward=1");
  for (const { of, name, addresses, router } of links) {
    const far = `${of}-${name}`.slice(0, 15);
    ip(
      "link",
      "add",
      name,
      "netns",
      `${prefix}-${of}`,
      "type",
      "veth",
      "peer",
      "name",
      far,
      "netns",
      `${prefix}-router`,
    );
    within("router", "ip", "address", "add", `${router}/26`, "dev", far);
    within("router", "ip", "link", "set", far, "up");
    for (const address of addresses) within(of, "ip", "address", "add", `${address}/26`, "dev", name);
    if (name === "mobile") continue;
    within(of, "ip", "link", "set", name, "up");
    within(of, "ip", "route", "add", "default", "via", router);
  }
  const code = await run("ip", ["netns", "exec", `${prefix}-clinic`, command, ...args], {
    env: pinned({ ...environment, ASSENT_NETWORKS: prefix }),
  });
  clean();
  process.off("exit", clean);
  return code;
}

const ip = (...args) => spawnSync("ip", args, { stdio: "ignore" }).status === 0;
function within(name, ...command) {
  const { status, stderr } = spawnSync("ip", ["netns", "exec", `${prefix}-${name}`, ...command], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command.join(" ")} in ${name}: ${stderr}`);
}

/** The suite over bad lines, or a sentence about why it is left out. */
export async function overBadLines(environment, narrow = []) {
  const why = await whyNot();
  if (why) {
    say(`Left out, since ${why}: calls over changing, bad and blocked networks (W1 to W5).`);
    return 0;
  }
  return inNetworks("playwright", ["test", "--config=e2e/network/playwright.config.ts", ...narrow], environment);
}
