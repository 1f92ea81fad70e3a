import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const prefix = process.env.ASSENT_NETWORKS ?? "";
export const CLINIC = "198.51.100.2";
export const RELAYS = ["198.51.100.66", "198.51.100.67"] as const;
const PATIENT = { wifi: "203.0.113.2", mobile: "203.0.113.66" } as const;
const ROUTER = { wifi: "203.0.113.1", mobile: "203.0.113.65" } as const;

/** Which namespace a command runs in, for `spawn`. */
export const at = (name: "relay" | "doctor" | "patient" | "router", ...command: string[]): [string, string[]] => [
  "ip",
  ["netns", "exec", `${prefix}-${name}`, ...command],
];
const run = (name: Parameters<typeof at>[0], command: string) =>
  execFileSync(...at(name, ...command.split(" ")), { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
const rule = (what: string) => run("router", `iptables -w -A FORWARD ${what}`);

/** What happens to the lines between the namespaces that server/setup/network.mjs made. */
export const net = {
  /** Everything as it was: the patient on wifi, nothing blocked, lost or slow. */
  mend(): void {
    run("router", "iptables -w -F FORWARD");
    for (const link of ["patient-wifi", "doctor-eth0"]) quietly("router", `tc qdisc del dev ${link} root`);
    for (const [name, link] of [
      ["patient", "wifi"],
      ["doctor", "eth0"],
    ] as const)
      quietly(name, `tc qdisc del dev ${link} root`);
    quietly("patient", "ip link set mobile down");
    net.linkUp();
  },
  /** Nothing passes to or from the patient, and nobody is told. */
  outage(): void {
    rule(`-s ${PATIENT.wifi} -j DROP`);
    rule(`-d ${PATIENT.wifi} -j DROP`);
  },
  outageOver: () => void run("router", "iptables -w -F FORWARD"),
  /** The patient's wifi is gone, and their device knows. */
  linkDown: () => void run("patient", "ip link set wifi down"),
  linkUp(): void {
    run("patient", "ip link set wifi up");
    run("patient", `ip route replace default via ${ROUTER.wifi}`);
  },
  /** Out of the house: wifi goes, the mobile network comes, with another address. */
  switchToMobile(): void {
    run("patient", "ip link set wifi down");
    run("patient", "ip link set mobile up");
    run("patient", `ip route replace default via ${ROUTER.mobile}`);
  },
  /** Only what is not UDP passes to and from the patient. */
  blockUdp: () => void rule(`-p udp -s ${PATIENT.wifi} -j DROP`),
  /** Doctor and patient reach the clinic and its relays, not each other. */
  apart(): void {
    rule("-s 192.0.2.0/26 -d 203.0.113.0/24 -j REJECT");
    rule("-s 203.0.113.0/24 -d 192.0.2.0/26 -j REJECT");
  },
  blockAddress: (address: string) => void rule(`-d ${address} -j DROP`),
  /** This share of all packets between doctor and patient is lost, each way. */
  lose(share: number): void {
    for (const from of ["203.0.113.0/24", "192.0.2.0/26"])
      rule(`-s ${from} -m statistic --mode random --probability ${share} -j DROP`);
  },
  /** The patient's line carries this many kilobits a second, each way. */
  narrow(kilobits: number): void {
    const shape = `root tbf rate ${kilobits}kbit burst 8kb latency 300ms`;
    run("router", `tc qdisc replace dev patient-wifi ${shape}`);
    run("patient", `tc qdisc replace dev wifi ${shape}`);
  },
};

function quietly(name: Parameters<typeof at>[0], command: string): void {
  try {
    run(name, command);
  } catch {
    // There was nothing to take away.
  }
}

/** A program that starts Chromium in a namespace; Playwright speaks to it over pipes, which pass. */
export function chromiumIn(name: "doctor" | "patient"): { path: string; forget(): void } {
  const folder = mkdtempSync(join(tmpdir(), "assent-chromium-"));
  const path = join(folder, "chromium");
  const [command, args] = at(name, process.env.CHROMIUM_PATH ?? "/usr/bin/chromium");
  writeFileSync(path, `#!/bin/sh\nexec ${command} ${args.join(" ")} "$@"\n`, { mode: 0o755 });
  return { path, forget: () => rmSync(folder, { recursive: true, force: true }) };
}
