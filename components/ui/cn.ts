import { type ClassValue, clsx } from "clsx";
import { extendTailwindMerge } from "tailwind-merge";

/** Knows our own sizes, so that `text-body` (a size) and `text-foreground` (a colour) may stand together. */
const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ["small", "table", "body", "calm", "calm-small", "lead", "title", "calm-title", "display"],
      shadow: ["card", "pop", "sheet"],
      spacing: ["control", "control-calm"],
    },
  },
});

export const cn = (...classes: ClassValue[]): string => merge(clsx(classes));
