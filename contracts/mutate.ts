/**
 * `node contracts/mutate.ts` asks what the contract's tests are worth: it leaves out each check of the ledger, turns
 * round each comparison and condition, and prints which test notices. Fails when fewer than nine in ten are noticed.
 * What does not compile, and what compiles to the same code, counts for nobody. `node contracts/mutate.ts PATTERN`
 * narrows it to flaws whose title fits the pattern, such as a file's name or "left out".
 */
import { type Mutant, mutantsOf } from "./mutants.ts";
import { codeSources } from "./syntax.ts";
import { type Outcome, tryEach } from "./trial.ts";

const least = 0.9;

/** Flaws that no test can notice, with the reason; `path: was → is`. */
const equivalent: Record<string, string> = {
  "contracts/ConsentLedger.sol: if (account.code.length == 0) { return SignatureChecker.isValidSignatureNowCalldata(account, digest, signature); } → left out":
    "a key is then asked as a contract is, with the same answer; what that costs bench/gas.json notices",
};

const titleOf = ({ path, was, is }: Mutant) => `${path}: ${was} → ${is || "left out"}`;

function verdict(mutant: Mutant, outcome: Outcome): string {
  const reason = equivalent[titleOf(mutant)];
  if (outcome.is === "noticed") return reason ? `${outcome.by}, though it is claimed to be equivalent` : outcome.by;
  if (outcome.is === "no program") return `does not compile: ${outcome.why}`;
  if (outcome.is === "the same code") return "equivalent: compiles to the same code";
  return reason ? `equivalent: ${reason}` : "SURVIVED";
}

const short = (text: string) => (text.length > 100 ? `${text.slice(0, 99)}…` : text);

const narrow = new RegExp(process.argv[2] ?? "");
const mutants = codeSources()
  .flatMap(mutantsOf)
  .filter((mutant) => narrow.test(titleOf(mutant)));
const outcomes = await tryEach(mutants);
const verdicts = mutants.map((mutant, i) => verdict(mutant, outcomes[i]!));

console.log("| line | what was changed | noticed by |\n|---|---|---|");
for (const [i, { path, line, was, is }] of mutants.entries()) {
  const change = is ? `\`${short(was)}\` → \`${short(is)}\`` : `\`${short(was)}\` left out`;
  console.log(`| ${path.replace("contracts/", "")}:${line} | ${change.replaceAll("|", "\\|")} | ${verdicts[i]} |`);
}

const noticed = outcomes.filter((outcome) => outcome.is === "noticed").length;
const survived = verdicts.filter((text) => text === "SURVIVED").length;
const share = noticed / (noticed + survived);
const rest = mutants.length - noticed - survived;
console.log(
  `\n${noticed} of ${noticed + survived} flaws were noticed: ${(100 * share).toFixed(1)} %. ` +
    `${rest} more are no flaws (equivalent, or they do not compile).`,
);
const claims = Object.keys(equivalent).filter((title) => narrow.test(title));
const disproved = claims.filter((title) => {
  const i = mutants.findIndex((mutant) => titleOf(mutant) === title);
  return i < 0 || outcomes[i]!.is === "noticed";
});
for (const title of disproved) console.error(`This claim of equivalence is idle or wrong: ${title}`);
if (share < least || disproved.length > 0) process.exitCode = 1;
