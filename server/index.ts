import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import next from "next";
import { pino } from "pino";
import { openApp } from "./app.ts";
import { readConfig, root } from "./config.ts";
import { openPacked } from "./packed.ts";
import { FolderInUse } from "./storage/lock.ts";
import { WrongSetting } from "./wrong-setting.ts";

/** Ends with a sentence instead of a stack where a person can do something about it. */
function giveUp(error: unknown): never {
  const sentence =
    error instanceof WrongSetting || error instanceof FolderInUse || isAddressInUse(error)
      ? isAddressInUse(error)
        ? `Something else already listens on port ${(error as { port?: number }).port}. Stop it, or set PORT to another.`
        : (error as Error).message
      : (error as Error).stack;
  process.stderr.write(`\nAssent can’t start. ${sentence}\n`);
  process.exit(1);
}

const isAddressInUse = (error: unknown) => (error as NodeJS.ErrnoException).code === "EADDRINUSE";

async function main(): Promise<void> {
  const dev = process.argv.includes("--dev");
  process.umask(0o077);
  try {
    process.loadEnvFile(join(root, ".env"));
  } catch {
    // No .env: the environment alone.
  }
  const config = readConfig(process.env);
  const log = pino({
    level: config.logLevel,
    redact: [
      "cookie",
      "*.cookie",
      "authorization",
      "*.authorization",
      "token",
      "*.token",
      "secret",
      "*.secret",
      "password",
      "*.password",
      "envelope",
      "*.envelope",
    ],
  });
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };

  const pages = next({ dev, dir: root, hostname: config.host, port: config.port, quiet: !dev });
  const handle = pages.getRequestHandler();
  const answerPacked = openPacked(join(root, ".next", "static"));
  const render = (request: IncomingMessage, response: ServerResponse) => {
    if (dev || !answerPacked(request, response)) void handle(request, response);
  };
  const [app] = await Promise.all([openApp({ config, render, version, dev, log }), pages.prepare()]);

  if (process.env.PUBLIC_URL && config.proxyHops === 0) {
    log.warn("PUBLIC_URL is set and TRUST_PROXY_HOPS is 0: behind a proxy, limits would count everybody as one.");
  }
  let closing = false;
  const close = async (signal: string) => {
    if (closing) return;
    closing = true;
    log.info({ signal }, "closing");
    const deadline = setTimeout(() => process.exit(1), 10_000);
    await app.close();
    clearTimeout(deadline);
    process.exit(0);
  };
  process.on("SIGTERM", () => void close("SIGTERM"));
  process.on("SIGINT", () => void close("SIGINT"));

  app.server.once("error", giveUp);
  app.server.listen(config.port, config.host, () => {
    const address = app.server.address();
    const port = typeof address === "object" && address ? address.port : config.port;
    process.stdout.write(`\nAssent is ready: ${config.origins[0].replace(/:0$/, `:${port}`)}\n`);
  });
}

main().catch(giveUp);
