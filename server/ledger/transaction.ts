import { type SigningKey, Transaction } from "ethers";

/** Far above what blocks of the embedded ledger ask, in wei a gas. */
const HIGHEST_FEE = 10n ** 13n;

/** A transaction that is ready to be stored and sent. `to` is null for creating a contract. */
export function sign(
  key: SigningKey,
  { to, data, gas }: { to: string | null; data: string; gas: number },
  nonce: number,
  chainId: string,
): { hash: string; raw: string } {
  const transaction = Transaction.from({
    type: 2,
    chainId: BigInt(chainId),
    nonce,
    to,
    data,
    gasLimit: gas,
    maxFeePerGas: HIGHEST_FEE,
    maxPriorityFeePerGas: 0,
  });
  transaction.signature = key.sign(transaction.unsignedHash);
  return { hash: transaction.hash!, raw: transaction.serialized };
}
