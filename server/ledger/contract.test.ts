import { expect, test } from "vitest";
import { consentLedgerBytecode, consentLedgerDeployed, consentLedgerImmutables } from "./bytecode.ts";
import { deployment, isOurCode, isOurDeployment } from "./contract.ts";

const flipped = (code: string, byte: number) => {
  const at = 2 + 2 * byte;
  return code.slice(0, at) + (code[at] === "0" ? "1" : "0") + code.slice(at + 1);
};

test("our code is known whatever its immutables and the compiler's notes say, and no other is", () => {
  expect(isOurCode(consentLedgerDeployed)).toBe(true);
  const [first] = consentLedgerImmutables;
  expect(isOurCode(flipped(consentLedgerDeployed, first.start))).toBe(true);
  expect(isOurCode(flipped(consentLedgerDeployed, first.start + first.length - 1))).toBe(true);
  expect(isOurCode(flipped(consentLedgerDeployed, first.start - 1))).toBe(false);
  expect(isOurCode(flipped(consentLedgerDeployed, first.start + first.length))).toBe(false);
  const notes = consentLedgerDeployed.length / 2 - 1 - 20;
  expect(isOurCode(flipped(consentLedgerDeployed, notes))).toBe(true);
  for (const other of ["0x", `${consentLedgerDeployed}00`, consentLedgerBytecode]) expect(isOurCode(other)).toBe(false);
});

test("our deployment is known whoever owns it, and no other is", () => {
  const ours = deployment(`0x${"11".repeat(20)}`, `0x${"22".repeat(20)}`);
  expect(isOurDeployment(ours)).toBe(true);
  expect(isOurDeployment(flipped(ours, 100))).toBe(false);
  expect(isOurDeployment("0x")).toBe(false);
});
