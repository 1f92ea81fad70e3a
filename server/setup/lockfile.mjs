/** The lockfile: platform packages complete, every package from the registry with its hash, known faults not in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, stop } from "./ready.mjs";

const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
const faults = [];

/** Below these a known fault is open: name → lowest version. */
const floors = {
  next: "16.4.3",
  react: "19.2.6",
  "react-dom": "19.2.6",
  "socket.io": "4.8.4",
  "engine.io": "6.6.7",
  "socket.io-parser": "4.2.7",
  ws: "8.21.1",
  "better-auth": "1.7.16",
  zod: "4.6.7",
  "@openzeppelin/contracts": "5.0.0",
};
/** Never, at any depth. */
const forbidden = ["node-pre-gyp", "request", "event-stream", "left-pad"];

const numbers = (version) => version.split(/[.-]/).slice(0, 3).map(Number);
const isBelow = (version, floor) => {
  const [a, b] = [numbers(version), numbers(floor)];
  for (let i = 0; i < 3; i++) if (a[i] !== b[i]) return a[i] < b[i];
  return false;
};

for (const [path, about] of Object.entries(packages)) {
  if (path === "") continue;
  const name = path.split("node_modules/").at(-1);
  // What a package brings inside itself is covered by its hash.
  if (!about.inBundle && !about.integrity?.startsWith("sha512-")) faults.push(`${path} has no sha512.`);
  if (about.resolved && !about.resolved.startsWith("https://registry.npmjs.org/"))
    faults.push(`${path} comes from ${about.resolved}.`);
  if (floors[name] && isBelow(about.version, floors[name]))
    faults.push(`${name} ${about.version} is below ${floors[name]}, which mends a known fault.`);
  if (forbidden.includes(name)) faults.push(`${name} is not wanted here.`);
  // npm refuses a lockfile that lacks another platform's optional packages.
  for (const [wanted, range] of Object.entries(about.optionalDependencies ?? {})) {
    const places = [`${path}/node_modules/${wanted}`, ...ancestors(path).map((at) => `${at}node_modules/${wanted}`)];
    if (!places.some((place) => packages[place]))
      faults.push(`${wanted}@${range}, an optional package of ${name}, is missing.`);
  }
}

/** Folders whose node_modules a package at `path` also sees. */
function ancestors(path) {
  const parts = path.split("node_modules/");
  return parts.map((_, i) => parts.slice(0, i).join("node_modules/")).concat("");
}

if (faults.length > 0) stop(faults.join("\n"));
