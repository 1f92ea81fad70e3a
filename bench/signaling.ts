/**
 * How many signals does a core carry in a second, with sessions, schemas, limits and membership? Against bare Socket.IO that
 * passes everything on, interleaved in the same run. 300 people in 150 calls, each signal as large as an offer.
 */
import { type Crowd, openCrowd } from "../server/call/load.fixture.ts";
import { report } from "./parts/report.ts";

const RUNS = Number(process.env.RUNS ?? 5);
const PEOPLE = 300;
const ROUNDS = 60;

interface Figures {
  /** Signals a second of a core. */
  signals: number;
  /** KB that the process grew by for each socket. */
  socket: number;
  /** Milliseconds until everyone was connected and in their call. */
  arrive: number;
}

async function measure(kind: "ours" | "bare"): Promise<Figures> {
  const crowd: Crowd = await openCrowd(PEOPLE, kind);
  try {
    const empty = await crowd.cost();
    const began = performance.now();
    await crowd.arrive();
    const arrive = performance.now() - began;
    const full = await crowd.cost();
    // As fast as answers come, but never more than the limits let anybody say.
    for (let i = 0; i < ROUNDS; i++) await Promise.all([crowd.round(0), new Promise((done) => setTimeout(done, 60))]);
    await crowd.settle();
    if (crowd.received !== crowd.sent || crowd.wrong > 0) throw new Error(`${kind}: signals were lost or misled`);
    const after = await crowd.cost();
    return {
      signals: Math.round(crowd.sent / (after.cpuSeconds - full.cpuSeconds)),
      socket: Math.round((full.rss - empty.rss) / PEOPLE / 1_024),
      arrive: Math.round(arrive),
    };
  } finally {
    await crowd.close();
  }
}

const runs: { ours: Figures; bare: Figures }[] = [];
for (let i = 0; i < RUNS; i++) runs.push({ ours: await measure("ours"), bare: await measure("bare") });
const of = (name: keyof Figures, unit: string) => ({
  values: runs.map(({ ours }) => ours[name]),
  floors: runs.map(({ bare }) => bare[name]),
  unit,
});
report({
  question: "signaling",
  unit: "signals a second of a core",
  runs: RUNS,
  headline: "signals",
  parts: {
    signals: of("signals", "signals a second of a core"),
    socket: of("socket", "KB"),
    arrive: of("arrive", "ms"),
  },
});
