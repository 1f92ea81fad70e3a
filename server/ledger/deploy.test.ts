import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { computeAddress, Transaction, Wallet } from "ethers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Anvil, runAnvil } from "./anvil.ts";
import { isOurCode } from "./contract.ts";
import { deploy } from "./deploy.ts";
import { readKeys } from "./keys.ts";
import { type FaultProxy, openProxy } from "./proxy.fixture.ts";

let folder: string;
let anvil: Anvil;
let proxy: FaultProxy;
let url: string;
let said: string[];
const say = (line: string) => void said.push(line);
const was = process.env.DATA_DIR;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "deploy-"));
  process.env.DATA_DIR = folder;
  said = [];
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  anvil = await runAnvil(
    join(folder, "outside"),
    ["--accounts", "0", "--hardfork", "osaka", "--chain-id", "700123"],
    quiet,
  );
  proxy = await openProxy(anvil.rpc);
  url = `${proxy.url}/v3/secret`;
});
afterEach(async () => {
  if (was === undefined) delete process.env.DATA_DIR;
  else process.env.DATA_DIR = was;
  await proxy.close();
  anvil.kill();
  await anvil.gone;
  await rm(folder, { recursive: true, force: true });
});

test("it names the account to fund, then puts this install's contract there, and says the settings", async () => {
  expect(await deploy(["--rpc", url], say)).toBe(1);
  const keys = (await readKeys(folder))!;
  expect(said.join("\n")).toContain(`Fund ${computeAddress(keys.relayer)} on chain 700123`);

  await anvil.rpc.call("anvil_setBalance", [computeAddress(keys.relayer), "0x56bc75e2d63100000"]);
  said = [];
  expect(await deploy(["--rpc", url], say)).toBe(0);
  expect((await readKeys(folder))!).toEqual(keys);
  const address = said.find((line) => line.startsWith("LEDGER_ADDRESS="))!.slice("LEDGER_ADDRESS=".length);
  expect(isOurCode(String(await anvil.rpc.call("eth_getCode", [address, "latest"])))).toBe(true);
  expect(said.join("\n")).not.toContain("v3"); // what is more than host and port may be a key
}, 60_000);

test("somebody else's key may pay", async () => {
  const payer = Wallet.createRandom();
  const file = join(folder, "payer.key");
  await writeFile(file, `${payer.privateKey}\n`);
  await anvil.rpc.call("anvil_setBalance", [payer.address, "0x56bc75e2d63100000"]);
  expect(await deploy(["--rpc", url, "--key", file], say)).toBe(0);
  expect(said.join("\n")).not.toContain(payer.privateKey.slice(2));
}, 60_000);

test("no node talks it into a tip that no network asks", async () => {
  const payer = Wallet.createRandom();
  const file = join(folder, "payer.key");
  await writeFile(file, payer.privateKey);
  await anvil.rpc.call("anvil_setBalance", [payer.address, "0x21e19e0c9bab2400000"]);
  proxy.lie = ({ method }, truth) => (method === "eth_maxPriorityFeePerGas" ? { result: "0x2386f26fc10000" } : truth());
  expect(await deploy(["--rpc", url, "--key", file], say)).toBe(0);
  const { params } = proxy.asked.find(({ method }) => method === "eth_sendRawTransaction")!;
  expect(Transaction.from(String(params[0])).maxPriorityFeePerGas).toBe(10n ** 11n);
}, 60_000);

test("a network without a base fee is told so, and sent nothing", async () => {
  proxy.lie = async ({ method }, truth) => {
    const said = await truth();
    if (method !== "eth_getBlockByNumber") return said;
    return { result: { ...(said.result as object), baseFeePerGas: undefined } };
  };
  expect(await deploy(["--rpc", url], say)).toBe(1);
  expect(said).toEqual(["The network tells no base fee, which our transactions need."]);
  expect(proxy.asked.some(({ method }) => method === "eth_sendRawTransaction")).toBe(false);
}, 60_000);

test.each([
  [[], 2, /Usage/],
  [["--rpc", "ws://127.0.0.1:1"], 2, /Usage/],
  [["--rpc", "http://127.0.0.1:1"], 1, /does not answer/],
  [["--rpc", "http://127.0.0.1:1", "--key", "/nowhere"], 2, /can’t be read/],
])("%j ends with %i and a sentence", async (args, code, sentence) => {
  expect(await deploy(args, say)).toBe(code);
  expect(said.join("\n")).toMatch(sentence);
});
