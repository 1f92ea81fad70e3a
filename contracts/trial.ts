/**
 * Tries ledgers that have one flaw each: compiles each in memory as the ledger is compiled, deploys it in the
 * contract's tests, and sees which test notices. Two at a time; the tests themselves are compiled once.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { withoutNotes } from "../lib/ledger/code.ts";
import { fixedSeed, needForge, runForge, testEnvironment, writeProofs } from "./forge.ts";
import { compile, ledgerSource } from "./solc.ts";
import { type Edit, edited } from "./syntax.ts";

/**
 * What came of it: a test noticed, or none did, or the flaw changes no byte of the compiled ledger, or it does not
 * compile, which is nobody's merit.
 */
export type Outcome =
  | { is: "noticed"; by: string }
  | { is: "unnoticed" }
  | { is: "the same code" }
  | { is: "no program"; why: string };

interface Task {
  edit: Edit;
  /** Source text that the edit makes use of, put after the end of the edited source. */
  appended: string;
  environment: ReturnType<typeof testEnvironment>;
  /** Milliseconds after which the tests have not ended as they should. */
  patience: number;
}

const sameCode = (one: string, other: string) => withoutNotes(one) === withoutNotes(other);

interface Suites {
  [suite: string]: { test_results: { [test: string]: { status: string } } };
}

/** The suites that notice most of what there is to notice, and take a second or two. */
const quick = "^(ActsByKey|Differential)$";

/** The first test that fails, or nothing. Milliseconds of patience for each half of the suites. */
function firstFailure(environment: Task["environment"], patience?: number): string | undefined {
  return (
    firstFailureIn(["--match-contract", quick], environment, patience) ??
    firstFailureIn(["--no-match-contract", quick], environment, patience)
  );
}

function firstFailureIn(narrowing: string[], environment: Task["environment"], patience?: number): string | undefined {
  const args = ["test", "--json", "--fail-fast", "--threads", "1", "--fuzz-seed", fixedSeed(), ...narrowing];
  const { stdout, stderr, status, signal } = runForge(args, {
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 30,
    timeout: patience,
    env: { ...process.env, ...environment, FOUNDRY_PROFILE: "flawed" },
  });
  if (signal) return "(the tests did not end)";
  if (status === 0) return undefined;
  const suites = JSON.parse(stdout || "{}") as Suites;
  for (const [suite, { test_results }] of Object.entries(suites)) {
    for (const [test, { status }] of Object.entries(test_results)) {
      if (status === "Failure") return `${suite.split(":")[1]}.${test.split("(")[0]}`;
    }
  }
  throw new Error(`forge did not run the tests. ${stderr}`);
}

function attempt({ edit, appended, environment, patience }: Task): Outcome {
  const output = compile({ [ledgerSource]: { ConsentLedger: ["evm.bytecode.object"] } }, edited(edit, appended));
  const errors = (output.errors ?? []).filter((error) => error.severity === "error");
  if (errors.length > 0) return { is: "no program", why: errors[0]!.formattedMessage.split("\n")[0]! };
  const bytecode = `0x${output.contracts[ledgerSource]!.ConsentLedger!.evm.bytecode.object}`;
  if (sameCode(bytecode, environment.LEDGER_BYTECODE)) return { is: "the same code" };
  const by = firstFailure({ ...environment, LEDGER_BYTECODE: bytecode }, patience);
  return by ? { is: "noticed", by } : { is: "unnoticed" };
}

/** The outcome of each edit, in their order. Throws when the tests fail without any flaw. */
export async function tryEach(edits: readonly Edit[], appended = ""): Promise<Outcome[]> {
  needForge();
  rmSync(join(import.meta.dirname, ".forge/flawed"), { recursive: true, force: true });
  writeProofs(1_000, fixedSeed());
  const environment = testEnvironment();
  const start = performance.now();
  const failure = firstFailure(environment);
  if (failure) throw new Error(`The tests fail on the ledger as it is: ${failure}.`);
  const patience = Math.round(60_000 + 5 * (performance.now() - start));

  const outcomes: Outcome[] = [];
  const waiting = edits.entries();
  const work = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(import.meta.filename);
      let index = -1;
      const next = () => {
        const { value, done } = waiting.next();
        if (done) return void worker.terminate().then(() => resolve(), reject);
        index = value[0];
        worker.postMessage({ edit: value[1], appended, environment, patience } satisfies Task);
      };
      worker.on("error", reject);
      worker.on("message", (outcome: Outcome) => {
        outcomes[index] = outcome;
        const finished = outcomes.filter(Boolean).length;
        if (finished % 20 === 0) console.error(`${finished} of ${edits.length}`);
        next();
      });
      next();
    });
  await Promise.all([work(), work()]);
  return outcomes;
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  port.on("message", (task: Task) => port.postMessage(attempt(task)));
}
