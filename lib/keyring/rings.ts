import type { KeyCard } from "../auth/person.ts";
import { type Fitting, isFitting } from "./fitting.ts";
import { ageIdentity, type Keys, keysFor, newSeed } from "./keyring.ts";
import { type Opening, signOpening } from "./opening.ts";
import { isDevice, type Purpose } from "./owners.ts";
import {
  type Locker,
  lockerOf,
  openByPassphrase,
  openLocker,
  own,
  type PasskeyWay,
  sealByPassphrase,
  sealLocker,
  type Vault,
  type Way,
} from "./ways.ts";

/** `kept` is false where the browser keeps nothing: then the seed lasts as long as the page. */
export interface RingState {
  is: "none" | "open" | "locked";
  kept: boolean;
  ways: Way["is"][];
}

export type Restored = "opened" | "another" | "in-the-way";

/** The keyring is there, but has to be opened first. */
export class Locked extends Error {
  override readonly name = "Locked";
}

export type Rings = ReturnType<typeof openRings>;

/** An opened ring is closed after this long without being used, where it does not open by itself. */
const IDLE_MS = 15 * 60_000;
/** Tries before one has to wait. */
const FREE_TRIES = 5;

/**
 * The keyrings of this browser's people. It runs in a worker: seeds are read, made and used here, and what leaves are cards,
 * signatures, opened envelopes and, for the paper, words. Nothing is kept of what opens a ring.
 */
export function openRings(
  vault: Vault,
  options: { onLocked?: () => void; wait?: (ms: number) => Promise<void>; idleMs?: number } = {},
) {
  const wait = options.wait ?? ((ms: number) => new Promise((resolve) => setTimeout(resolve, ms)));
  const seeds = new Map<string, Uint8Array>();
  /** Of browsers that keep nothing. */
  const unkept = new Set<string>();
  const keys = new Map<string, Promise<Keys>>();
  let wrong = 0;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let busy = false;

  const hold = (owner: string, seed: Uint8Array) => {
    if (!same(seeds.get(owner), seed))
      for (const key of keys.keys()) if (key.startsWith(`${owner}\n`)) keys.delete(key);
    seeds.set(owner, seed);
  };
  const used = () => {
    clearTimeout(idle);
    idle = setTimeout(() => void lock(), options.idleMs ?? IDLE_MS);
  };
  /** Null where there is none; throws `Locked`. */
  const seedOf = async (owner: string): Promise<Uint8Array | null> => {
    used();
    const open = seeds.get(owner);
    if (open) return open;
    const ways = await vault.read(owner).catch(() => null);
    if (!ways) return null;
    const device = ways.find((way) => way.is === "device");
    if (!device) throw new Locked("this keyring is locked");
    const seed = await vault.unwrap(owner, device);
    hold(owner, seed);
    return seed;
  };
  const keysOf = async (owner: string, purpose: Purpose): Promise<Keys | null> => {
    const seed = await seedOf(owner);
    if (!seed) return null;
    const which = `${owner}\n${purpose}`;
    const found = keys.get(which) ?? keysFor(seed, purpose);
    keys.set(which, found);
    return found;
  };
  const must = async (owner: string, purpose: Purpose): Promise<Keys> => {
    const found = await keysOf(owner, purpose);
    if (!found) throw new Error("There is no keyring here.");
    return found;
  };
  const keep = async (owner: string, seed: Uint8Array): Promise<void> => {
    hold(owner, seed);
    unkept.delete(owner);
    await vault
      .wrap(owner, seed)
      .then((way) => vault.write(owner, [way]))
      .catch(() => unkept.add(owner));
  };
  const waysOf = async (owner: string) => (await vault.read(owner).catch(() => null)) ?? [];
  const opened = async (owner: string): Promise<Uint8Array> => {
    const seed = await seedOf(owner);
    if (!seed || unkept.has(owner)) throw new Error("There is no keyring here that could be kept.");
    return seed;
  };
  /** What is here, when something else is to be taken: one that is locked gives way without being opened. */
  const givingWay = (owner: string, replacing: boolean) =>
    seedOf(owner).catch((fault) => {
      if (fault instanceof Locked && replacing) return null;
      throw fault;
    });
  const addWay = (owner: string, way: Way) =>
    vault.alone(async () =>
      vault.write(owner, [...(await waysOf(owner)).filter((one) => one.is !== way.is || way.is === "passkey"), way]),
    );
  /** What opens it now is tried; a wrong one costs more and more time. */
  const tried = async <T>(work: () => Promise<T>): Promise<T> => {
    if (wrong >= FREE_TRIES) await wait(Math.min(60_000, 1_000 * 2 ** (wrong - FREE_TRIES)));
    try {
      const done = await work();
      wrong = 0;
      return done;
    } catch (fault) {
      wrong += 1;
      throw fault;
    }
  };

  /** Forgets what is open, but for rings which open by themselves and for those that are nowhere else. */
  async function lock(): Promise<void> {
    if (busy) return used();
    let any = false;
    for (const owner of [...seeds.keys()]) {
      const ways = await waysOf(owner);
      if (unkept.has(owner) || ways.length === 0 || ways.some(({ is }) => is === "device")) continue;
      seeds.delete(owner);
      for (const key of keys.keys()) if (key.startsWith(`${owner}\n`)) keys.delete(key);
      any = true;
    }
    if (any) options.onLocked?.();
  }

  return {
    async state(owner: string): Promise<RingState> {
      const ways = (await waysOf(owner)).map(({ is }) => is);
      const open = seeds.has(owner) || ways.includes("device");
      const is = open ? "open" : ways.length > 0 ? "locked" : "none";
      return { is, kept: ways.length > 0, ways };
    },

    /** The card of these keys, of a new seed where there was none. Two pages agree on one. */
    async make(owner: string, purpose: Purpose): Promise<{ card: KeyCard; isNew: boolean }> {
      return vault.alone(async () => {
        const there = await seedOf(owner);
        if (!there) await keep(owner, newSeed());
        return { card: (await must(owner, purpose)).card, isNew: !there };
      });
    },
    /** Null where this browser has none. */
    card: async (owner: string, purpose: Purpose): Promise<KeyCard | null> =>
      (await keysOf(owner, purpose))?.card ?? null,
    sign: async (owner: string, purpose: Purpose, digest: string): Promise<string> =>
      (await must(owner, purpose)).sign(digest),
    open: async (owner: string, purpose: Purpose, file: Uint8Array): Promise<Uint8Array> =>
      (await must(owner, purpose)).open(file),

    /**
     * What opens the envelopes of these purposes with the `age` command, for who leaves: an identity file, itself sealed by a
     * passphrase. Its text stays in here.
     */
    async identities(owner: string, purposes: readonly Purpose[], passphrase: string): Promise<Uint8Array> {
      const seed = await seedOf(owner);
      if (!seed) throw new Error("There is no keyring here.");
      const lines = await Promise.all(
        purposes.map(async (purpose) => `# ${purpose}\n${await ageIdentity(seed, purpose)}\n`),
      );
      return sealByPassphrase(passphrase, new TextEncoder().encode(lines.join("")));
    },

    /** The twelve words, for paper. */
    async words(owner: string): Promise<string[] | null> {
      if (isDevice(owner)) return null;
      const seed = await seedOf(owner);
      return seed && (await import("./words.ts")).wordsOf(seed);
    },
    /** What a kit's keys sign to be given what is kept under them, before the kit is taken. */
    async openingBy(words: readonly string[], purpose: Purpose, what: string): Promise<Opening> {
      const keys = await keysFor((await import("./words.ts")).seedOf(words), purpose);
      return signOpening(what, keys, new Date());
    },
    /** Takes a kit when it makes this signer for this purpose, or any good one for null. Another seed that is here gives way only when `replacing`. */
    async restore(
      owner: string,
      words: readonly string[],
      fits: Fitting | null,
      replacing: boolean,
    ): Promise<Restored> {
      const seed = (await import("./words.ts")).seedOf(words);
      if (!(await isFitting(seed, fits))) return "another";
      return vault.alone(async () => {
        const here = await givingWay(owner, replacing);
        if (here && !replacing && !same(here, seed)) return "in-the-way";
        if (!same(here, seed) || (await waysOf(owner)).length === 0) await keep(owner, seed);
        return "opened";
      });
    },
    /** What was made before its owner was known is theirs from now on. */
    async move(from: string, to: string): Promise<void> {
      const seed = await seedOf(from);
      if (!seed) return;
      await keep(to, seed);
      seeds.delete(from);
      await vault.forget(from).catch(() => {});
    },
    async forget(owner: string): Promise<void> {
      seeds.delete(owner);
      unkept.delete(owner);
      for (const key of keys.keys()) if (key.startsWith(`${owner}\n`)) keys.delete(key);
      await vault.forget(owner);
    },

    /** A passphrase opens it from now on too. */
    async addPassphrase(owner: string, text: string): Promise<void> {
      const seed = await opened(owner);
      await addWay(owner, { is: "passphrase", file: own(await sealByPassphrase(text, seed)) });
    },
    /** What a passkey opens, for the server to keep. `secret` is its PRF's 32 bytes. */
    sealFor: async (owner: string, secret: Uint8Array): Promise<Locker> => sealLocker(secret, await opened(owner)),
    /** A passkey opens it from now on too, here and, by the copy that is kept, wherever the passkey is. */
    addPasskey: (owner: string, credential: Uint8Array, { id, sealed }: Locker): Promise<void> =>
      addWay(owner, { is: "passkey", credential: own(credential), locker: id, sealed }),
    /** With which passkeys it can be opened here. */
    passkeys: async (owner: string): Promise<Uint8Array[]> =>
      (await waysOf(owner)).flatMap((way) => (way.is === "passkey" ? [way.credential] : [])),
    /** Where the server keeps what its passkeys open. */
    lockers: async (owner: string): Promise<string[]> =>
      (await waysOf(owner)).flatMap((way) => (way.is === "passkey" ? [way.locker] : [])),
    /** Takes a way away; at least one stays. */
    async removeWay(owner: string, is: Way["is"]): Promise<void> {
      await opened(owner);
      await vault.alone(async () => {
        const left = (await waysOf(owner)).filter((way) => way.is !== is);
        if (left.length === 0) throw new Error("One way to open it must stay.");
        await vault.write(owner, left);
      });
    },
    /** Whether it opens by itself on this device. */
    async openByItself(owner: string, yes: boolean): Promise<void> {
      const seed = await opened(owner);
      await vault.alone(async () => {
        const others = (await waysOf(owner)).filter((way) => way.is !== "device");
        if (!yes && others.length === 0) throw new Error("Nothing else would open it.");
        await vault.write(owner, yes ? [await vault.wrap(owner, seed), ...others] : others);
      });
    },
    /** False when it is not the passphrase. */
    unlockWithPassphrase(owner: string, text: string): Promise<boolean> {
      return tried(async () => {
        const way = (await waysOf(owner)).find((one) => one.is === "passphrase");
        if (!way) throw new Error("It has no passphrase.");
        hold(owner, await openByPassphrase(text, way.file));
        used();
        return true;
      }).catch(() => false);
    },
    /** False when it is not one of its passkeys. */
    unlockWithPasskey(owner: string, secret: Uint8Array): Promise<boolean> {
      return tried(async () => {
        const { id } = await lockerOf(secret);
        const way = (await waysOf(owner)).find((one) => one.is === "passkey" && one.locker === id);
        hold(owner, await openLocker(secret, (way as PasskeyWay | undefined)?.sealed ?? ""));
        used();
        return true;
      }).catch(() => false);
    },
    /** Where the server keeps what this passkey opens. */
    lockerOf: async (secret: Uint8Array): Promise<string> => (await lockerOf(secret)).id,
    /** On a new device: what the locker holds becomes the owner's ring here, if it fits. */
    async restoreFromLocker(
      owner: string,
      about: { credential: Uint8Array; secret: Uint8Array; sealed: string },
      fits: Fitting | null,
      replacing: boolean,
    ): Promise<Restored> {
      const seed = await openLocker(about.secret, about.sealed).catch(() => null);
      if (!seed || !(await isFitting(seed, fits))) return "another";
      const { id } = await lockerOf(about.secret);
      return vault.alone(async () => {
        const here = await givingWay(owner, replacing);
        if (here && !replacing && !same(here, seed)) return "in-the-way";
        if (!same(here ?? undefined, seed)) await keep(owner, seed);
        if (!unkept.has(owner)) {
          const way = { is: "passkey", credential: own(about.credential), locker: id, sealed: about.sealed } as const;
          await vault.write(owner, [...(await waysOf(owner)), way]);
        }
        return "opened";
      });
    },
    lock,
    /** While something goes on that must be able to sign. */
    stayOpen(yes: boolean): void {
      busy = yes;
      used();
    },
  };
}

const same = (one: Uint8Array | null | undefined, other: Uint8Array): boolean =>
  one?.length === other.length && one.every((byte, at) => byte === other[at]);
