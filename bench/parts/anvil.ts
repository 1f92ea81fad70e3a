import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { ethers, toBeHex } from "ethers";
import { wallet } from "./cost.ts";

const CHAIN_ID = 2_026_001;
/** Unix time of its first block. */
export const START = 1_800_000_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

export interface Chain {
  id: number;
  provider: ethers.JsonRpcProvider;
  sender: ethers.NonceManager;
  stop(): void;
}

/** A chain of its own, the same in every run: chain id, first block's time, sender. */
export async function startAnvil(): Promise<Chain> {
  const port = await freePort();
  const sender = wallet("sender");
  const anvil = spawn(
    join(import.meta.dirname, "../../node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"),
    `--port ${port} --chain-id ${CHAIN_ID} --hardfork osaka --timestamp ${START} --accounts 1 --silent`.split(" "),
    { stdio: "ignore" },
  );
  const provider = new ethers.JsonRpcProvider(`http://127.0.0.1:${port}`, CHAIN_ID, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 20,
  });
  for (let tries = 0; ; tries++) {
    try {
      await provider.send("anvil_setBalance", [sender.address, toBeHex(10n ** 24n)]);
      break;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((soon) => setTimeout(soon, 50));
    }
  }
  return {
    id: CHAIN_ID,
    provider,
    sender: new ethers.NonceManager(sender.connect(provider)),
    stop: () => anvil.kill(),
  };
}
