import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { LEAST_YEARS } from "../lib/audit/retained.ts";
import type { Relays } from "./call/turn.ts";
import { ledgerSettings, type NetworkSettings, networkOf } from "./ledger/settings.ts";
import type { SmtpSettings } from "./mail/mail.ts";
import { type StoreSettings, storesOf } from "./storage/store-settings.ts";
import { WrongSetting } from "./wrong-setting.ts";

/** The project's folder: where package.json is, whether this runs from source or from dist. */
export const root = (() => {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return folder;
})();

const list = (text: string) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
const Url = z.url({ protocol: /^https?$/ });
/** A host by name, by IPv4 address or by IPv6 address in brackets, and a port. */
const PLACE = String.raw`(?:\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::\d{1,5})?`;
const helpers = (form: RegExp, example: string) =>
  z
    .string()
    .default("")
    .transform(list)
    .refine((urls) => urls.every((url) => form.test(url)), `must be addresses such as ${example}, separated by commas`);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

/** Every setting, in one place. `.env.example` documents each; `config.test.ts` holds the two to each other. */
const Settings = z.object({
  PORT: z.coerce.number("must be a port number").int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATA_DIR: z
    .string()
    .min(1)
    .default("./data")
    .transform((folder) => resolve(root, folder)),
  BLOB_STORES: z
    .string()
    .transform((text) => storesOf(list(text), root))
    .refine(
      (stores) => stores !== null && stores.length > 0,
      "must be up to nine different stores such as file:/srv/files or s3:https://KEY:SECRET@host/bucket, separated by commas",
    )
    .optional(),
  PUBLIC_URL: Url.optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug"]).default("info"),
  STUN_URLS: helpers(new RegExp(`^stuns?:${PLACE}$`, "i"), "stun:relay.example.org:3478"),
  TURN_URLS: helpers(
    new RegExp(`^(?:turn:${PLACE}(?:\\?transport=(?:udp|tcp))?|turns:${PLACE}(?:\\?transport=tcp)?)$`, "i"),
    "turn:relay.example.org:3478?transport=udp or turns:relay.example.org:5349?transport=tcp",
  ),
  TURN_SECRET: z.string().min(16).optional(),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/, error: "must be an address such as smtp://user:password@mail.example.org:587" })
    .transform((url) => new URL(url))
    .optional(),
  MAIL_FROM: z.email("must be one address, such as visits@example.org").optional(),
  ...ledgerSettings,
  LEDGER_DEADLINE_MINUTES: z.coerce.number().min(0.05).max(60).default(10),
  TIME_ZONE: z
    .string()
    .default(Intl.DateTimeFormat().resolvedOptions().timeZone)
    .refine(isTimeZone, "must be the name of a time zone, such as Europe/Lisbon"),
  RETENTION_YEARS: z.coerce
    .number("must be a whole number of years")
    .int("must be a whole number of years")
    .min(LEAST_YEARS, `must be at least ${LEAST_YEARS}: the law wants the log that long`)
    .max(100, "must be at most 100")
    .default(LEAST_YEARS),
  WITNESS_HOSTS: helpers(new RegExp(`^${PLACE}$`, "i"), "192.168.1.20:3100 or witness.practice.lan"),
  TRUST_PROXY_HOPS: z.coerce.number().int().min(0).max(8).default(0),
});

/** Values that are nobody's to read, whatever is wrong with them. */
const SECRET = new Set([
  "BLOB_STORES",
  "TURN_SECRET",
  "TURN_URLS",
  "SMTP_URL",
  "LEDGER_RPC_URL",
  "LEDGER_CONFIRM_RPC_URL",
  "LEDGER_RELAYER_KEY",
]);

type SettingName = keyof z.input<typeof Settings>;
export const settingNames = Object.keys(Settings.shape) as SettingName[];

export interface Config {
  port: number;
  host: string;
  dataDir: string;
  /** Where files are kept: each in all of them. */
  stores: StoreSettings[];
  /** What people type: the first is where links lead. */
  origins: [string, ...string[]];
  secure: boolean;
  logLevel: string;
  stunUrls: string[];
  turn: Relays | null;
  /** The server that takes our mail; null keeps it in a folder. */
  smtp: SmtpSettings | null;
  proxyHops: number;
  /** How long lines of the log say what they say. */
  retentionYears: number;
  /** Hosts inside our own network that may be asked as witnesses of the log. */
  witnessHosts: readonly string[];
  /** The outside network that holds the ledger; null for the embedded one. */
  network: NetworkSettings | null;
  /** The practice's clock: which hours of it are night, and where its months begin. */
  timeZone: string;
  /** What receipts promise: how long, in minutes, the ledger may take. */
  ledgerDeadlineMinutes: number;
}

/** Reads the environment, on top of `.env` where there is one. Throws `WrongSetting`. */
export function readConfig(environment: Record<string, string | undefined>): Config {
  const set = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => settingNames.includes(name as SettingName) && value !== ""),
  );
  const parsed = Settings.safeParse(set);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0]);
    const value = SECRET.has(name) ? "" : `=${JSON.stringify(set[name])}`;
    throw new WrongSetting(
      `The setting ${name}${value} can’t be used: ${issue?.message}. See .env.example for what it may be.`,
    );
  }
  const s = parsed.data;
  if (s.TURN_URLS.length > 0 && !s.TURN_SECRET)
    throw new WrongSetting(
      "TURN_URLS is set, but TURN_SECRET is not: a relay needs the secret it shares with us. See .env.example.",
    );
  if (s.SMTP_URL && !s.MAIL_FROM)
    throw new WrongSetting(
      "SMTP_URL is set, but MAIL_FROM is not: a mail needs an address that it comes from. See .env.example.",
    );
  const local = [`http://localhost:${s.PORT}`, `http://127.0.0.1:${s.PORT}`];
  const named = s.PUBLIC_URL ? [new URL(s.PUBLIC_URL).origin] : [];
  return {
    port: s.PORT,
    host: s.HOST,
    dataDir: s.DATA_DIR,
    stores: s.BLOB_STORES ?? foldersIn(s.DATA_DIR),
    origins: [...named, ...local] as [string, ...string[]],
    secure: s.PUBLIC_URL?.startsWith("https:") ?? false,
    logLevel: s.LOG_LEVEL,
    stunUrls: s.STUN_URLS,
    turn: s.TURN_URLS.length > 0 && s.TURN_SECRET ? { urls: s.TURN_URLS, secret: s.TURN_SECRET } : null,
    smtp: s.SMTP_URL && s.MAIL_FROM ? { url: s.SMTP_URL, from: s.MAIL_FROM } : null,
    proxyHops: s.TRUST_PROXY_HOPS,
    retentionYears: s.RETENTION_YEARS,
    witnessHosts: s.WITNESS_HOSTS,
    network: networkOf(s, root),
    timeZone: s.TIME_ZONE,
    ledgerDeadlineMinutes: s.LEDGER_DEADLINE_MINUTES,
  };
}

/** Two folders, until somebody says better. */
function foldersIn(dataDir: string): StoreSettings[] {
  return ["blobs", "blobs-replica"].map((name) => {
    const folder = join(dataDir, name);
    return { is: "file", name: `file:${folder}`, folder };
  });
}
