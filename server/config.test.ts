import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig, root, settingNames } from "./config.ts";
import { WrongSetting } from "./wrong-setting.ts";

test("without any setting there is a working default, reachable from this machine only", () => {
  expect(readConfig({})).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    dataDir: join(root, "data"),
    secure: false,
    turn: null,
  });
});

test.each([
  [{ PORT: "http" }, "PORT"],
  [{ PORT: "70000" }, "PORT"],
  [{ PUBLIC_URL: "visits.example.org" }, "PUBLIC_URL"],
  [{ LOG_LEVEL: "loud" }, "LOG_LEVEL"],
  [{ TURN_URLS: "turn:host:3478" }, "TURN_SECRET"],
  [{ TURN_SECRET: "short" }, "TURN_SECRET"],
  [{ TURN_SECRET: "a secret of ours, long enough", TURN_URLS: "relay.example.org:3478" }, "TURN_URLS"],
  [{ TURN_SECRET: "a secret of ours, long enough", TURN_URLS: "turn:relay.example.org?transport=tls" }, "TURN_URLS"],
  [{ TURN_SECRET: "a secret of ours, long enough", TURN_URLS: "turn:me:hush@relay.example.org" }, "TURN_URLS"],
  [{ STUN_URLS: "turn:relay.example.org" }, "STUN_URLS"],
  [{ SMTP_URL: "mail.example.org" }, "SMTP_URL"],
  [{ SMTP_URL: "smtp://mail.example.org" }, "MAIL_FROM"],
  [{ MAIL_FROM: "the practice" }, "MAIL_FROM"],
  [{ TIME_ZONE: "Europe/Nowhere" }, "TIME_ZONE"],
  [{ TRUST_PROXY_HOPS: "-1" }, "TRUST_PROXY_HOPS"],
  [{ RETENTION_YEARS: "5" }, "RETENTION_YEARS"],
  [{ RETENTION_YEARS: "6.5" }, "RETENTION_YEARS"],
  [{ RETENTION_YEARS: "for ever" }, "RETENTION_YEARS"],
  [{ BLOB_STORES: "/srv/files" }, "BLOB_STORES"],
  [{ BLOB_STORES: "file:" }, "BLOB_STORES"],
  [{ BLOB_STORES: "," }, "BLOB_STORES"],
  [{ BLOB_STORES: "file:/srv/files,file:/srv/files/" }, "BLOB_STORES"],
  [{ BLOB_STORES: "1234567890".replace(/./g, "file:/srv/$&,") }, "BLOB_STORES"],
  [{ BLOB_STORES: "s3:https://s3.example.org/blobs" }, "BLOB_STORES"],
  [{ BLOB_STORES: "s3:https://key:hush@s3.example.org" }, "BLOB_STORES"],
  [{ BLOB_STORES: "s3:http://key:hush@s3.example.org/blobs" }, "BLOB_STORES"],
  [{ LEDGER_RPC_URL: "http://node.example" }, "LEDGER_ADDRESS"],
  [{ LEDGER_RPC_URL: "http://node.example", LEDGER_ADDRESS: "0x12" }, "LEDGER_ADDRESS"],
  [{ LEDGER_RELAYER_KEY: "0x12" }, "LEDGER_RELAYER_KEY"],
  [{ LEDGER_CONFIRM_RPC_URL: "http://node.example" }, "LEDGER_CONFIRM_RPC_URL"],
])("a wrong setting %o stops with a sentence that names it", (environment, name) => {
  expect(() => readConfig(environment)).toThrow(WrongSetting);
  expect(() => readConfig(environment)).toThrow(name);
});

test("what is wrong with a secret is said without it", () => {
  for (const [name, value] of [
    ["LEDGER_RPC_URL", "ftp://me:hush@node.example"],
    ["LEDGER_CONFIRM_RPC_URL", "node.example/hush"],
    ["LEDGER_RELAYER_KEY", "hush"],
    ["TURN_SECRET", "hush"],
    ["SMTP_URL", "http://me:hush@mail.example"],
    ["BLOB_STORES", "file:/srv/files,s3:https://me:hush@s3.example.org"],
    ["TURN_URLS", "turn:me:hush@relay.example.org"],
  ])
    expect(() => readConfig({ [name!]: value })).toThrow(/^(?!.*hush)/);
});

test("files are kept in two folders, unless stores are set; a bucket's name says nothing of who signs in", () => {
  const folders = readConfig({ DATA_DIR: "/srv/assent" }).stores;
  expect(folders.map(({ name }) => name)).toEqual(["file:/srv/assent/blobs", "file:/srv/assent/blobs-replica"]);
  const BLOB_STORES = "file:files, s3:https://test%3Aana:hu%2Csh@s3.example.org:8080/blobs?region=eu-1";
  expect(readConfig({ BLOB_STORES }).stores).toEqual([
    { is: "file", name: `file:${join(root, "files")}`, folder: join(root, "files") },
    {
      ...{ is: "s3", name: "s3:https://s3.example.org:8080/blobs", endpoint: "https://s3.example.org:8080" },
      ...{ bucket: "blobs", region: "eu-1", key: "test:ana", secret: "hu,sh" },
    },
  ]);
});

test("relays are several addresses, over UDP, TCP and TLS", () => {
  const urls = [
    "turn:relay.example.org:3478?transport=udp",
    "turn:relay.example.org:3478?transport=tcp",
    "turns:relay.example.org:5349?transport=tcp",
    "turn:[2001:db8::1]:3478",
    "turn:198.51.100.7",
  ];
  const { turn } = readConfig({ TURN_URLS: urls.join(", "), TURN_SECRET: "a secret of ours, long enough" });
  expect(turn?.urls).toEqual(urls);
});

test("an outside ledger is a node and a contract, and its key may stand in a file", () => {
  const address = `0x${"aB".repeat(20)}`;
  const { network } = readConfig({ LEDGER_RPC_URL: "https://node.example/v3/key", LEDGER_ADDRESS: address });
  expect(network).toMatchObject({ address: address.toLowerCase(), relayerKey: null, confirmations: null });
  expect(readConfig({}).network).toBeNull();
});

test("an empty setting is none", () => {
  expect(readConfig({ PORT: "", PUBLIC_URL: "" }).port).toBe(3000);
});

test("links lead to PUBLIC_URL, and https makes cookies Secure", () => {
  const config = readConfig({ PUBLIC_URL: "https://visits.example.org/somewhere" });
  expect(config.origins[0]).toBe("https://visits.example.org");
  expect(config.secure).toBe(true);
});

test(".env.example documents every setting and no other", () => {
  const documented = [...readFileSync(join(root, ".env.example"), "utf8").matchAll(/^([A-Z_]+)=/gm)].map(
    (match) => match[1],
  );
  expect(documented.sort()).toEqual([...settingNames].sort());
});
