import type { ReactNode } from "react";
import { cn } from "./cn.ts";
import { Mark } from "./mark.tsx";
import { SkipLink } from "./skip-link.tsx";
import { TextSize } from "./text-size.tsx";

const widths = { text: "max-w-[40rem]", wide: "max-w-[48rem]", page: "max-w-[68rem]" } as const;

interface PatientFrameProps {
  /** Whose page it is; "Assent" until that is known. */
  title: string;
  width?: keyof typeof widths;
  /** Beside Text size: a way to somewhere else, on pages that may be left. */
  aside?: ReactNode;
  /** After the content: a sticky foot. */
  foot?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** One calm column under a header with the practice's name and Text size. */
export function PatientFrame({ title, width = "text", aside, foot, children, className }: PatientFrameProps) {
  return (
    <>
      <SkipLink />
      <header className="border-b bg-card">
        <div className="mx-auto flex max-w-[68rem] items-center justify-between gap-x-3 px-[min(1rem,4vw)] py-2.5 sm:px-6">
          <span className="inline-flex min-w-0 items-center gap-2.5 text-calm leading-tight font-semibold">
            <Mark className="size-[36px]" />
            <span className="min-w-0 break-words">{title}</span>
          </span>
          <span className="flex shrink-0 items-center gap-x-3">
            {aside}
            <TextSize />
          </span>
        </div>
      </header>
      <main
        id="main"
        className={cn("mx-auto px-[min(1rem,4vw)] py-6 text-calm sm:px-6 sm:py-10", widths[width], className)}
      >
        {children}
      </main>
      {foot}
    </>
  );
}

/** Sticks to the bottom where there is height for it and the text is not enlarged; inside, the same column. */
export function StickyFoot({
  label,
  width = "text",
  children,
}: {
  label: string;
  width?: keyof typeof widths;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      className="bottom-0 border-t bg-card pb-[env(safe-area-inset-bottom)] shadow-sheet [@media(min-height:40rem)]:sticky [html[data-text=large]_&]:static!"
    >
      <div className={cn("mx-auto px-[min(1rem,4vw)] py-3 sm:px-6", widths[width])}>{children}</div>
    </section>
  );
}
