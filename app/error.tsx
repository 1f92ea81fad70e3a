"use client";

import { Mark } from "@/components/ui/mark";

/** Every page carries this, so it makes do without our button and without the word as it is drawn. */
export default function PageBroke({ reset }: { error: Error; reset: () => void }) {
  return (
    <main id="main" className="mx-auto max-w-[40rem] px-[min(1rem,4vw)] py-10 sm:px-6">
      <p className="flex items-center gap-2.5 text-lead font-bold">
        <Mark />
        Assent
      </p>
      <h1 className="mt-8 text-calm-title font-bold">This page stopped working</h1>
      <p className="mt-2 text-calm text-muted-foreground">
        Something went wrong on our side. What was already saved is safe. Try again; if it happens once more, reload the
        page.
      </p>
      <button
        type="button"
        className="mt-6 min-h-control-calm cursor-pointer rounded-lg bg-primary px-6 py-2 text-calm font-semibold text-primary-foreground hover:bg-primary/90"
        onClick={reset}
      >
        Try again
      </button>
    </main>
  );
}
