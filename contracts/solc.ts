/**
 * The compiler, solc from npm, with the one set of settings the ledger is compiled with. Run as a program it answers
 * `--version` and `--standard-json` as solc's own command line does, which is all that forge asks of it.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

interface Source {
  contents: string;
}

interface Compiler {
  version(): string;
  compile(input: string, callbacks?: { import(path: string): Source | { error: string } }): string;
}

/** Paths of sources → names of contracts (or "" for the source itself) → what is asked for, as in solc's input. */
type Selection = Record<string, Record<string, string[]>>;

interface Place {
  start: number;
  length: number;
}

/** A variable in storage: the type is a key of the layout's types. */
interface Variable {
  label: string;
  slot: string;
  type: string;
}

interface Output {
  errors?: { severity: string; formattedMessage: string }[];
  contracts: Record<
    string,
    Record<
      string,
      {
        abi: object[];
        storageLayout: { storage: Variable[]; types: Record<string, { label: string }> };
        evm: {
          bytecode: { object: string };
          deployedBytecode: { object: string; immutableReferences: Record<string, Place[]> };
        };
      }
    >
  >;
  sources: Record<string, { ast: object }>;
}

interface Compiled {
  abi: object[];
  /** What creates it; its constructor's arguments follow. */
  bytecode: string;
  /** What is then at its address, but for the immutables, which are zero here. */
  deployed: string;
  /** Where in `deployed` the immutables are, in bytes. */
  immutables: Place[];
}

const solc = createRequire(import.meta.url)("solc") as Compiler;

export const root = join(import.meta.dirname, "..");
export const ledgerSource = "contracts/ConsentLedger.sol";

/** Sources are named from the project's root, packages by their own name. */
export function source(path: string): string {
  return readFileSync(path.startsWith("@") ? join(root, "node_modules", path) : join(root, path), "utf8");
}

/** What solc says of the ledger and all that it imports, each source as it is or as `edit` changes it. */
export function compile(outputSelection: Selection, edit = (text: string, _path: string) => text): Output {
  const read = (path: string) => ({ contents: edit(source(path), path) });
  const input = {
    language: "Solidity",
    sources: { [ledgerSource]: { content: read(ledgerSource).contents } },
    settings: { evmVersion: "osaka", viaIR: true, optimizer: { enabled: true, runs: 1_000_000 }, outputSelection },
  };
  return JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output;
}

/** The ledger, of its sources as they are or as `edit` changes them. A warning is an error. */
export function compileLedger(edit?: (text: string, path: string) => string): Compiled {
  const bytecode = ["evm.bytecode.object", "evm.deployedBytecode.object", "evm.deployedBytecode.immutableReferences"];
  const output = compile({ [ledgerSource]: { ConsentLedger: ["abi", ...bytecode] } }, edit);
  if (output.errors?.length) throw new Error(output.errors.map((error) => error.formattedMessage).join("\n"));
  const { abi, evm } = output.contracts[ledgerSource]!.ConsentLedger!;
  const { object, immutableReferences } = evm.deployedBytecode;
  return {
    abi,
    bytecode: `0x${evm.bytecode.object}`,
    deployed: `0x${object}`,
    immutables: Object.values(immutableReferences)
      .flat()
      .map(({ start, length }) => ({ start, length }))
      .sort((a, b) => a.start - b.start),
  };
}

if (import.meta.main) {
  if (process.argv.includes("--version")) {
    console.log(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}`);
  } else if (process.argv.includes("--standard-json")) {
    // What forge does not hand over, as where node_modules is a link, is read from beside it.
    const read = (path: string) => ({ contents: readFileSync(join(import.meta.dirname, path), "utf8") });
    process.stdout.write(solc.compile(readFileSync(0, "utf8"), { import: read }));
  } else {
    console.error("This solc answers --version and --standard-json.");
    process.exitCode = 1;
  }
}
