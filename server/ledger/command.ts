import { deploy, deployUsage } from "./deploy.ts";
import { submit, submitUsage } from "./submit.ts";

/** A command of `npm run ledger`: resolves to the exit code. What it says goes to the standard output. */
interface Command {
  usage: string;
  what: string;
  run(args: string[], say: (line: string) => void): Promise<number>;
}

const commands: Record<string, Command> = {
  deploy: {
    usage: deployUsage,
    what: "Puts the contract for this install on any EVM network, and prints the settings that use it.",
    run: deploy,
  },
  submit: {
    usage: submitUsage,
    what: "Puts a file saved with “Submit it myself” on its ledger: any node, anybody's money, no server of ours.",
    run: submit,
  },
};

const [name = "", ...args] = process.argv.slice(2);
const say = (line: string) => void process.stdout.write(`${line}\n`);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) process.exitCode = await command.run(args, say);
else {
  for (const { usage, what } of Object.values(commands)) say(`npm run ledger -- ${usage}\n  ${what}`);
  process.exitCode = name === "" ? 0 : 2;
}
