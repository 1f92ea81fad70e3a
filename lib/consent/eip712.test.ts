import { TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Field, structHasher } from "./eip712.ts";
import { typedData } from "./typed-data.ts";

const hexOf = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString("hex")}`;
const bytes = (minLength: number, maxLength = minLength) => fc.uint8Array({ minLength, maxLength }).map(hexOf);
const uint = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n });
const valuesOf: Record<Field["type"], fc.Arbitrary<unknown>> = {
  string: fc.string({ unit: "grapheme" }),
  bytes: bytes(0, 200),
  bytes32: bytes(32),
  address: bytes(20),
  uint8: uint(8n),
  uint32: fc.oneof(uint(32n), fc.nat()),
  uint64: fc.oneof(uint(64n), fc.nat()),
  uint256: uint(256n),
};
const structs: [string, readonly Field[]][] = [
  ...Object.entries(typedData),
  ["Everything", Object.keys(valuesOf).map((type, at) => ({ name: `field${at}`, type: type as Field["type"] }))],
];

test.each(structs)("%s hashes as ethers hashes it, whatever it says", (name, fields) => {
  const ours = structHasher(name, fields);
  const theirs = TypedDataEncoder.from({ [name]: [...fields] });
  const values = fc.record(Object.fromEntries(fields.map((field) => [field.name, valuesOf[field.type]])));
  fc.assert(
    fc.property(values, (value) => {
      expect(ours(value)).toBe(theirs.hash(value));
    }),
  );
});

test.each<[Field["type"], unknown]>([
  ["string", 7],
  ["string", undefined],
  ["bytes", "0x123"],
  ["bytes", "1234"],
  ["bytes", "0xzz"],
  ["bytes", undefined],
  ["bytes32", `0x${"1".repeat(62)}`],
  ["bytes32", `0x${"1".repeat(66)}`],
  ["address", `0x${"1".repeat(64)}`],
  ["uint8", 256],
  ["uint8", -1],
  ["uint8", 1.5],
  ["uint32", 2 ** 32],
  ["uint64", 2n ** 64n],
  ["uint64", Number.MAX_SAFE_INTEGER + 1],
  ["uint64", Number.NaN],
  ["uint64", "12"],
  ["uint64", null],
  ["uint256", 2n ** 256n],
])("of a %s that is %s there is no hash", (type, value) => {
  expect(() => structHasher("One", [{ name: "it", type }])({ it: value })).toThrow(`One.it is no ${type}`);
});

test("a field more is no part of it, and one that is missing is missed", () => {
  const hash = structHasher("One", [{ name: "it", type: "bytes" }]);
  expect(hash({ it: "0x", more: 1 })).toBe(hash({ it: "0x" }));
  expect(() => hash({})).toThrow("One.it");
});
