import type { ReactNode } from "react";

/** What stands beside a form: an icon square, a heading and a sentence each. */
export function Point({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-4">
      <span className="grid size-11 shrink-0 place-items-center rounded-lg bg-card text-primary [&>svg]:size-6">
        {icon}
      </span>
      <div className="min-w-0">
        <h3 className="font-semibold">{title}</h3>
        <p className="text-secondary-foreground">{children}</p>
      </div>
    </li>
  );
}

/** Beside a form that makes keys: what its button does, as `Point`s. */
export function WhatHappens({ children }: { children: ReactNode }) {
  return (
    <aside className="flex bg-secondary px-4 py-8 sm:px-10 lg:px-14 lg:py-10" aria-label="What happens now">
      <div className="mx-auto my-auto max-w-[27rem]">
        <h2 className="text-lead font-semibold">What happens when you press the button</h2>
        <ol className="mt-5 grid gap-5">{children}</ol>
      </div>
    </aside>
  );
}

/** A form left, what it means right; one below the other on a phone. */
export function FormPage({ aside, children }: { aside: ReactNode; children: ReactNode }) {
  return (
    <main
      id="main"
      className="grid min-h-dvh grid-cols-[minmax(0,1fr)] max-lg:content-between lg:grid-cols-[1.05fr_0.95fr]"
    >
      <div className="px-4 py-6 sm:px-10 lg:px-16 lg:py-10">{children}</div>
      {aside}
    </main>
  );
}
