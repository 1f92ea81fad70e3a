import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openMail } from "./mail.ts";

const letter = { to: "ana@example.org", subject: "Your visit can begin", text: "Open this page" };
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

test("without a mail server each letter is one whole file in a folder that only the server's account reads", async () => {
  const folder = join(await mkdtemp(join(tmpdir(), "assent-mail-")), "mail");
  closers.push(() => rm(folder, { recursive: true, force: true }));
  const mail = openMail({ folder, smtp: null });
  expect(mail).toMatchObject({ sends: false, folder });
  await mail.send(letter);
  const [file, ...others] = await readdir(folder);
  expect([file?.endsWith(".eml"), others]).toEqual([true, []]);
  const text = await readFile(join(folder, file!), "utf8");
  expect(text).toContain("To: ana@example.org\r\n");
  expect(text).toContain("Subject: Your visit can begin\r\n");
  expect([(await stat(folder)).mode & 0o777, (await stat(join(folder, file!))).mode & 0o777]).toEqual([0o700, 0o600]);
});

test("a mail server takes it; one that refuses makes it fail, so that it is tried again", async () => {
  const server = await postOffice();
  const send = (from: string) =>
    openMail({ folder: "", smtp: { url: new URL(`smtp://127.0.0.1:${server.port}`), from } }).send(letter);
  await send("visits@riverside.example");
  expect(server.heard.join("")).toMatch(/MAIL FROM:<visits@riverside.example>[\s\S]*RCPT TO:<ana@example.org>/);
  expect(server.heard.join("")).toContain("Open this page");
  await expect(send("refused@riverside.example")).rejects.toThrow();
});

test("a password never goes to a mail server that offers no encryption", async () => {
  const server = await postOffice();
  const url = new URL(`smtp://me:hush@127.0.0.1:${server.port}`);
  await expect(openMail({ folder: "", smtp: { url, from: "a@b.example" } }).send(letter)).rejects.toThrow();
  expect(server.heard.join("")).not.toMatch(/AUTH|aHVzaA/);
});

/** As much of SMTP as one letter needs. */
async function postOffice(): Promise<{ port: number; heard: string[] }> {
  const heard: string[] = [];
  const serve = (socket: Socket) => {
    let inLetter = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("220 post.example");
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      const text = piece.toString("utf8");
      heard.push(text);
      if (inLetter) {
        inLetter = !text.endsWith("\r\n.\r\n");
        return void (inLetter || say("250 taken"));
      }
      if (/^EHLO/.test(text)) return say("250-post.example\r\n250 AUTH PLAIN");
      if (/^MAIL FROM:<refused/.test(text)) return say("550 no");
      if (/^DATA/.test(text)) {
        inLetter = true;
        return say("354 go on");
      }
      say(/^QUIT/.test(text) ? "221 bye" : "250 fine");
    });
  };
  const server: Server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return { port: (server.address() as { port: number }).port, heard };
}
