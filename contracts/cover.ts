/**
 * `node contracts/cover.ts` asks which branches of the ledger the contract's tests take. forge's own coverage measures
 * another ledger, compiled without the optimizer, whose gas and code the tests would not accept; so each way of each
 * condition gets a ledger that dies on it, compiled like the real one. A way counts as taken when a test notices that,
 * which is more than having passed there. Prints the ways nobody took; fails below 95 of 100 in a file.
 * `node contracts/cover.ts Consistency` narrows it to a file.
 */
import { branchesOf, trap } from "./branches.ts";
import { codeSources } from "./syntax.ts";
import { tryEach } from "./trial.ts";

const least = 0.95;

const narrow = process.argv[2] ?? "";
const branches = codeSources()
  .filter(({ path }) => path.includes(narrow))
  .flatMap(branchesOf);
const outcomes = await tryEach(branches, trap);
const files = Map.groupBy(branches.keys(), (i) => branches[i]!.path);

for (const [path, indices] of files) {
  const taken = indices.filter((i) => outcomes[i]!.is === "noticed").length;
  const share = taken / indices.length;
  console.log(`${path}: ${taken} of ${indices.length} branches, ${(100 * share).toFixed(1)} %`);
  for (const i of indices) {
    const [{ line, condition, way }, outcome] = [branches[i]!, outcomes[i]!];
    if (outcome.is === "noticed") continue;
    console.log(
      `  line ${line}, when this is ${way}: ${condition}${outcome.is === "no program" ? ` (${outcome.why})` : ""}`,
    );
  }
  if (share < least) process.exitCode = 1;
}
