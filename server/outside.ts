import { lookup } from "node:dns";
import { type ClientRequest, type IncomingMessage, request as plain } from "node:http";
import { request as secure } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { networkInterfaces } from "node:os";

/*
 * Questions to addresses that somebody typed on a screen: only the public internet is asked, so that nobody learns from the
 * answers, or from how long they take, what listens inside the network of the practice.
 */

/**
 * What is not of the public internet, by IANA's registries of special-purpose addresses; last a public one behind which Azure's
 * machines find what looks after them. Of IPv6 all of that is in 2000::/3, but
 * for these: among them are those that lead on to an IPv4 address.
 */
const inner4 =
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 " +
  "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 168.63.129.16/32";
const inner6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20";
const blockOf = (nets: string, family: "ipv4" | "ipv6") => {
  const block = new BlockList();
  for (const [net, prefix] of nets.split(" ").map((one) => one.split("/")))
    block.addSubnet(net!, Number(prefix), family);
  return (address: string) => block.check(address, family);
};
const isInner4 = blockOf(inner4, "ipv4");
const isInner6 = blockOf(inner6, "ipv6");
const isPublic6 = blockOf("2000::/3", "ipv6");

/** Whether this is an address of the public internet, and not of a network that this machine is in. */
export function isOutside(address: string, interfaces = networkInterfaces()): boolean {
  const family = isIP(address);
  if (family === 0 || isBeside(address, interfaces)) return false;
  return family === 4 ? !isInner4(address) : isPublic6(address) && !isInner6(address);
}

/** Of IPv6 a practice is given a /48 at most, and each of its networks a part of that: all of it may be its own. */
const SITE = 48;

/** Whether this is this machine, or in a network of its own, where addresses may be public too. */
function isBeside(address: string, interfaces: ReturnType<typeof networkInterfaces>): boolean {
  const family = isIP(address) === 4 ? "IPv4" : "IPv6";
  const beside = new BlockList();
  for (const own of Object.values(interfaces).flatMap((all) => all ?? [])) {
    if (own.family !== family) continue;
    const prefix = Number(own.cidr?.split("/")[1] ?? (family === "IPv4" ? 32 : 128));
    if (family === "IPv4") beside.addSubnet(own.address, prefix, "ipv4");
    else beside.addSubnet(own.address, Math.min(prefix, SITE), "ipv6");
  }
  return beside.check(address, family === "IPv4" ? "ipv4" : "ipv6");
}

/** Whether whoever runs the server named this host, or this host and port, as one that may be asked wherever it is. */
function isNamed({ protocol, hostname, port }: URL, named: readonly string[]): boolean {
  // A URL leaves out the port that its protocol has anyway.
  const withPort = `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
  return named.some((one) => [hostname, withPort].includes(one.toLowerCase()));
}

/** Whether an address can be told to be inside without asking anybody, and nobody named it. */
export function isInside(address: string, named: readonly string[]): boolean {
  const url = new URL(address);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return !isNamed(url, named) && (isIP(host) === 0 ? /(^|\.)localhost\.?$/.test(host) : !isOutside(host));
}

/** Finds a name's addresses as others do, and knows those alone that are outside: what is asked is what was looked at. */
export const outsideOnly =
  (resolve: typeof lookup = lookup): LookupFunction =>
  (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, found) => {
      const [first, ...more] = error ? [] : found.filter(({ address }) => isOutside(address));
      if (!first) done(error ?? new Error("The name leads inside."), "", 0);
      else if (options.all) done(null, [first, ...more]);
      else done(null, first.address, first.family);
    });

interface Limits {
  /** Hosts that whoever runs the server named. */
  named: readonly string[];
  /** Milliseconds until the answer is there, and the most it may say. */
  patience: number;
  largest: number;
}

/** Puts a text there. Resolves within its patience, whatever is done there: to what is answered; null for nothing, too much, too late, or from inside. */
export async function postOutside(
  address: string,
  body: string,
  { named, patience, largest }: Limits,
): Promise<{ status: number; text: string } | null> {
  if (isInside(address, named)) return null;
  const url = new URL(address);
  const late = AbortSignal.timeout(patience);
  try {
    const sent = (url.protocol === "https:" ? secure : plain)(url, {
      method: "POST",
      agent: false,
      headers: { "content-type": "text/plain; charset=utf-8", "content-length": Buffer.byteLength(body) },
      signal: late,
      ...(isNamed(url, named) ? {} : { lookup: outsideOnly() }),
    });
    sent.end(body);
    const response = await answerTo(sent, late);
    const text = await textWithin(response, largest);
    return text === null ? null : { status: response.statusCode!, text };
  } catch {
    return null;
  }
}

/** The first of what may end the wait: where another protocol is switched to there is neither an answer nor an error. */
function answerTo(sent: ClientRequest, late: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.on("response", resolve);
    // It stays: what breaks after the answer began is told by reading it.
    sent.on("error", reject);
    sent.on("close", () => reject(new Error("There was no answer.")));
    late.addEventListener("abort", () => reject(late.reason as Error), { once: true });
  });
}

/** What came, counted as it comes: whoever says how much it will be may say more. Null where that is too much. */
async function textWithin(response: AsyncIterable<Buffer>, largest: number): Promise<string | null> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response) {
    size += piece.length;
    // Leaving here ends the connection.
    if (size > largest) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
