import { randomBytes } from "node:crypto";
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { Chain } from "./chain.ts";
import { expect, seesTheOther, test } from "./people.ts";

/** Every way in which a word may lie somewhere: as text, as wide text, in hex, and at each of base64's three places. */
function formsOf(word: string): Buffer[] {
  const bytes = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [bytes, Buffer.from(word, "utf16le"), ...[bytes.toString("hex"), ...base64].map((text) => Buffer.from(text))];
}

function* filesIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const path = join(folder, name);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) yield path;
  }
}

test("T-OP1: of two hundred words said, written, sent and typed the clinic's operator finds none, wherever they look", {
  tag: "@nightly",
}, async ({ clinic, drOsei, ana }) => {
  test.setTimeout(180_000);
  // Told in the report, so that a word which is found can be looked for.
  const seed = randomBytes(4).toString("hex");
  console.log(`seed ${seed}`);
  let made = 0;
  const plant = (count = 1) =>
    Array.from({ length: count }, () => {
      made += 1;
      return `Kanari${seed}${String(made).padStart(3, "0")}`;
    }).join(" ");
  clinic.settings = { ...clinic.settings, LOG_LEVEL: "debug" };
  await clinic.stop();
  await clinic.start();

  await drOsei.setsUp();
  const link = await drOsei.plans(plant());
  await ana.opens(link, plant());
  await ana.chooses({ prescriptions: "Allow", files: "Allow" });
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);

  await drOsei.opensPanel("Chat");
  await drOsei.page.getByRole("textbox", { name: "Message" }).fill(plant(40));
  await drOsei.page.keyboard.press("Enter");
  await drOsei.prescribes(plant());
  await expect(ana.page.getByText(/Recorded: Prescription/)).toBeAttached();
  await ana.sends(`${plant()}.txt`, Buffer.from(plant(100)));
  await drOsei.page.getByRole("tab", { name: /^Notes/ }).click();
  await drOsei.page.getByRole("textbox", { name: "Notes" }).fill(plant(56));
  await expect(drOsei.page.getByText(/^Saved, /)).toBeVisible();
  const chain = await Chain.of(clinic.origin);
  await expect.poll(async () => (await chain.records()).length).toBeGreaterThanOrEqual(3);
  await drOsei.ends();

  await ana.button("Save recovery kit").click();
  const shown = ana.page.getByRole("list", { name: "Your twelve words" }).getByRole("listitem");
  await expect(shown).toHaveCount(12);
  const kit = (await shown.allInnerTexts()).map((word) => word.replace(/[\d\s]/g, "")).join(" ");
  expect(made).toBeGreaterThanOrEqual(200);
  const secrets = [`Kanari${seed}`, link.split("#")[1]!, kit];
  // The same search finds what is no secret.
  const open = ["Riverside Practice", `:${clinic.port}`, chain.address.slice(2).toLowerCase()];
  const [found, control] = [[], []] as [string[], string[]];
  const look = (place: string, bytes: Buffer) => {
    for (const [words, into] of [
      [secrets, found],
      [open, control],
    ] as const)
      for (const word of words)
        if (formsOf(word).some((form) => bytes.includes(form))) into.push(`${word} in ${place}`);
  };

  for (const piece of clinic.memory()) look("memory", piece);
  const told = JSON.stringify(await chain.everything());
  look("chain", Buffer.from(told + told.toLowerCase()));
  await clinic.stop();
  look("log", Buffer.from(clinic.output));
  for (const path of filesIn(clinic.folder)) look(path.slice(clinic.folder.length).split("/")[1]!, readFileSync(path));
  // A database may fold long values up: what it says itself is looked at, too.
  const copy = await mkdtemp(join(tmpdir(), "assent-operator-"));
  cpSync(join(clinic.folder, "database"), copy, { recursive: true });
  const database = await PGlite.create(copy);
  const ours = "select tablename as name from pg_tables where schemaname = 'public'";
  for (const { name } of (await database.query<{ name: string }>(ours)).rows)
    look("tables", Buffer.from(JSON.stringify((await database.query(`select t::text from "${name}" t`)).rows)));
  await database.close();
  await rm(copy, { recursive: true, force: true });

  expect(found).toEqual([]);
  const [name, port, address] = open;
  for (const place of ["memory", "database", "tables"]) expect(control).toContain(`${name} in ${place}`);
  expect(control).toContain(`${port} in log`);
  expect(control).toContain(`${address} in chain`);
});
