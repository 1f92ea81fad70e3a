import { computeAddress, SigningKey } from "ethers";
import { expect, test } from "vitest";
import { fromHex } from "../keyring/bytes.ts";
import { checkpointText, headDigest, ledgerKey, openCheckpoint, originOf, readCheckpoint } from "./checkpoint.ts";
import { NotANote, signatureLine } from "./note.ts";

const ledger = { chainId: "31337", address: `0x${"12".repeat(20)}` };
const key = new SigningKey(`0x${"07".repeat(32)}`);
const logKey = computeAddress(key).toLowerCase();
const head = { size: 20_852_163, root: `0x${"0a".repeat(32)}` };
const text = checkpointText(originOf(ledger), head);
const sign = (of: typeof head, by = key, known = logKey, on = ledger) =>
  signatureLine(ledgerKey(on, known), fromHex(by.sign(headDigest(of, on)).serialized));

test("a checkpoint that the contract’s log key signed says its size and root", () => {
  expect(openCheckpoint(`${text}\n${sign(head)}`, ledger, logKey)).toMatchObject(head);
});

test.each([
  ["signed by another key", `${text}\n${sign(head, new SigningKey(`0x${"08".repeat(32)}`))}`],
  ["signed for another size", `${text}\n${sign({ ...head, size: head.size + 1 })}`],
  ["signed for another root", `${text}\n${sign({ ...head, root: `0x${"0b".repeat(32)}` })}`],
  ["signed for another ledger", `${text}\n${sign(head, key, logKey, { ...ledger, chainId: "1" })}`],
  ["of another log", `${text.replace("31337", "31338")}\n${sign(head)}`],
])("a checkpoint %s is refused", (_, note) => {
  expect(() => openCheckpoint(note, ledger, logKey)).toThrow(NotANote);
});

const origin = originOf(ledger);
const root = text.split("\n")[2]!;
test.each([
  ["without a size", `${origin}\n\n${root}\n`],
  ["with a size that begins with nought", `${origin}\n07\n${root}\n`],
  ["with a negative size", `${origin}\n-7\n${root}\n`],
  ["with a size that no computer counts to", `${origin}\n99999999999999999\n${root}\n`],
  ["with a short root", `${origin}\n7\n${root.slice(4)}\n`],
  ["with a root whose last letter has bits to spare", `${origin}\n7\n${root.slice(0, -2)}p=\n`],
  ["with a line more", `${origin}\n7\n${root}\nmore\n`],
  ["without its last newline", `${origin}\n7\n${root}`],
])("a checkpoint %s is refused", (_, body) => {
  expect(() => readCheckpoint(body, origin)).toThrow(NotANote);
});
