import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "./people.ts";

/** Runs the server as the start command does; resolves to how it ended and what it said. */
function run(environment: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const child = spawn("node", ["dist/server.js"], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, NODE_ENV: "production" as const, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  child.stdout.on("data", (piece: Buffer) => (said += piece));
  child.stderr.on("data", (piece: Buffer) => (said += piece));
  return new Promise((resolve) => child.once("exit", (code) => resolve({ code, said })));
}

test("a second start on the same folder is refused with a sentence", async ({ clinic }) => {
  const { code, said } = await run({ DATA_DIR: clinic.folder, PORT: "0" });
  expect(code).toBe(1);
  expect(said).toContain("already running");
});

test("a wrong setting stops the start with a sentence", async () => {
  const { code, said } = await run({ PORT: "eighty" });
  expect(code).toBe(1);
  expect(said).toContain("PORT");
});

test("health tells database, ledger, storage and version; SIGTERM ends cleanly", async ({ clinic }) => {
  const health = (await (await fetch(`${clinic.origin}/api/health`)).json()) as Record<string, unknown>;
  expect(health).toMatchObject({ status: "ok", database: "ok", storage: "ok", ledger: { state: "ok" } });
  expect(health.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(await clinic.stop()).toBe(0);
  await clinic.start();
});

test("every answer carries the security headers, and no page needs anything from elsewhere", async ({
  clinic,
  drOsei,
}) => {
  for (const path of ["/", "/api/health", "/nothing-here", "/api/nothing-here"]) {
    const { headers } = await fetch(clinic.origin + path);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-powered-by")).toBeNull();
  }
  const foreign: string[] = [];
  const violations: string[] = [];
  drOsei.page.on(
    "request",
    (request) =>
      void (
        /^(data|blob):/.test(request.url()) ||
        request.url().startsWith(clinic.origin) ||
        foreign.push(request.url())
      ),
  );
  drOsei.page.on(
    "console",
    (message) => void (message.text().includes("Content Security Policy") && violations.push(message.text())),
  );
  await drOsei.page.goto("/");
  await expect(drOsei.page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(foreign).toEqual([]);
  expect(violations).toEqual([]);
});
