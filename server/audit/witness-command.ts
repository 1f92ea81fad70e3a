import { once } from "node:events";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ed25519 } from "@noble/curves/ed25519.js";
import { COSIGNATURE, ED25519, keyText, NotANote, type NoteKey, readKeyText } from "../../lib/audit/note.ts";
import { fromHex } from "../../lib/keyring/bytes.ts";
import { secretOf } from "../secrets.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { openWitness, serveWitness } from "./witness.ts";

export const witnessUsage = "witness --log KEY --folder FOLDER [--name NAME] [--port 3100] [--host 127.0.0.1]";

/** Runs until it is interrupted. Resolves to the exit code: 0 it ran, 2 the question was wrong. */
export async function witnessCommand(args: string[], say: (line: string) => void): Promise<number> {
  try {
    const { log, folder, name, port, host } = asked(args);
    const secret = fromHex(await secretOf(folder, "witness"));
    const key = { name, kind: COSIGNATURE, key: ed25519.getPublicKey(secret) };
    const state = join(folder, "cosigned.json");
    const judge = await openWitness({ state, key, secret, log, now: () => new Date() });
    const server = serveWitness(judge).listen(port, host);
    await once(server, "listening");
    const address = server.address();
    say(`This witness watches ${log.name} at http://${host}:${typeof address === "object" ? address?.port : port}`);
    say("Add it at the clinic under Admin → Audit log → Witnesses, with that address and this key:");
    say(keyText(key));
    say("It proves something only where the clinic does not run it.");
    await Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
    server.closeAllConnections();
    server.close();
    return 0;
  } catch (error) {
    if (!(error instanceof WrongSetting)) throw error;
    say(error.message);
    return 2;
  }
}

function asked(args: string[]): { log: NoteKey; folder: string; name: string; port: number; host: string } {
  const usage = new WrongSetting(`Usage: npm run audit -- ${witnessUsage}`);
  const text = (value: string) => ({ type: "string", default: value }) as const;
  let values: Record<"log" | "folder" | "name" | "port" | "host", string>;
  try {
    const options = {
      log: text(""),
      folder: text(""),
      name: text("assent-witness"),
      port: text("3100"),
      host: text("127.0.0.1"),
    };
    values = parseArgs({ args, options }).values;
  } catch {
    throw usage;
  }
  const { folder, name, host } = values;
  const port = Number(values.port);
  if (!folder || !/^[^\s+]{1,128}$/.test(name) || !Number.isInteger(port) || port < 0 || port > 65_535) throw usage;
  return { log: logKey(values.log, usage), folder: resolve(folder), name, port, host };
}

function logKey(text: string, usage: WrongSetting): NoteKey {
  try {
    const key = readKeyText(text);
    if (key.kind === ED25519) return key;
  } catch (error) {
    if (!(error instanceof NotANote)) throw error;
  }
  throw usage;
}
