import { sha256 } from "../keyring/bytes.ts";

/** What the ledger is told of who was enrolled: a commitment that only whoever has the salt can open. */
export const credentialOf = (staffId: string, salt: string): Promise<string> =>
  sha256(new TextEncoder().encode(`assent/1/credential\n${staffId}\n${salt}`));
