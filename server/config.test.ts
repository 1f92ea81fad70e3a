import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig, root, settingNames, WrongSetting } from "./config.ts";

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
  [{ TRUST_PROXY_HOPS: "-1" }, "TRUST_PROXY_HOPS"],
])("a wrong setting %o stops with a sentence that names it", (environment, name) => {
  expect(() => readConfig(environment)).toThrow(WrongSetting);
  expect(() => readConfig(environment)).toThrow(name);
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
