import { Interface } from "ethers";
import type { LedgerDomain } from "../consent/typed-data.ts";
import { consentLedgerAbi } from "./abi.ts";
import type { AskChain, Log } from "./read.ts";

const contract = new Interface(consentLedgerAbi);
const recorded = ["RecordedByGrantee", "RecordedByPatient"].map((name) => contract.getEvent(name)!.topicHash);

/** Every record under a consent as a node tells them, in order. */
export async function readRecords(ask: AskChain, { address }: LedgerDomain, consentId: string) {
  const filter = { address, topics: [recorded, consentId], fromBlock: "0x0", toBlock: "latest" };
  const logs = (await ask("eth_getLogs", [filter])) as Log[];
  return logs.map(({ topics, transactionHash }) => ({ record: topics[2]!, transaction: transactionHash }));
}
