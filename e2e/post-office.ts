import { createServer } from "node:net";

/** As much of a mail server as one letter needs: what a clinic gives it, and nobody gets. */
export async function openPostOffice(): Promise<{ url: string; letters: string[]; close(): Promise<void> }> {
  const letters: string[] = [];
  const server = createServer((socket) => {
    let letter: string | undefined;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("220 post.example");
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      const text = piece.toString("utf8");
      if (letter !== undefined) {
        letter += text;
        if (!letter.endsWith("\r\n.\r\n")) return;
        letters.push(letter.replaceAll("=\r\n", ""));
        letter = undefined;
        return void say("250 taken");
      }
      if (/^DATA/.test(text)) letter = "";
      say(letter === "" ? "354 go on" : /^QUIT/.test(text) ? "221 bye" : "250 fine");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}`,
    letters,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
