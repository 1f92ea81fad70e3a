import { spawn } from "node:child_process";
import { once } from "node:events";

/** A witness as its command runs it: what whoever runs it tells the clinic. */
export interface WitnessThere {
  readonly url: string;
  readonly key: string;
  close(): Promise<void>;
}

/** Starts the command that somebody else would run, for the log with this key. */
export async function startWitness(log: string, folder: string, name = "notary.example"): Promise<WitnessThere> {
  const command = new URL("./command.ts", import.meta.url).pathname;
  const options = ["--log", log, "--folder", folder, "--name", name, "--port", "0"];
  const witness = spawn(process.execPath, [command, "witness", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(witness, "exit");
  let said = "";
  for await (const piece of witness.stdout) {
    said += piece;
    const url = /(http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
    const key = said.split("\n").find((line) => line.startsWith(`${name}+`));
    if (!url || !key || !said.includes("does not run it")) continue;
    const close = async () => {
      witness.kill();
      await ended;
    };
    return { url, key, close };
  }
  throw new Error(`The witness ended: ${said}`);
}
