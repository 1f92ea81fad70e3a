import { ethers, getBytes } from "ethers";

export interface Cost {
  value: number;
  floor: number;
}

/** What a transaction can't be spared: gas for storage, how many signatures are recovered, how many nodes hashed. */
export interface Work {
  storage: number;
  signatures?: number;
  nodes?: number;
}

const BASE = 21_000;
const BYTE = 16;
/** What a byte that is not zero costs at least, whatever is done with it (EIP-7623). */
const BYTE_AT_LEAST = 40;
const RECOVERY = 3_000;
/** A warm call of the sha256 precompile for 65 bytes. */
const NODE = 100 + 60 + 3 * 12;

/** A consent's word, cold: read, and written where something already is, or where nothing is yet. */
export const CHANGED_WORD = 2_100 + 2_900;
export const NEW_WORD = 2_100 + 20_000;

/** Sends it; its gas and its floor, each per event. Throws when it does not tell as many events. */
export async function send(sender: ethers.Signer, to: string, data: string, events: number, work: Work): Promise<Cost> {
  const receipt = await (await sender.sendTransaction({ to, data })).wait();
  if (receipt?.logs.length !== events) throw new Error(`It told ${receipt?.logs.length} events, not ${events}.`);
  const told = receipt.logs.reduce(
    (sum, { topics, data }) => sum + 375 * (1 + topics.length) + 8 * getBytes(data).length,
    0,
  );
  const bytes = getBytes(data).filter((byte) => byte !== 0).length;
  const done = told + work.storage + RECOVERY * (work.signatures ?? 0) + NODE * (work.nodes ?? 0);
  const floor = BASE + Math.max(BYTE * bytes + done, BYTE_AT_LEAST * bytes);
  return { value: Math.round(Number(receipt.gasUsed) / events), floor: Math.round(floor / events) };
}

/** The same key for the same name in every run, so that every byte that is sent is the same. */
export const wallet = (name: string) => new ethers.Wallet(ethers.id(`bench ${name}`));
