import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PGlite } from "@electric-sql/pglite";
import { JsonRpcProvider, Transaction, Wallet } from "ethers";
import type { Clinic } from "./clinic.ts";

/**
 * The operator turns: from here on the server says of every act of this kind that it is final, and sends none of them. Done
 * the way an operator could, in the database, with the product as it is.
 */
export async function withhold(clinic: Clinic, kind: "grant" | "revoke" | "record"): Promise<void> {
  await inDatabase(clinic, (database) =>
    database.exec(
      `CREATE FUNCTION withhold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.state := 'final'; RETURN NEW; END $$;
       CREATE TRIGGER withhold BEFORE INSERT ON act FOR EACH ROW WHEN (NEW.kind = '${kind}') EXECUTE FUNCTION withhold();`,
    ),
  );
  await clinic.start();
}

/** With the server switched off. */
async function inDatabase<T>(clinic: Clinic, work: (database: PGlite) => Promise<T>): Promise<T> {
  await clinic.stop();
  const database = await PGlite.create(join(clinic.folder, "database"));
  const result = await work(database);
  await database.close();
  return result;
}

/**
 * A node that is not the clinic's, with everything that is on the clinic's chain: the same transactions, in the same order.
 * From then on the clinic's server is switched off.
 */
export class StrangersNode {
  readonly url: string;
  readonly provider: JsonRpcProvider;
  readonly #end: () => void;
  private constructor(url: string, chainId: bigint, end: () => void) {
    this.url = url;
    this.provider = new JsonRpcProvider(url, chainId, { staticNetwork: true, batchMaxCount: 1 });
    this.#end = end;
  }

  static async after(clinic: Clinic): Promise<StrangersNode> {
    const { rows } = await inDatabase(clinic, (database) =>
      database.query<{ transactions: string[] }>("SELECT transactions FROM ledger_block ORDER BY number"),
    );
    const sent = rows.flatMap(({ transactions }) => transactions).map((raw) => Transaction.from(raw));
    const [first] = sent;
    if (!first?.from) throw new Error("The clinic's chain is empty.");
    const require = createRequire(import.meta.url);
    const anvil = join(require.resolve("@foundry-rs/anvil-linux-amd64/package.json"), "../bin/anvil");
    const args = ["--port", "0", "--accounts", "0", "--hardfork", "osaka", "--chain-id", String(first.chainId)];
    const child = spawn(anvil, args, { stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise<string>((resolve) =>
      createInterface(child.stdout).on("line", (line) => {
        const at = /^Listening on (\S+)$/.exec(line)?.[1];
        if (at) resolve(`http://${at}`);
      }),
    );
    const node = new StrangersNode(url, first.chainId, () => child.kill());
    await node.fund(first.from);
    for (const transaction of sent) await node.provider.send("eth_sendRawTransaction", [transaction.serialized]);
    return node;
  }

  async fund(address: string): Promise<void> {
    await this.provider.send("anvil_setBalance", [address, `0x${(10n ** 24n).toString(16)}`]);
  }

  close(): void {
    this.provider.destroy();
    this.#end();
  }
}

/** `npm run ledger -- submit`, by somebody with money of their own. Resolves to what it says as JSON, and its exit code. */
export async function submits(clinic: Clinic, file: string, node: StrangersNode) {
  const somebody = Wallet.createRandom();
  await node.fund(somebody.address);
  const key = join(clinic.folder, `key-${somebody.address}`);
  await writeFile(key, somebody.privateKey);
  const args = ["run", "--silent", "ledger", "--", "submit", file, "--rpc", node.url, "--key", key, "--json"];
  const child = execFile("npm", args, { cwd: join(import.meta.dirname, "..") });
  let said = "";
  child.stdout?.on("data", (piece: string) => {
    said += piece;
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, said: JSON.parse(said) as { ok: boolean; acts: { is: string; outcome: string; receipt: string }[] } };
}
