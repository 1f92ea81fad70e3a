import { expose, transfer } from "comlink";
import { newSealer, type Sealer } from "./file.ts";

/** Encrypts aside of whoever keeps and hashes what comes, which is as much work again; see `parcel-worker.browser.ts`. */
const sealer = newSealer();
expose({
  begin: sealer.begin,
  async more() {
    const chunks = await sealer.more();
    return transfer(
      chunks,
      chunks.map(({ buffer }) => buffer as ArrayBuffer),
    );
  },
} satisfies Sealer);
