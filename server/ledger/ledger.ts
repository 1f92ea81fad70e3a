import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { and, asc, count, eq, inArray, min } from "drizzle-orm";
import { computeAddress, SigningKey } from "ethers";
import type * as z from "zod/mini";
import { headDigest, type TreeHead } from "../../lib/audit/checkpoint.ts";
import { digestOf } from "../../lib/consent/typed-data.ts";
import type { readLedgerStatus, Trouble } from "../../lib/ledger/api.ts";
import { UNAVAILABLE } from "../../lib/ledger/logs.ts";
import type { Receipt } from "../../lib/ledger/receipt.ts";
import { Refusal } from "../../lib/refusal.ts";
import { act as acts, ledgerTransaction } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import type { LedgerCall, LedgerLog, Moved } from "./act.ts";
import { isAnchoring, lastAnchored } from "./anchors.ts";
import { NotNow } from "./chain.ts";
import { openOutsideChain } from "./contact.ts";
import { type KeptCall, signedAct, withIdentity } from "./contract.ts";
import { homeOf } from "./home.ts";
import { makeKeys, readKeys } from "./keys.ts";
import { bearsOn } from "./moves.ts";
import { openOutbox } from "./outbox.ts";
import { openOwnChain } from "./own.ts";
import { type ParkedAct, parkedActs, retryAct } from "./parked.ts";
import { type Party, whatWouldItSay } from "./plan.ts";
import type { AtPoint } from "./points.ts";
import { assertBelowQuota } from "./quota.ts";
import { browserReads } from "./reads.ts";
import { issueReceipt } from "./receipts.ts";
import { RpcError } from "./rpc.ts";
import type { NetworkSettings } from "./settings.ts";

export { RpcError } from "./rpc.ts";

type LedgerStatus = Omit<z.infer<typeof readLedgerStatus.answer>, keyof Ledger["about"] | "since">;

/** An act in the outbox. What no patient or clinician signed has no receipt. */
interface Queued {
  id: string;
  receipt: Receipt | null;
}

export interface Ledger {
  readonly about: { label: string; local: boolean; chainId: string; address: string };
  /** No act of ours is in an older block. */
  readonly since: number;
  /**
   * Puts an act and its receipt into the caller's transaction: the promise is as durable as what it promises. Throws
   * `Refusal("ledger.read-only")` when the ledger takes no acts, `Refusal("ledger.too-many-acts")` when the visit has had
   * its share; a `revoke` or `remove` is kept all the same, since closing access must never fail.
   */
  queue(tx: Writer, act: { call: LedgerCall; visitId?: string | undefined; object: string }): Promise<Queued>;
  /** What the contract would say now, counting the acts that are still queued: null is yes, else the custom error's name. Not inside a transaction. */
  simulate(call: LedgerCall): Promise<string | null>;
  /** Something was queued and committed. */
  kick(): void;
  status(): Promise<LedgerStatus>;
  /** Reads for browsers. Throws a `Refusal` for what is not allowed and `RpcError` for what the node answers. */
  rpc(method: string, params: unknown): Promise<unknown>;
  /** What the contract refuses, the newest first. */
  parked(most: number): Promise<ParkedAct[]>;
  /** Lets a parked act try again; in the caller's transaction, who kicks afterwards. Throws `Refusal("act.not-parked")`. */
  retry(tx: Writer, id: string): Promise<ParkedAct>;
  /** Resolves once everything queued is final or parked. */
  whenIdle(): Promise<void>;
  /** Who signs receipts, certificates and checkpoints, as the contract knows it: an address. */
  readonly logKey: string;
  /** The log key's signature under a checkpoint, as `anchor` takes it. */
  signHead(head: TreeHead): string;
  /** The checkpoint that the contract anchored last. Throws `NotNow` or `RpcError` where it cannot be asked. */
  lastAnchored(): Promise<TreeHead>;
  /** Sends a signed checkpoint to the contract, unless one is on its way. `from` is the one anchored last. Throws as `queue` does. */
  anchor(step: Omit<Extract<LedgerCall, { is: "anchor" }>, "is">): Promise<void>;
  /** The clinic's signature, by its log key, under a certificate, or an evidence file, whose content has this hash. */
  certify(content: string, as?: "Certificate" | "Evidence"): string;
  close(): Promise<void>;
}

export interface LedgerOptions {
  storage: Storage;
  /** The install's data folder: keys go to `secrets/`, the chain's own files to `ledger/`. */
  folder: string;
  log: LedgerLog;
  /** After the commit that moved it. */
  onMoved(act: Moved): void;
  /** How long, in minutes, the ledger may take with a signed act: what receipts promise. */
  deadlineMinutes?: number | undefined;
  /** The outside network that holds the contract; null or none for the embedded ledger. */
  network?: NetworkSettings | null | undefined;
  /** Called at the moments between which the process may die; for tests. */
  at?: AtPoint | undefined;
}

/** An act that has waited longer than this, in milliseconds, makes the ledger `behind`: ours mines at once, a network when it does. */
const PATIENCE = { local: 5_000, network: 60_000 };
/** How long, in milliseconds, somebody who signs waits for a network's opinion: the outbox asks again before it sends. */
const OPINION = 3_000;
/** Milliseconds after which more is offered for a transaction that is in no block. */
const STUCK_AFTER = 60_000;

/** Opens the ledger that the data folder belongs to. Throws `WrongSetting` for settings that do not fit it. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { storage, folder, log, onMoved, deadlineMinutes = 10, at = () => undefined } = options;
  const network = options.network ?? null;
  const keys = (await readKeys(folder)) ?? (await firstKeys(storage, folder));
  const relayerKey = new SigningKey(network?.relayerKey ?? keys.relayer);
  const relayer = computeAddress(relayerKey);
  const { chain, home } = network
    ? await openOutsideChain({ storage, settings: network, keys, relayer, log })
    : await openOwnChain({ storage, folder, keys, relayerKey, log, at });
  const { chainId, address, since } = home;
  if (network) log.info({ relayer, chainId, address }, "This account pays for what goes on the ledger.");
  const party: Party = { chain, domain: { chainId, address }, owner: new SigningKey(keys.owner), relayer, since };
  const outbox = openOutbox({
    ...party,
    ...{ home, storage, relayerKey, log, onMoved, at },
    dailyGas: network?.dailyGas ?? null,
    stuckAfter: network?.stuckAfter ?? STUCK_AFTER,
  });
  const issuer = { logKey: new SigningKey(keys.log), domain: party.domain, minutes: deadlineMinutes };
  const read = browserReads({ contract: address, since, head: () => chain.head().number, call: chain.call });
  const label = network ? (network.name ?? `Chain ${chainId}`) : "Local ledger";

  const queue: Ledger["queue"] = async (tx, { call, visitId, object }) => {
    const closing = call.is === "revoke" || call.is === "remove";
    if (chain.readOnly() !== null && !closing) throw new Refusal("ledger.read-only");
    if (visitId && !closing) await assertBelowQuota(tx, visitId);
    const id = randomUUID();
    const savedAt = new Date();
    const kept = withIdentity(call);
    const [row] = await tx
      .insert(acts)
      .values({
        id,
        kind: call.is,
        call: kept,
        visitId: visitId ?? null,
        object,
        state: "saved",
        savedAt,
        movedAt: savedAt,
      })
      .returning({ order: acts.order });
    const signed = signedAct(kept);
    const receipt = signed === null ? null : issueReceipt(signed, row!.order, savedAt, issuer);
    if (receipt) await tx.update(acts).set({ receipt }).where(eq(acts.id, id));
    return { id, receipt };
  };

  return {
    about: { label, local: chain.local, chainId, address },
    since,
    queue,
    simulate: async (call) => {
      const kept = withIdentity(call);
      if (!chain.local && isAway(outbox.trouble())) return null;
      // Read before the chain is: what reaches it in between is refused a second time, and so changes nothing.
      const said = whatWouldItSay([...(await stillQueued(storage, kept)), kept], party);
      return chain.local ? said : unlessAway(said);
    },
    kick: outbox.kick,
    status: async () => {
      const [waiting] = await storage.read
        .select({ n: count(), since: min(acts.savedAt) })
        .from(acts)
        .where(inArray(acts.state, ["saved", "sent"]));
      const patience = chain.local ? PATIENCE.local : PATIENCE.network;
      const late = waiting?.since != null && Date.now() - waiting.since.getTime() > patience;
      const trouble = outbox.trouble();
      const low = trouble === "low-balance" || trouble === "no-funds";
      return {
        block: chain.head().number,
        behind: waiting?.n ?? 0,
        parked: await storage.read.$count(acts, eq(acts.state, "parked")),
        state: chain.readOnly() !== null ? "read-only" : low ? "low-balance" : late ? "behind" : "ok",
        ...(trouble && { trouble }),
      };
    },
    rpc: async (method, params) => {
      try {
        return await read(method, params);
      } catch (error) {
        if (error instanceof NotNow)
          throw new RpcError({ code: UNAVAILABLE, message: "The ledger’s node does not answer." });
        throw error;
      }
    },
    parked: (most) => parkedActs(storage, most),
    retry: (tx, id) => retryAct(tx, id),
    logKey: computeAddress(issuer.logKey).toLowerCase(),
    signHead: (head) => issuer.logKey.sign(headDigest(head, party.domain)).serialized,
    lastAnchored: () => lastAnchored(storage, party),
    anchor: async (step) => {
      if (await isAnchoring(storage)) return;
      await storage.keepBooks((tx) => queue(tx, { call: { is: "anchor", ...step }, object: step.to.root }));
      outbox.kick();
    },
    certify: (content, as = "Certificate") => issuer.logKey.sign(digestOf(as, { content }, party.domain)).serialized,
    whenIdle: outbox.whenIdle,
    close: async () => {
      await outbox.close();
      await chain.close();
    },
  };
}

/** Keys are made only where there is no ledger yet: new ones would not fit an old one. */
async function firstKeys(storage: Storage, folder: string) {
  if ((await homeOf(storage)) !== null || (await storage.read.$count(ledgerTransaction)) > 0)
    throw new Error(`${join(folder, "secrets", "ledger.json")} is missing. Put it back from a backup to start.`);
  return makeKeys(folder);
}

/** Nobody who signs waits for a node that is known not to answer. */
function isAway(trouble: Trouble | null): boolean {
  return trouble === "node-down" || trouble === "node-doubtful";
}

/** A network that is away has no opinion now. */
async function unlessAway(said: Promise<string | null>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), OPINION);
  });
  return Promise.race([said, late])
    .catch((error: unknown) => {
      if (error instanceof NotNow || error instanceof RpcError) return null;
      throw error;
    })
    .finally(() => clearTimeout(timer));
}

/** Acts not on the ledger yet that bear on this one, in order. */
async function stillQueued(storage: Storage, call: KeptCall): Promise<KeptCall[]> {
  const rows = await storage.read
    .select({ call: acts.call })
    .from(acts)
    .where(and(inArray(acts.state, ["saved", "sent"]), bearsOn(call)))
    .orderBy(asc(acts.order));
  return rows.map((row) => row.call as KeptCall);
}
