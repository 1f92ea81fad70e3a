"use client";

import { ALargeSmall, Check } from "lucide-react";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

const sizes = [100, 125, 150, 200] as const;
type Size = (typeof sizes)[number];
const KEY = "assent-text-size";

const useBeforePaint = typeof window === "undefined" ? useEffect : useLayoutEffect;

/** The reader's text size, for every length on the page is in rem. Remembered in this browser. */
export function TextSize({ className }: { className?: string }) {
  const id = useId();
  const [size, setSize] = useState<Size>(100);
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);

  useBeforePaint(() => {
    const kept = Number(read());
    const known = sizes.find((one) => one === kept) ?? 100;
    setSize(known);
    apply(known);
    return () => apply(100);
  }, []);

  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    document.addEventListener("focusin", away);
    return () => {
      document.removeEventListener("pointerdown", away);
      document.removeEventListener("focusin", away);
    };
  }, [open]);

  const choose = (chosen: Size) => {
    setSize(chosen);
    apply(chosen);
    write(String(chosen));
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes what stands open inside
    <div
      ref={box}
      className={cn("relative", className)}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        setOpen(false);
        box.current?.querySelector("button")?.focus();
      }}
    >
      <Button
        variant="ghost"
        size="icon"
        className="size-12 text-[1.5rem] max-sm:size-12"
        aria-label="Text size"
        title="Text size"
        aria-expanded={open}
        aria-controls={`${id}-sizes`}
        onClick={() => setOpen(!open)}
      >
        <ALargeSmall aria-hidden="true" />
      </Button>
      <fieldset
        id={`${id}-sizes`}
        hidden={!open}
        className="absolute top-full right-0 z-30 mt-1 w-max min-w-48 rounded-lg border bg-popover p-1.5 text-popover-foreground shadow-pop"
      >
        <legend className="sr-only">Text size</legend>
        {sizes.map((one) => (
          <label
            key={one}
            className="flex min-h-12 cursor-pointer items-center gap-3 rounded-md px-3 text-calm-small hover:bg-accent has-checked:font-semibold has-focus-visible:outline-3 has-focus-visible:outline-ring"
          >
            <input
              type="radio"
              name={`${id}-size`}
              checked={size === one}
              onChange={() => choose(one)}
              className="peer sr-only"
            />
            {one} %
            <Check aria-hidden="true" className="ml-auto hidden size-6 peer-checked:block" />
          </label>
        ))}
      </fieldset>
    </div>
  );
}

/** `data-text="large"` on the root from 150 %: sticky feet stop sticking there. */
function apply(size: Size): void {
  const root = document.documentElement;
  root.style.fontSize = size === 100 ? "" : `${size}%`;
  if (size === 100) delete root.dataset.text;
  else root.dataset.text = size >= 150 ? "large" : "larger";
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // a browser that keeps nothing
  }
}

function write(value: string): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // a browser that keeps nothing: the size holds until the page is left
  }
}
