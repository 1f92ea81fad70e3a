import { runCommand } from "../command.ts";
import { fsckCommand } from "./fsck-command.ts";
import { retainCommand, retainUsage } from "./retain-command.ts";
import { witnessCommand, witnessUsage } from "./witness-command.ts";

await runCommand("audit", {
  fsck: {
    usage: "fsck",
    what: "Re-derives the whole log of the data folder from its lines and the ledger, and names what is wrong. Stop the server first.",
    run: fsckCommand,
  },
  retain: {
    usage: retainUsage,
    what: "Empties what is older than RETENTION_YEARS, as the server does at night, and keeps its proofs. --dry-run says how much it would be. Stop the server first.",
    run: retainCommand,
  },
  witness: {
    usage: witnessUsage,
    what: "Runs a witness of one log: it cosigns what only grows. For somebody who is not the clinic; any other of c2sp.org/tlog-witness will do.",
    run: witnessCommand,
  },
});
