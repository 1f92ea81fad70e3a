"use client";

import { Button } from "@/components/ui/button";
import { Logo } from "@/components/ui/logo";

export default function PageBroke({ reset }: { error: Error; reset: () => void }) {
  return (
    <main id="main" className="mx-auto max-w-[40rem] px-[min(1rem,4vw)] py-10 sm:px-6">
      <Logo />
      <h1 className="mt-8 text-calm-title font-bold">This page stopped working</h1>
      <p className="mt-2 text-calm text-muted-foreground">
        Something went wrong on our side. What was already saved is safe. Try again; if it happens once more, reload the
        page.
      </p>
      <Button size="calm" className="mt-6" onClick={reset}>
        Try again
      </Button>
    </main>
  );
}
