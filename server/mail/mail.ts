import { randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransport } from "nodemailer";

/** Where mail leaves: a server's address with its user and password, and who it is from. */
export interface SmtpSettings {
  url: URL;
  from: string;
}

export interface Letter {
  to: string;
  subject: string;
  text: string;
}

export interface Mail {
  /** True when letters leave this machine; otherwise they lie in `folder`, one `.eml` file each. */
  readonly sends: boolean;
  readonly folder: string | null;
  /** Resolves once the mail server has taken it, or the file is whole; throws otherwise. */
  send(letter: Letter): Promise<void>;
}

const DEADLINE_MS = 15_000;

export function openMail({ folder, smtp }: { folder: string; smtp: SmtpSettings | null }): Mail {
  return smtp ? overSmtp(smtp) : intoFolder(folder);
}

function overSmtp({ url, from }: SmtpSettings): Mail {
  const transport = createTransport({
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port ? Number(url.port) : url.protocol === "smtps:" ? 465 : 587,
    secure: url.protocol === "smtps:",
    // A password never goes over an open line.
    requireTLS: url.password !== "",
    ...(url.username
      ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }
      : {}),
    connectionTimeout: DEADLINE_MS,
    greetingTimeout: DEADLINE_MS,
    socketTimeout: DEADLINE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    sends: true,
    folder: null,
    async send(letter) {
      await transport.sendMail({ from, ...letter });
    },
  };
}

function intoFolder(folder: string): Mail {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "windows" });
  return {
    sends: false,
    folder,
    async send(letter) {
      const { message } = await transport.sendMail({ from: "assent@localhost", ...letter });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${new Date().toISOString().replace(/[:.]/g, "-")}-${randomUUID().slice(0, 8)}.eml`;
      const half = join(folder, `.${name}`);
      await writeFile(half, message as Buffer, { mode: 0o600 });
      await rename(half, join(folder, name));
    },
  };
}
