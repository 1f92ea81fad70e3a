// What keeps signed acts and looks for them on the ledger, with all the cryptography that takes: fetched together, once there is one.

export { adopt } from "@/lib/ledger/keep.ts";
export { shelf } from "@/lib/ledger/shelf.browser.ts";
export { watchKept } from "@/lib/ledger/watch.ts";
export { followClinic } from "./follow-log.ts";
