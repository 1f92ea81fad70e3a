import { runCommand } from "../command.ts";
import { deploy, deployUsage } from "./deploy.ts";
import { submit, submitUsage } from "./submit.ts";

await runCommand("ledger", {
  deploy: {
    usage: deployUsage,
    what: "Puts the contract for this install on any EVM network, and prints the settings that use it.",
    run: deploy,
  },
  submit: {
    usage: submitUsage,
    what: "Puts a file saved with “Submit it myself” on its ledger: any node, anybody's money, no server of ours.",
    run: submit,
  },
});
