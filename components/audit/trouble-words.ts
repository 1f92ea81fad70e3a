import type { Trouble } from "@/lib/ledger/api.ts";

/** What keeps acts from the ledger although nothing is wrong with them, and what to do. In all of these visits go on. */
export const troubleWords = {
  "node-down": {
    title: "The ledger’s node doesn’t answer",
    text: "Every act is saved here and goes to the ledger by itself once the node answers. If it stays so, look at the node.",
  },
  "node-doubtful": {
    title: "The ledger’s node contradicts itself",
    text: "Nothing it says is believed until it agrees with itself. Acts are saved here meanwhile. Look at the node, or use another.",
  },
  "second-node-down": {
    title: "The ledger’s second node doesn’t answer",
    text: "Acts are sent, and count as on the ledger only once the second node confirms them.",
  },
  "second-node-differs": {
    title: "The ledger’s two nodes say different things",
    text: "Acts count as on the ledger only where both agree. One of the two is wrong or behind: look at both.",
  },
  "no-funds": {
    title: "The ledger’s account is empty",
    text: "Every act is saved here and waits until the relayer’s account is funded.",
  },
  "daily-gas": {
    title: "Today’s gas is used up",
    text: "Only what closes access is sent until tomorrow; everything else is saved here and waits. If nobody expected so many acts, look for why.",
  },
  stuck: {
    title: "A transaction is stuck",
    text: "It was offered three times at higher fees and is in no block. It is offered on, and what comes after it waits.",
  },
  "low-balance": {
    title: "The ledger’s account runs low",
    text: "Fund the relayer’s account before it is empty. Until then everything goes on.",
  },
} as const satisfies Record<Trouble, { title: string; text: string }>;
