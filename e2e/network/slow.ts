/**
 * A line that is late: `node slow.ts HERE THERE PORT MS JITTER` forwards UDP that comes to HERE:PORT on to THERE:PORT and the
 * answers back, each datagram by MS milliseconds give or take JITTER. The kernel here has no such queue of its own.
 */
import { createSocket, type Socket } from "node:dgram";

const [here = "", there = "", port = "", ms = "0", jitter = "0"] = process.argv.slice(2);
let seed = Number(process.env.SEED ?? 1);
/** The next of a row of numbers in [−1, 1) that is the same for the same seed. */
const drawn = () => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return seed / 2 ** 31 - 1;
};
const late = (send: () => void) => setTimeout(send, Math.max(0, Number(ms) + drawn() * Number(jitter)));

const front = createSocket("udp4");
const backs = new Map<string, Socket>();
front.on("message", (message, from) => {
  const who = `${from.address} ${from.port}`;
  let back = backs.get(who);
  if (!back) {
    back = createSocket("udp4");
    back.on("message", (answer) => void late(() => front.send(answer, from.port, from.address)));
    backs.set(who, back);
  }
  const on = back;
  late(() => on.send(message, Number(port), there));
});
front.bind(Number(port), here, () => console.log(`ready, seed ${seed}`));
