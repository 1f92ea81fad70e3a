/** A file with one thing changed: where, how, and its text. */
export interface Tampered {
  readonly at: string;
  readonly how: "changed" | "removed" | "added" | "twice";
  readonly text: string;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Every value of a file changed once, every key taken out and every one put in, every list with its first missing and twice. Of
 * long lists the first and the last alone, unless all are asked for.
 */
export function* tampered(text: string, all: boolean): Generator<Tampered> {
  const whole = JSON.parse(text) as Json;
  for (const path of placesIn(whole, all)) {
    const at = path.join(".");
    const value = at === "" ? whole : path.reduce<Json>((part, key) => (part as never)[key] as Json, whole);
    const withValue = (now: Json | undefined) => JSON.stringify(replaced(whole, path, now));
    if (value === null || typeof value !== "object") yield { at, how: "changed", text: withValue(changed(at, value)) };
    else if (Array.isArray(value)) {
      if (value.length > 0) yield { at, how: "removed", text: withValue(value.slice(1)) };
      if (value.length > 0) yield { at, how: "twice", text: withValue([...value, value[0]!]) };
    } else yield { at, how: "added", text: withValue({ ...value, more: 1 }) };
    if (at !== "" && typeof path.at(-1) === "string") yield { at, how: "removed", text: withValue(undefined) };
  }
}

type Path = readonly (string | number)[];

const LONG = 3;

function* placesIn(value: Json, all: boolean, path: Path = []): Generator<Path> {
  yield path;
  if (value === null || typeof value !== "object") return;
  const inList = (i: number) =>
    all || i === 0 || i === Object.keys(value).length - 1 || Object.keys(value).length <= LONG;
  for (const [key, one] of Object.entries(value)) {
    if (!Array.isArray(value)) yield* placesIn(one, all, [...path, key]);
    else if (inList(Number(key))) yield* placesIn(one, all, [...path, Number(key)]);
  }
}

function replaced(value: Json, [key, ...rest]: Path, now: Json | undefined): Json | undefined {
  if (key === undefined) return now;
  if (Array.isArray(value)) return value.map((one, i) => (i === key ? (replaced(one, rest, now) as Json) : one));
  const { [key as string]: old, ...others } = value as { [key: string]: Json };
  const next = replaced(old!, rest, now);
  return next === undefined ? others : { ...(value as object), [key as string]: next };
}

/** Another value of the same form, where there is one. */
function changed(at: string, value: null | boolean | number | string): Json {
  if (value === null) return /signature|revocation|approval/.test(at) ? `0x${"5a".repeat(64)}1b` : "x";
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  const middle = Math.floor(value.length / 2);
  const digit = value[middle];
  const other =
    digit === undefined ? "x" : /[0-8a-eA-Eg-yG-Y]/.test(digit) ? String.fromCharCode(digit.charCodeAt(0) + 1) : "0";
  return value.slice(0, middle) + other + value.slice(middle + 1);
}
