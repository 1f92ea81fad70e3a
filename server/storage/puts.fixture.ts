/** `puts.fixture.ts FOLDER`: puts one file into a folder, and then asks for a file that is not there (`/end`). */
import { existsSync } from "node:fs";
import { openFileStore } from "./file-store.ts";
import { hashOf, once, someBytes } from "./shelf.fixture.ts";

const [folder = ""] = process.argv.slice(2);
const bytes = someBytes(100_000);
const store = openFileStore({ is: "file", name: `file:${folder}`, folder });
await store.put(`${hashOf(bytes).slice(2)}-00000000`, bytes.length, once(bytes), new AbortController().signal);
existsSync("/end");
