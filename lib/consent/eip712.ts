import { fromHex, toHex } from "../keyring/bytes.ts";
import { keccak256, keccakOfText } from "../keyring/keccak.ts";

/** A field of what is signed. These types are all we have: no lists, and nothing within another. */
export interface Field {
  readonly name: string;
  readonly type: "string" | "bytes" | "bytes32" | "address" | `uint${8 | 32 | 64 | 256}`;
}

/** How EIP-712 writes a type, whose hash stands for it. */
export const encodeType = (name: string, fields: readonly Field[]): string =>
  `${name}(${fields.map((field) => `${field.type} ${field.name}`).join(",")})`;

/** EIP-712's `hashStruct` for one type, made once. It throws where a value is not of its field's type, and hashes no other in its place. */
export function structHasher(name: string, fields: readonly Field[]): (value: Record<string, unknown>) => string {
  const type = keccakOfText(encodeType(name, fields));
  return (value) => {
    const words = fields.map((field) => {
      try {
        return wordOf(field.type, value[field.name]);
      } catch (cause) {
        throw new TypeError(`${name}.${field.name} is no ${field.type}`, { cause });
      }
    });
    return keccak256(type + words.join(""));
  };
}

/** The 64 digits that stand for a value. */
function wordOf(type: Field["type"], value: unknown): string {
  switch (type) {
    case "string":
      if (typeof value !== "string") throw new TypeError("no text");
      return keccakOfText(value).slice(2);
    case "bytes":
      return keccak256(bytesOf(value)).slice(2);
    case "bytes32":
      return toHex(bytesOf(value, 32)).slice(2);
    case "address":
      return toHex(bytesOf(value, 20)).slice(2).padStart(64, "0");
    default: {
      if (typeof value !== "bigint" && !Number.isSafeInteger(value)) throw new TypeError("no whole number");
      const number = BigInt(value as bigint | number);
      if (number < 0n || number >> BigInt(type.slice(4)) !== 0n) throw new RangeError("too large or below zero");
      return number.toString(16).padStart(64, "0");
    }
  }
}

function bytesOf(value: unknown, length?: number): Uint8Array {
  if (typeof value !== "string" || !value.startsWith("0x")) throw new TypeError("no bytes");
  const bytes = fromHex(value);
  if (length !== undefined && bytes.length !== length) throw new RangeError(`not ${length} bytes`);
  return bytes;
}
