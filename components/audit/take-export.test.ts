import { afterEach, expect, test, vi } from "vitest";
import { takeExport } from "./take-export.ts";

afterEach(() => vi.unstubAllGlobals());

/** A server that sends these pieces, and then ends or breaks off. */
function answers(pieces: string[], items: number, broken = false): void {
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      if (broken) controller.error(new TypeError("network"));
      else controller.close();
    },
  });
  vi.stubGlobal("fetch", async () => new Response(body, { headers: { "x-assent-items": String(items) } }));
}
const take = (format: "csv" | "jsonl", told = (_: number) => {}) =>
  takeExport(format, "/", {}, { signal: new AbortController().signal, told });

test("an export that is whole becomes a file, and its lines are counted on the way", async () => {
  answers(['{"a":1}\n{"b"', ":2}\n", '{"export":2}\n'], 2);
  const seen: number[] = [];
  const { items, file, name } = await take("jsonl", (so) => seen.push(so));
  expect([items, seen, await file.text()]).toEqual([2, [1, 2, 2], '{"a":1}\n{"b":2}\n{"export":2}\n']);
  expect(name).toMatch(/^audit-\d{4}-\d\d-\d\d\.jsonl$/);
});

test("a table's head is none of its lines", async () => {
  answers(["head\r\n1\r\nexport\r\n"], 1);
  expect((await take("csv")).items).toBe(1);
});

test.each([
  ["breaks off", ['{"a":1}\n'], true],
  ["ends before its last line", ['{"a":1}\n{"b":2}\n'], false],
  ["ends within its last line", ['{"a":1}\n{"b":2}\n{"exp'], false],
  ["is nothing at all", [], false],
])("one that %s is no file", async (_, pieces, broken) => {
  answers(pieces, 2, broken);
  await expect(take("jsonl")).rejects.toMatchObject({ code: "server.unreachable" });
});
