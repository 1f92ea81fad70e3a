import { afterAll, beforeAll, expect, test } from "vitest";
import { listLines } from "../../lib/audit/api.ts";
import { type Keys, keysFor, newSeed } from "../../lib/keyring/keyring.ts";
import { signOpening } from "../../lib/keyring/opening.ts";
import {
  emptyFolder,
  FOLDER,
  type Folder,
  openFolder,
  readFolder,
  saveFolder,
  sealFolder,
} from "../../lib/records/folder.ts";
import { type Seen, seenOf } from "../../lib/records/seal.ts";
import { Browser, Clinic, drOsei } from "../clinic.fixture.ts";

let clinic: Clinic;
let phone: Browser;
let ana: Keys;
let stranger: Keys;

beforeAll(async () => {
  clinic = await Clinic.open();
  phone = new Browser(clinic.port);
  [ana, stranger] = await Promise.all([keysFor(newSeed(), "folder"), keysFor(newSeed(), "folder")]);
});
afterAll(() => clinic.close());

const visits = ["a".repeat(32), "b".repeat(32)];
const read = async (by: Keys, signer = by.signer, at = new Date()) =>
  phone.ask(readFolder, await signOpening(FOLDER, { ...by, signer }, at));
/** What is kept, which the next save takes the place of. */
const kept = async () => {
  const { folder } = (await read(ana)).value;
  return folder && seenOf(folder);
};
const save = async (folder: Folder, before: Seen | null, by = ana, signer = by.signer) =>
  phone.ask(saveFolder, { signer, ...(await sealFolder(folder, before, by)) });

test("a folder comes back to the key that sealed it, on whatever device, and the server can't read it", async () => {
  expect((await read(ana)).value).toEqual({ folder: null });
  expect((await save({ ...emptyFolder, visits }, null)).value).toEqual({ version: 1 });
  const { folder } = (await read(ana)).value;
  expect(await openFolder(folder!, ana)).toEqual({ ...emptyFolder, visits });
  expect(atob(folder!.sealed)).not.toContain("aaaa");
});

test("who doesn't hold the key is given nothing and changes nothing", async () => {
  expect((await read(stranger, ana.signer)).code).toBe("signature.wrong");
  expect((await save(emptyFolder, await kept(), stranger, ana.signer)).code).toBe("signature.wrong");
  expect((await read(ana, ana.signer, new Date(Date.now() - 600_000))).code).toBe("signature.expired");
  expect((await read(stranger)).value).toEqual({ folder: null });
  expect((await read(ana)).value.folder?.version).toBe(1);
});

test("keys that nothing is kept for read nothing and leave nothing on the trail", async () => {
  const { browser } = await drOsei(clinic);
  const reads = async () => {
    const { lines } = (await browser.ask(listLines, { after: 0 })).value;
    return lines.filter(({ entry }) => entry.action === "folder.read").length;
  };
  const before = await reads();
  expect((await read(await keysFor(newSeed(), "folder"))).value).toEqual({ folder: null });
  expect(await reads()).toBe(before);
});

test("of two devices the slower is told, and nothing is lost", async () => {
  const before = (await kept())!;
  expect((await save(emptyFolder, null)).code).toBe("folder.newer");
  expect((await save(emptyFolder, { ...before, version: 2 })).code).toBe("folder.newer");
  const unseen = { ...before, ciphertext: `0x${"7".repeat(64)}` };
  expect((await save(emptyFolder, unseen)).code).toBe("folder.newer");
  expect((await save({ ...emptyFolder, visits }, before)).status).toBe(200);
  expect((await save(emptyFolder, before)).code).toBe("folder.newer");
  expect((await openFolder((await read(ana)).value.folder!, ana)).visits).toEqual(visits);
});

test("a folder that was changed, renumbered or swapped for another's does not open", async () => {
  const folder = (await read(ana)).value.folder!;
  await expect(openFolder({ ...folder, version: 1 }, ana)).rejects.toThrow("not what was kept");
  await expect(openFolder(await sealFolder(emptyFolder, null, stranger), ana)).rejects.toThrow("not what was kept");
});
