import { expose } from "comlink";
import { openRings } from "./rings.ts";
import { vault } from "./vault.browser.ts";

/** Where the keyrings of a page live; see `ring.browser.ts`. */
expose(openRings(vault, { onLocked: () => postMessage({ is: "locked" }) }));
postMessage({ is: "ready" });
