/** A command of one of the `npm run` names: resolves to the exit code. What it says goes to the standard output. */
export interface Command {
  usage: string;
  what: string;
  run(args: string[], say: (line: string) => void): Promise<number>;
}

/** Runs the command that this process was started with; without one, says which there are. */
export async function runCommand(name: string, commands: Record<string, Command>): Promise<void> {
  const [asked = "", ...args] = process.argv.slice(2);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const command = Object.hasOwn(commands, asked) ? commands[asked] : undefined;
  if (command) {
    process.exitCode = await command.run(args, say);
    return;
  }
  for (const { usage, what } of Object.values(commands)) say(`npm run ${name} -- ${usage}\n  ${what}`);
  process.exitCode = asked === "" ? 0 : 2;
}
