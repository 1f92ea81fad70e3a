import { readFileSync } from "node:fs";
import { TypedDataEncoder } from "ethers";
import { expect, test } from "vitest";
import { consentLedgerAbi } from "../ledger/abi.ts";
import { encodeType } from "./eip712.ts";
import { digestOf, ledgerDomain, type Signable, typedData } from "./typed-data.ts";

const contract = readFileSync(new URL("../../contracts/ConsentLedger.sol", import.meta.url), "utf8");
const ofTheContract = ["Consent", "Revocation", "Record", "Approval", "Enrollment", "Removal", "Checkpoint"] as const;

test.each(ofTheContract)("what a person signs as %s is what the contract hashes, letter for letter", (what) => {
  const ours = encodeType(what, typedData[what]);
  expect(contract).toContain(`"${ours}"`);
  const constant = `${what.toUpperCase()}_TYPEHASH`;
  expect(consentLedgerAbi.some((one) => "name" in one && one.name === constant)).toBe(true);
});

test("an act is bound to its chain and its contract, what stays off the ledger to neither", () => {
  const here = { chainId: "1", address: `0x${"1".repeat(40)}` };
  const revocation = { consent: `0x${"a".repeat(64)}` };
  const digests = [here, { ...here, chainId: "2" }, { ...here, address: `0x${"2".repeat(40)}` }].map((ledger) =>
    digestOf("Revocation", revocation, ledger),
  );
  expect(new Set(digests).size).toBe(3);
  expect(digestOf("Revocation", revocation, here)).toBe(
    TypedDataEncoder.hash(ledgerDomain(here), { Revocation: [...typedData.Revocation] }, revocation),
  );
  const card = { signer: `0x${"1".repeat(40)}`, recipient: "age1" };
  expect(digestOf("KeyCard", card)).toBe(digestOf("KeyCard" as Signable, card, here));
});
