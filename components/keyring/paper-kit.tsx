"use client";

import { Mark } from "@/components/ui/mark.tsx";
import { PrintPage } from "@/components/ui/print-page.tsx";
import { Qr } from "@/components/ui/qr.tsx";
import { fullDay } from "@/components/ui/times.ts";
import { kitCode } from "./kit-code.ts";
import type { Opens } from "./kit-dialog.tsx";

const said = {
  records: {
    title: "This page opens your records",
    brings: "If your phone is lost or broken, it brings everything back on another one.",
    where: "Open",
    at: "/records",
  },
  visits: {
    title: "This page opens a doctor’s visits",
    brings: "If the device is lost or broken, it opens them on another one, which then gets a signing key of its own.",
    where: "Sign in on the new device at",
    at: "",
  },
} as const satisfies Record<Opens, object>;

/** What goes on paper while the kit is open. */
export function PaperKit({ opens, words }: { opens: Opens; words: readonly string[] }) {
  const { title, brings, where, at } = said[opens];
  return (
    <PrintPage>
      <header className="flex items-start justify-between gap-4 border-b-2 border-current pb-4">
        <p className="flex items-center gap-3 text-[1.25rem] font-bold">
          <Mark />
          Assent
        </p>
        <div className="text-right text-table">
          <p className="font-semibold">Recovery kit</p>
          <p>{fullDay(new Date())}</p>
          <p>Keep it like a passport</p>
        </div>
      </header>
      <h1 className="mt-7 text-[2rem] leading-tight font-bold">{title}</h1>
      <p className="mt-2 text-[1.125rem]">
        {brings} Whoever has this page can do the same, so keep it out of sight. There is no other copy.
      </p>
      {opens === "records" ? (
        <section className="mt-6 flex items-center gap-8 rounded-lg border-2 border-current p-6">
          <Qr text={kitCode(words)} label="Recovery kit as a QR code" className="size-44 shrink-0 border-0" />
          <div>
            <h2 className="text-[1.25rem] font-bold">With a camera</h2>
            <ol className="mt-2 grid gap-1.5">
              <li>
                1. Open <span className="font-mono break-all">{globalThis.location?.host}/records</span>
              </li>
              <li>2. Choose “Scan the page”</li>
              <li>3. Point the camera here</li>
            </ol>
          </div>
        </section>
      ) : null}
      <section className="mt-6 rounded-lg border-2 border-current p-6">
        <h2 className="text-[1.25rem] font-bold">
          {opens === "records" ? "Without a camera: twelve words, in this order" : "Twelve words, in this order"}
        </h2>
        <ol className="mt-3 grid grid-cols-3 gap-x-8">
          {words.map((word, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, its place does not
            <li key={at} className="flex items-baseline gap-3 border-b border-[oklch(0.8_0.01_212)] py-2">
              <span className="w-6 text-right text-table">{at + 1}</span>
              <span className="text-[1.25rem] font-bold">{word}</span>
            </li>
          ))}
        </ol>
        <p className="mt-4">
          {where} <span className="font-mono break-all">{globalThis.location?.host + at}</span>; it asks for them where
          the key is missing.
        </p>
      </section>
      <p className="mt-6">
        <strong>Nobody will ask for it.</strong> Not the practice, not a pharmacy, not us. If someone does, hang up.
      </p>
      <footer className="mt-10 border-t border-[oklch(0.8_0.01_212)] pt-3 text-small">
        Made in the browser; it was never sent to us. Page 1 of 1.
      </footer>
    </PrintPage>
  );
}
