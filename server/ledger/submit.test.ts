import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { computeAddress, SigningKey, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { consentId, digestOf, type LedgerDomain } from "../../lib/consent/typed-data.ts";
import { readConsent } from "../../lib/ledger/read.ts";
import type { Receipt } from "../../lib/ledger/receipt.ts";
import { readRecords } from "../../lib/ledger/records.fixture.ts";
import { type Act, actId, type Submission } from "../../lib/ledger/submission.ts";
import { encode } from "./contract.ts";
import { readKeys } from "./keys.ts";
import { bytes32, grant, type Person, person, record, revoke } from "./ledger.fixture.ts";
import { type Network, openNetwork } from "./network.fixture.ts";
import { issueReceipt } from "./receipts.ts";
import { submit } from "./submit.ts";

let network: Network;
let ledger: LedgerDomain;
let logKey: SigningKey;
let doctor: Person;
let payer: string;
const rpc = (method: string, params: unknown[]) => network.node.call(method, params);
const path = (name: string) => join(network.folder, name);

beforeAll(async () => {
  network = await openNetwork({ mining: "auto" });
  ledger = { chainId: network.chainId, address: network.address };
  const keys = (await readKeys(network.folder))!;
  logKey = new SigningKey(keys.log);
  doctor = person();
  const owner = new SigningKey(keys.owner);
  const enrolling = encode({ is: "enroll", clinician: doctor.address, credential: bytes32() }, owner, ledger);
  await rpc("eth_sendTransaction", [{ from: computeAddress(owner), to: ledger.address, data: enrolling }]);
  // Nobody of the clinic: somebody with a key and money of their own.
  const stranger = Wallet.createRandom();
  payer = stranger.address;
  await network.fund(payer, 10n ** 18n);
  await writeFile(path("key"), `${stranger.privateKey}\n`);
  await writeFile(path("poor"), Wallet.createRandom().privateKey);
  // Neither the install's secrets nor its data are there any more.
  await rm(path("secrets"), { recursive: true });
});
afterAll(() => network.close());

const receiptOf = (act: Act, by = logKey): Receipt =>
  issueReceipt(actId(act), 7, new Date(), { logKey: by, domain: ledger, minutes: 10 });

async function save(acts: Submission["acts"], change: Partial<Submission["ledger"]> = {}): Promise<string> {
  const file: Submission = {
    assent: "submission/1",
    ledger: { label: "Test chain", local: false, ...ledger, ...change },
    acts,
  };
  return saveText(JSON.stringify(file));
}

async function saveText(text: string): Promise<string> {
  await writeFile(path("file.json"), text);
  return path("file.json");
}

async function run(file: string, ...more: string[]) {
  const said: string[] = [];
  const options = { "--rpc": network.proxy.url, "--key": path("key") };
  const args = [
    file,
    ...Object.entries(options)
      .filter(([name]) => !more.includes(name))
      .flat(),
    ...more,
  ];
  const code = await submit(args, (line) => said.push(line));
  return { code, said: said.join("\n") };
}

/** A visit of its own each time. */
function visit() {
  const ana = person();
  const given = grant(ledger, ana, doctor);
  const start = record(ledger, given, doctor, 1, "session-start");
  const prescription = record(ledger, given, doctor, 2);
  return { ana, given, start, prescription, id: consentId(given.consent) };
}

const balance = async () => BigInt(String(await rpc("eth_getBalance", [payer, "latest"])));

describe("a saved file", () => {
  test("T-C8: what the relayer withheld goes on the ledger with somebody else's money, in the contract's order; again it is there already", async () => {
    const { ana, given, start, prescription, id } = visit();
    const back = revoke(ledger, given, ana) as Act;
    const acts = [back, prescription, given, start].map((act) => ({ act, receipt: receiptOf(act) }));
    const file = await save(acts);
    const { code, said } = await run(file);
    expect([code, said]).toEqual([0, expect.any(String)]);
    expect(said).toMatch(/1\. A patient’s permission: from 0x[0-9a-f]{40} to 0x[0-9a-f]{40}, until .* UTC\.\n/);
    expect(said).toContain("2. The start of the visit: number 1 by the clinician");
    expect(said).toContain("3. A prescription: number 2 by the clinician");
    expect(said).toContain("4. A patient’s permission, taken back");
    expect(said.match(/The promise is genuine\./g)).toHaveLength(4);
    expect(said.match(/It is on the ledger now: block \d+, transaction 0x/g)).toHaveLength(4);
    expect(await readConsent(rpc, ledger, id)).toMatchObject({ status: "revoked", granteeCount: 2 });
    expect(await readRecords(rpc, ledger, id)).toHaveLength(2);

    const before = await balance();
    const again = await run(file);
    expect(again.code).toBe(0);
    expect(again.said.match(/It is on the ledger already/g)).toHaveLength(4);
    expect(await balance()).toBe(before);
  });

  test("with a record the patient approved needs no scope for it", async () => {
    const { ana, given } = visit();
    const file = record(ledger, given, doctor, 1, "file-share");
    file.entry.approval = ana.sign(digestOf("Approval", { record: actId(file) }, ledger));
    const acts = [given, file].map((act) => ({ act, receipt: null }));
    const { code, said } = await run(await save(acts));
    expect([code, said]).toEqual([0, expect.stringContaining("approved by the patient")]);
    expect(said).toContain("No receipt came with it; it does not need one.");
  });

  test("that the contract refuses costs nothing, and says why", async () => {
    const { start } = visit();
    const before = await balance();
    const { code, said } = await run(await save([{ act: start, receipt: receiptOf(start) }]));
    expect(code).toBe(1);
    expect(said).toContain("The contract refuses it. The permission this belongs to is not on the ledger.");
    expect(await balance()).toBe(before);
  });

  test("one that is refused does not keep the others", async () => {
    const { given, start } = visit();
    const gap = record(ledger, given, doctor, 9);
    const { code, said } = await run(await save([given, start, gap].map((act) => ({ act, receipt: null }))));
    expect(code).toBe(1);
    expect(said.match(/It is on the ledger now/g)).toHaveLength(2);
    expect(said).toContain("An earlier record of the same author is missing");
  });

  test("whose signature was changed is not sent", async () => {
    const { given } = visit();
    const forged = { ...given, signature: person().sign(bytes32()) };
    const before = await balance();
    const { code, said } = await run(await save([{ act: forged, receipt: null }]));
    expect([code, said]).toEqual([1, expect.stringContaining("its signature is not its signer’s")]);
    expect(await balance()).toBe(before);
  });

  test("with a receipt by another key is submitted, and the receipt called what it is", async () => {
    const { given } = visit();
    const receipt = receiptOf(given, new SigningKey(bytes32()));
    const { code, said } = await run(await save([{ act: given, receipt }]));
    expect([code, said]).toEqual([0, expect.stringContaining("proves no promise")]);
  });

  test("is told as JSON for scripts", async () => {
    const { given } = visit();
    const { code, said } = await run(await save([{ act: given, receipt: receiptOf(given) }]), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(said)).toMatchObject({
      ok: true,
      acts: [{ act: consentId(given.consent), outcome: "recorded", receipt: "genuine", block: expect.any(Number) }],
    });
  });
});

describe("a question that is wrong ends with a sentence", () => {
  const good = async () => save([{ act: visit().given, receipt: null }]);
  test.each<[string, () => Promise<string>, string[], RegExp]>([
    ["no file", async () => path("nowhere"), [], /can’t be read/],
    ["not JSON", () => saveText("{"), [], /not JSON/],
    ["something else", () => saveText("{}"), [], /does not fit/],
    ["no key", good, ["--key", "/nowhere"], /can’t be read/],
    ["a key that is none", good, ["--key", import.meta.filename], /64 hexadecimal digits/],
    ["an unknown option", good, ["--fast"], /Usage: npm run ledger -- submit/],
    ["another chain", async () => save([{ act: visit().given, receipt: null }], { chainId: "1" }), [], /for chain 1\./],
    [
      "no contract there",
      async () => save([{ act: visit().given, receipt: null }], { address: `0x${"12".repeat(20)}` }),
      [],
      /There is no contract/,
    ],
    [
      "a contract that only looks like one",
      async () => {
        const address = `0x${"34".repeat(20)}`;
        await rpc("anvil_setCode", [address, "0x600160005260206000f3"]); // says 1 to everything
        return save([{ act: visit().given, receipt: null }], { address });
      },
      [],
      /not this version’s consent ledger/,
    ],
    [
      "a name that a terminal would obey",
      async () => save([{ act: visit().given, receipt: null }], { label: "Clinic\u001b[2J" }),
      [],
      /ledger\.label does not fit/,
    ],
    ["no node", good, ["--rpc", "http://user:secret@127.0.0.1:9"], /^The node does not answer\.$/],
  ])("%s", async (_, file, more, sentence) => {
    const { code, said } = await run(await file(), ...more);
    expect([code, said]).toEqual([2, expect.stringMatching(sentence)]);
    expect(said).not.toContain("secret");
  });

  test("a node that answers another question than was asked counts as none", async () => {
    network.proxy.lie = async (_, truth) => ({ ...(await truth()), id: 0 });
    const { code, said } = await run(await good());
    network.proxy.lie = null;
    expect([code, said]).toEqual([2, "The node does not answer."]);
  });

  test("an account without money is named as such", async () => {
    const { code, said } = await run(await good(), "--key", path("poor"));
    expect([code, said]).toEqual([1, expect.stringMatching(/could not be sent: .*fund/)]);
  });
});
