import { expect, test } from "vitest";
import { addWitness } from "./api.ts";

const taken = (url: string) => addWitness.ask.safeParse({ url, key: "a key" }).success;

test.each([
  ...[
    "https://witness.example",
    "https://witness.example/",
    "http://192.168.1.20:3100",
    "https://[2606:4700::1111]:8443",
  ],
  ...["https://witness.example/logs/ours", "HTTPS://Witness.Example/@ours/"],
])("a witness may be at %s", (url) => expect(taken(url)).toBe(true));

test.each([
  ...[
    "https://witness.example/admin?x=",
    "https://witness.example/admin#",
    "https://witness.example?",
    "https://witness.example#",
  ],
  ...[
    "https://me:secret@witness.example",
    "https://me@witness.example/a",
    "https://a\\@b",
    "https:/a",
    "https://a/\\?b",
  ],
  ...["https://a/\n?b", "ftp://witness.example", "witness.example", ""],
])("%j is no witness’s address, since it would be asked something else", (url) => expect(taken(url)).toBe(false));
