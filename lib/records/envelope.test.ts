import { beforeAll, expect, test, vi } from "vitest";
import { type Keys, newSeed, patientKeys } from "../keyring/keyring.ts";
import type { Content } from "./content.ts";
import { openRecord, sealRecord } from "./envelope.ts";

const visitId = "a".repeat(32);
const content: Content = { kind: "session-end", at: "2026-11-23T09:00:00.000Z" };
let ana: Keys;
beforeAll(async () => {
  ana = await patientKeys(newSeed(), visitId);
});
const seal = () => sealRecord({ visitId, content, recipients: [ana.recipient] });

test("T-K1: of ten thousand envelopes of the same content no two have a line, a body or a commitment in common", async () => {
  const seen = new Set<string>();
  for (let made = 0; made < 10_000; made += 1) {
    const { envelope, commitment } = await seal();
    const file = atob(envelope);
    const body = file.slice(file.indexOf("\n---"));
    const share = file.slice(0, file.length - body.length).split("\n-> X25519 ")[1]!;
    for (const part of [commitment, ...share.split("\n"), body.slice(0, 60), body.slice(-60)]) seen.add(part);
  }
  expect(seen.size).toBe(10_000 * 5);
}, 60_000);

test("T-K1: where the browser has no chance left, nothing is sealed", async () => {
  const broken = vi.spyOn(crypto, "getRandomValues").mockImplementation(() => {
    throw new Error("no entropy");
  });
  try {
    await expect(seal()).rejects.toThrow("no entropy");
    broken.mockRestore();
    const again = await seal();
    expect(await openRecord({ ...again, visitId, keys: ana })).toEqual(content);
  } finally {
    broken.mockRestore();
  }
});

test("T-H6: a file's name that another program sealed is cleaned where it is opened, and its commitment holds", async () => {
  const zeros = `0x${"0".repeat(64)}`;
  const bad = "../arm\u202egpj.exe";
  const file: Content = {
    ...{ kind: "file-share", name: bad, type: "image/jpeg", size: 1, sha256: zeros, blob: zeros },
    key: `AGE-SECRET-KEY-1${"Q".repeat(58)}`,
  };
  const sealed = await sealRecord({ visitId, content: file, recipients: [ana.recipient] });
  expect(await openRecord({ ...sealed, visitId, keys: ana })).toEqual({ ...file, name: "_armgpj.exe" });
});
