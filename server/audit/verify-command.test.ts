import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { madeFolder } from "../storage/made.fixture.ts";
import { verify } from "./verify-command.ts";

const example = new URL("../../docs/evidence.example.json", import.meta.url).pathname;
let folder: string;
let changed: string;
let junk: string;

beforeAll(async () => {
  folder = await madeFolder("verify");
  changed = join(folder, "changed.json");
  junk = join(folder, "junk.json");
  await writeFile(changed, (await readFile(example, "utf8")).replace("Cetirizine 10 mg", "Cetirizine 90 mg"));
  await writeFile(junk, "no evidence");
});

async function told(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  return { code: await verify(args, (line) => lines.push(line)), lines };
}

describe("npm run verify", () => {
  test("says each check, what it rests on, and that everything holds", async () => {
    const { code, lines } = await told(example);
    expect(code).toBe(0);
    expect(lines.filter((line) => line.startsWith("holds"))).toHaveLength(9);
    expect(lines).toContain("\nEverything holds.");
    expect(lines.join("\n")).toMatch(/rests on \d+ blocks of chain \d+, the last of them \d+, 0x[0-9a-f]{64}/);
  });

  test("names what was changed", async () => {
    const { code, lines } = await told(changed);
    expect(code).toBe(1);
    const at = lines.findIndex((line) => line.startsWith("FAILS"));
    expect(lines.slice(at, at + 2)).toEqual([
      "FAILS  The content is not what was recorded",
      "       Content 2, prescription signed, the file says “Cetirizine 90 mg”: its fingerprint belongs to a different text.",
    ]);
  });

  test("says of what it can't check why", async () => {
    expect(await told(junk)).toMatchObject({ code: 2 });
    expect(await told(join(folder, "nothing"))).toMatchObject({ code: 2 });
    expect(await told()).toMatchObject({
      code: 2,
      lines: ["Usage: npm run verify -- FILE [--witness KEY]… [--rpc URL]"],
    });
    expect(await told(example, "--rpc", "no address")).toMatchObject({ code: 2 });
    const { code, lines } = await told(example, "--rpc", "http://127.0.0.1:1");
    expect(code).toBe(2);
    expect(lines.join("\n")).toContain("The node could not be asked.");
  });

  test("runs as one file in an empty folder", async () => {
    const outfile = join(folder, "verify.mjs");
    const entryPoints = [new URL("./verify-main.ts", import.meta.url).pathname];
    await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", target: "node20.9" });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile, example], { cwd: folder });
    expect(stdout).toContain("Everything holds.");
  });
});
