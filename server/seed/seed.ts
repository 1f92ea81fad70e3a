import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { hashPassword } from "better-auth/crypto";
import { computeAddress } from "ethers";
import { entryHash, GENESIS } from "../../lib/audit/log.ts";
import { openLog } from "../audit/log.ts";
import { type Chance, chanceOf } from "../chance.ts";
import { root } from "../config.ts";
import type { LedgerLog } from "../ledger/act.ts";
import { type Anvil, startAnvil } from "../ledger/anvil.ts";
import { withIdentity } from "../ledger/contract.ts";
import { RELAYER_COINS } from "../ledger/journal.ts";
import { type Keys, makeKeys } from "../ledger/keys.ts";
import { openLedger } from "../ledger/ledger.ts";
import { blockAt } from "../ledger/node.ts";
import { saveSnapshot } from "../ledger/snapshot.ts";
import { secretOf } from "../secrets.ts";
import { lockFolder } from "../storage/lock.ts";
import { openPGlite } from "../storage/pglite.ts";
import * as tables from "../storage/schema.ts";
import { openStorage } from "../storage/storage.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { DAY, filled, type Happening, HOUR, hexFrom, idFrom, type Rows } from "./happening.ts";
import { daysFor, FEWEST, history } from "./history.ts";
import { load } from "./load.ts";
import { domainOf, type Mined, openMine, type Waiting } from "./mine.ts";
import { practiceOf } from "./practice.ts";

interface Seeded {
  readonly root: string;
  readonly lines: number;
  readonly visits: number;
  readonly acts: number;
  /** With which everybody there signs in. */
  readonly emails: readonly string[];
}

/** Everybody's there. No secret: whoever reads this page has it, and the keys as well. */
export const PASSWORD = "a made-up practice";

interface Wanted {
  folder: string;
  lines: number;
  seed: number;
  /** The midnight at which it ends, in milliseconds since 1970. */
  until: number;
  log: LedgerLog;
  /** How many lines there are by now. */
  told?: (lines: number) => void;
}

const migrations = join(root, "server/storage/migrations");
/** Lines that are kept in memory before the database has them. */
const PIECE = 20_000;

/**
 * Fills an empty data folder with the history of a practice that never was: the same seed and end make the same log. Lines are
 * chained, and acts are on the folder's own ledger, by the code that does so in a visit. Everybody can know the keys of such a
 * folder, since they come of its seed.
 */
export async function seedFolder(wanted: Wanted): Promise<Seeded> {
  const { folder, lines, seed, until, log } = wanted;
  if (lines < FEWEST) throw new WrongSetting(`A practice has ${FEWEST} events at least, and ${lines} were asked for.`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0)
    throw new WrongSetting(`${folder} is not empty. Set DATA_DIR to a folder that is not there yet.`);
  const chance = chanceOf(seed);
  const keys = await makeKeys(folder, keysFrom(chance));
  await (await openStorage(folder, migrations)).close();

  const began = until - daysFor(lines) * DAY;
  const genesis = { chainId: keys.chainId, timestamp: Math.floor((began + HOUR) / 1_000) };
  const anvil = await startAnvil(join(folder, "ledger"), genesis, log);
  try {
    await anvil.rpc.call("anvil_setBalance", [computeAddress(keys.relayer), RELAYER_COINS]);
    const made = await fill(wanted, chance, keys, anvil, began);
    await keepSnapshot(folder, keys, anvil);
    anvil.kill();
    await anvil.gone;
    return { ...made, root: await signed(wanted) };
  } finally {
    anvil.kill();
  }
}

const keysFrom = (chance: Chance): Keys => ({
  ...{ relayer: hexFrom(chance, 32), owner: hexFrom(chance, 32), log: hexFrom(chance, 32) },
  chainId: (2 ** 47 + Math.floor(chance.next() * 2 ** 32)).toString(),
});

/** The whole history, into the tables. */
async function fill(wanted: Wanted, chance: Chance, keys: Keys, anvil: Anvil, began: number) {
  const { folder, lines, until, told } = wanted;
  const ledger = domainOf(keys);
  const unlock = await lockFolder(folder);
  const database = await openPGlite(join(folder, "database"));
  const salts = chanceOf(Math.floor(chance.next() * 2 ** 32));
  let last = { number: 0, hash: GENESIS };
  let [visits, acts] = [0, 0];
  const ofVisits = new Map<string, number>();
  let piece: (typeof tables.entry.$inferInsert)[] = [];

  async function keepMined(mined: Mined): Promise<void> {
    await load(database, tables.ledgerBlock, mined.blocks);
    await load(database, tables.ledgerTransaction, mined.transactions);
    await load(database, tables.act, mined.acts);
    acts += mined.acts.length;
  }
  async function keepRows(rows: Rows): Promise<void> {
    for (const [name, table] of Object.entries(filled)) await load(database, table, rows[name as keyof Rows] as never);
    visits += rows.visit.length;
  }
  async function keepLines(): Promise<void> {
    await load(database, tables.entry, piece);
    piece = [];
    told?.(last.number);
  }
  /** As `storage` appends it. */
  function append({ at, line }: Happening, actId: string | null): void {
    const { actor, action, visitId, object, consent, refusal, detail } = line;
    const ofVisit = visitId ? (ofVisits.get(visitId) ?? 0) + 1 : null;
    if (visitId) ofVisits.set(visitId, ofVisit!);
    const bare = {
      number: last.number + 1,
      at: new Date(at).toISOString(),
      ...{ actor, action, visitId: visitId ?? null, ofVisit, object: object ?? null, consent: consent ?? null },
      ...{ refusal: refusal ?? null, detail: detail ?? {}, salt: hexFrom(salts, 16), previous: last.hash },
    };
    const hash = entryHash(bare);
    last = { number: bare.number, hash };
    piece.push({ ...bare, hash, actId });
  }

  try {
    const first = await blockAt(anvil.rpc, 0);
    await load(database, tables.ledgerBlock, [{ ...first!, transactions: [] }]);
    const mine = openMine(anvil.rpc, keys, ledger);
    await keepMined(await mine.deploy(began + 2 * HOUR));
    const password = await hashPassword(PASSWORD);
    const { practice, happenings, rows } = await practiceOf(chance, { ledger, began: began + 7 * HOUR, password });
    await keepRows(rows);
    // Beside the days that follow: a node takes its time.
    let mining = Promise.resolve();
    for await (const day of history({ chance, practice, opening: happenings, lines, until })) {
      await keepRows(day.rows);
      const waiting: Waiting[] = [];
      for (const happening of day.happenings) {
        const { at, line, call } = happening;
        const id = call ? idFrom(chance) : null;
        append(happening, id);
        if (!call || !id) continue;
        const kept = { id, kind: call.is, call: withIdentity(call), visitId: line.visitId ?? null };
        waiting.push({ at, row: { ...kept, object: line.object! } });
      }
      mining = mining.then(async () => keepMined(await mine.take(waiting)));
      mining.catch(() => undefined); // whoever waits for it hears of it
      if (piece.length >= PIECE) await keepLines();
    }
    await keepLines();
    await mining;
    await load(database, tables.trailHead, [{ id: 1, ...last }]);
    await database.exec("ANALYZE");
    return {
      lines: last.number,
      visits,
      acts,
      emails: [...new Set([practice.first, ...practice.admins, ...practice.doctors])].map(({ email }) => email),
    };
  } finally {
    await database.close();
    unlock();
  }
}

/** So that the first start replays nothing. */
async function keepSnapshot(folder: string, { relayer }: Keys, { rpc }: Anvil): Promise<void> {
  const storage = await openStorage(folder, migrations);
  try {
    const head = (await blockAt(rpc, "latest"))!;
    await saveSnapshot(rpc, head, { storage, folder: join(folder, "ledger"), key: relayer, at: async () => undefined });
  } finally {
    await storage.close();
  }
}

/** Signs the log and anchors it, as the server does: resolves to its root. */
async function signed({ folder, log }: Wanted): Promise<string> {
  const storage = await openStorage(folder, migrations);
  try {
    const ledger = await openLedger({ storage, folder, log, onMoved: () => undefined });
    try {
      const secret = await secretOf(folder, "log");
      const now = () => new Date();
      const trail = await openLog({ storage, ledger, folder, secret, now, log, every: null });
      await trail.seal();
      await trail.anchor();
      await ledger.whenIdle();
      await trail.close();
      return trail.signed()!.root;
    } finally {
      await ledger.close();
    }
  } finally {
    await storage.close();
  }
}
