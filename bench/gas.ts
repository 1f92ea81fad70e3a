/**
 * What does one event cost on the chain, alone and in a batch? Measured on an anvil of our own, through ethers, against
 * a floor: what the same guarantees cost if nothing else did.
 *
 * floor = 21,000 / n (base, shared) + 16 for each byte of calldata that is not zero (padding is ours) + the log
 * (375 + 375 a topic + 8 a byte) + the consent's word, cold (2,100 to read, 2,900 to write, 20,000 if it was empty;
 * the number and the head live in that word) + 3,000 a signature (ecrecover). Per event; where many events share a
 * consent, its word and its calldata are shared too.
 */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { ethers, getBytes, hexlify, randomBytes, toBeHex, Wallet } from "ethers";
import { ledgerDomain, type Signable, typedData } from "../lib/consent/typed-data.ts";
import { consentLedgerAbi } from "../lib/ledger/abi.ts";
import { consentLedgerBytecode } from "../server/ledger/bytecode.ts";
import { report } from "./parts/report.ts";

const root = join(import.meta.dirname, "..");
const day = 86_400;
const FILE_SHARE = 5;

const word = () => hexlify(randomBytes(32));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

async function startAnvil() {
  const port = await freePort();
  const chainId = randomInt(1_000_000, 1_000_000_000);
  const sender = Wallet.createRandom();
  const anvil = spawn(
    join(root, "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"),
    ["--port", `${port}`, "--chain-id", `${chainId}`, "--hardfork", "osaka", "--accounts", "1", "--silent"],
    { stdio: "ignore" },
  );
  const provider = new ethers.JsonRpcProvider(`http://127.0.0.1:${port}`, chainId, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 20,
  });
  for (let tries = 0; ; tries++) {
    try {
      await provider.send("anvil_setBalance", [sender.address, toBeHex(10n ** 24n)]);
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((soon) => setTimeout(soon, 50));
    }
  }
  return { provider, chainId, sender: new ethers.NonceManager(sender.connect(provider)), stop: () => anvil.kill() };
}

interface Cost {
  value: number;
  floor: number;
}

/** Gas of the transaction and its floor, both per event. */
function cost(tx: ethers.TransactionResponse, receipt: ethers.TransactionReceipt, events: number, words: number): Cost {
  const written = receipt.logs.reduce(
    (sum, log) => sum + 375 * (1 + log.topics.length) + 8 * getBytes(log.data).length,
    0,
  );
  const calldata = 16 * getBytes(tx.data).filter((byte) => byte !== 0).length;
  const floor = (21_000 + calldata + written + words) / events + 3_000;
  return { value: Math.round(Number(receipt.gasUsed) / events), floor: Math.round(floor) };
}

async function measure(): Promise<Record<string, Cost>> {
  const { provider, chainId, sender, stop } = await startAnvil();
  try {
    const owner = Wallet.createRandom();
    const logKey = Wallet.createRandom();
    const factory = new ethers.ContractFactory(consentLedgerAbi, consentLedgerBytecode, sender);
    const ledger = (await (
      await factory.deploy(owner.address, 0, logKey.address)
    ).waitForDeployment()) as ethers.Contract;
    const domain = ledgerDomain({ chainId: `${chainId}`, address: await ledger.getAddress() });
    const types = (what: Signable) => ({ [what]: [...typedData[what]] });
    const sign = (wallet: ethers.BaseWallet, what: Signable, value: object) =>
      wallet.signTypedData(domain, types(what), value);
    const id = (what: Signable, value: object) => ethers.TypedDataEncoder.hashStruct(what, types(what), value);

    async function send(method: string, args: unknown[], events: number, words: number): Promise<Cost> {
      const tx = (await ledger.getFunction(method)(...args)) as ethers.TransactionResponse;
      const receipt = await tx.wait();
      if (!receipt || receipt.logs.length !== events) throw new Error(`${method} told ${receipt?.logs.length} events.`);
      return cost(tx, receipt, events, words);
    }

    const clinician = Wallet.createRandom();
    const now = (await provider.getBlock("latest"))!.timestamp;
    const patients = Array.from({ length: 100 }, () => Wallet.createRandom());
    const consents = patients.map((patient) => ({
      patient: patient.address,
      grantee: clinician.address,
      visit: word(),
      scopes: 0b1111110,
      validFrom: now - day,
      validUntil: now + day,
      terms: word(),
      salt: word(),
    }));
    type Consent = (typeof consents)[number];

    const enrollment = { clinician: clinician.address, credential: word(), epoch: 0 };
    const enroll = await send(
      "enroll",
      [...Object.values(enrollment), await sign(owner, "Enrollment", enrollment)],
      1,
      22_100,
    );
    const grants: Cost[] = [];
    for (const [i, consent] of consents.entries()) {
      grants.push(await send("grant", [consent, await sign(patients[i]!, "Consent", consent)], 1, 22_100));
    }

    const numbers = new Map<Consent, number>();
    async function entry(consent: Consent) {
      const number = (numbers.get(consent) ?? 0) + 1;
      numbers.set(consent, number);
      const fields = { kind: FILE_SHARE, commitment: word(), number, signedAt: now };
      const signature = await sign(clinician, "Record", { consent: id("Consent", consent), ...fields });
      return { ...fields, byPatient: false, signature, approval: "0x" };
    }
    // The first record under a consent fills no empty word: granting wrote it.
    const alone = await send("record", [consents[0], await entry(consents[0]!)], 1, 5_000);
    async function batch(size: number): Promise<Cost> {
      const groups = [];
      for (const consent of consents.slice(0, size)) groups.push({ consent, entries: [await entry(consent)] });
      return send("recordBatch", [groups], size, 5_000 * size);
    }
    const in10 = await batch(10);
    const in50 = await batch(50);
    const in100 = await batch(100);
    const entries = [];
    for (let i = 0; i < 100; i++) entries.push(await entry(consents[0]!));
    const oneConsent = await send("recordBatch", [[{ consent: consents[0], entries }]], 100, 5_000);
    const revocation = await sign(patients[0]!, "Revocation", { consent: id("Consent", consents[0]!) });
    const revoke = await send("revoke", [consents[0], revocation], 1, 5_000);
    return { alone, in10, in50, in100, oneConsent, grant: grants[1]!, revoke, enroll };
  } finally {
    stop();
  }
}

const runs = [await measure(), await measure(), await measure()];
const names = Object.keys(runs[0]!);
report({
  question: "gas",
  unit: "gas",
  runs: runs.length,
  headline: "in50",
  parts: Object.fromEntries(
    names.map((name) => [
      name,
      { values: runs.map((run) => run[name]!.value), floors: runs.map((run) => run[name]!.floor) },
    ]),
  ),
});
