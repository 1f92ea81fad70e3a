import { computeAddress, Interface, SigningKey } from "ethers";
import { expect, test } from "vitest";
import { digestOf } from "../consent/typed-data.ts";
import { clinicianKeys, newSeed } from "../keyring/keyring.ts";
import { signOpening } from "../keyring/opening.ts";
import { consentLedgerAbi } from "../ledger/abi.ts";
import type { AskChain } from "../ledger/read.ts";
import { type Certificate, contentOf, erasureOf } from "../records/erasure.ts";
import { verifyFile } from "./verify-file.ts";

const ledger = { label: "Local ledger", chainId: "31337", address: `0x${"a".repeat(40)}`, local: true };
const log = new SigningKey(`0x${"7".repeat(64)}`);
const contract = new Interface(consentLedgerAbi);

const node =
  (logKey: string): AskChain =>
  async (method) =>
    method === "eth_call" ? contract.encodeFunctionResult("logKey", [logKey]) : ledger.chainId;

async function aCertificate(): Promise<Certificate> {
  const patient = await clinicianKeys(newSeed());
  const visit = "1".repeat(32);
  const { at, proof } = await signOpening(erasureOf(visit), patient, new Date());
  const said: Certificate = {
    ...{
      assent: "erasure/1",
      id: "2".repeat(32),
      ledger,
      clinic: "Riverside Practice",
      visit,
      patient: patient.signer,
    },
    ...{ request: { at, proof }, erasedAt: new Date().toISOString(), confirmedBy: "Mira Thoma" },
    erased: { records: [], files: [], questions: 0, shared: 0, notes: true },
    ...{ kept: [], keptNotes: null, signature: "0x00" },
  };
  return {
    ...said,
    signature: log.sign(digestOf("Certificate", { content: await contentOf(said) }, ledger)).serialized,
  };
}

const results = ({ lines }: Awaited<ReturnType<typeof verifyFile>>) => lines.map(({ name, holds }) => [name, holds]);

test("a certificate of what was erased is held to the key that the ledger knows", async () => {
  const text = JSON.stringify(await aCertificate());
  const all = ["signature", "request", "records", "ledger"];
  const genuine = await verifyFile(text, () => node(computeAddress(log)));
  expect(genuine).toMatchObject({ is: "certificate", about: { clinic: "Riverside Practice" } });
  expect(results(genuine)).toEqual(all.map((name) => [name, true]));
  const another = await verifyFile(text, () => node(`0x${"b".repeat(40)}`));
  expect(results(another)[0]).toEqual(["signature", false]);
  const changed = await verifyFile(text.replace('"notes":true', '"notes":false'), () => node(computeAddress(log)));
  expect(results(changed)[0]).toEqual(["signature", false]);
});

test("whose key it is stays open where no node answers, and the rest is checked", async () => {
  const text = JSON.stringify(await aCertificate());
  const open = [
    ["signature", null],
    ["request", true],
    ["records", true],
    ["ledger", null],
  ];
  expect(results(await verifyFile(text, () => null))).toEqual(open);
  expect(results(await verifyFile(text, () => () => Promise.reject(new Error("away"))))).toEqual(open);
});
