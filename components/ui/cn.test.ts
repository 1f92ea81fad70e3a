import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { extendTailwindMerge } from "tailwind-merge";
import { expect, test } from "vitest";
import { cn } from "./cn.ts";

const root = join(import.meta.dirname, "../..");

/** All that Tailwind's own merging knows, and our own sizes. */
const whole = extendTailwindMerge({
  extend: {
    theme: {
      text: ["small", "table", "body", "calm", "calm-small", "lead", "title", "calm-title", "display"],
      shadow: ["card", "pop", "sheet"],
      spacing: ["control", "control-calm"],
    },
  },
});

/** What stands between quotes in our screens and is a class to Tailwind, without what says when it holds. */
function classesInUse(): string[] {
  const found = new Set<string>();
  for (const file of globSync("{app,components}/**/*.{ts,tsx}", { cwd: root, exclude: ["components/ui/cn*"] }))
    for (const [, text] of readFileSync(join(root, file), "utf8").matchAll(/["'`]([^"'`\n]+)["'`]/g))
      for (const one of (text ?? "").split(/\s+/)) {
        const bare = one.replace(/^(?:[^:[\]()]*(?:\[[^\]]*\]|\([^)]*\))?[^:[\]()]*:)*/, "").replace(/!$/, "");
        if (/^[@a-z-][^\s${}]*$/.test(bare) && whole(`${bare} ${bare}`) === bare) found.add(bare);
      }
  return [...found].sort();
}

/** One of those that differ in a number, a length or a colour only: they are alike to Tailwind's merging. */
const kinds = (classes: readonly string[]): string[] => [
  ...new Map(
    classes.map((one) => [one.replace(/\d+(?:\.\d+)?/g, "0").replace(/\((?!--)[^)]*\)/g, "()"), one]),
  ).values(),
];

test("of any two classes that our screens use the second takes the first away exactly when Tailwind says so", () => {
  const classes = kinds(classesInUse());
  expect(classes.length).toBeGreaterThan(300);
  const differ: string[] = [];
  for (const one of classes)
    for (const other of classes) {
      const both = `${one} ${other}`;
      if (cn(both) !== whole(both)) differ.push(`${both} → ${cn(both)}, and not ${whole(both)}`);
    }
  expect(differ).toEqual([]);
});

test("only what holds at the same time is weighed", () => {
  expect(cn("p-4 hover:p-2 sm:p-3", "p-5")).toBe("hover:p-2 sm:p-3 p-5");
  expect(cn("max-sm:hover:p-2", "hover:max-sm:p-3")).toBe("hover:max-sm:p-3");
  expect(cn("p-4!", "p-5")).toBe("p-4! p-5");
  expect(cn("text-table/4 leading-5", "text-body")).toBe("text-body");
});
