"use client";

import { ArrowLeft, Download, Eye, RotateCw, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { RecordState, type RecordStateName } from "@/components/ui/record-state.tsx";
import { uncapital } from "@/components/ui/text.ts";
import { isPdf, sizeInWords } from "@/lib/call/files.ts";
import { PdfPage } from "./pdf-page.tsx";
import { Picture } from "./picture.tsx";
import { saveCopy } from "./save-copy.ts";
import { plainWords, usePlain } from "./use-plain.ts";
import { useView } from "./use-view.ts";

interface PreviewProps {
  file: { name: string; type: string; blob: Blob };
  /** `From Ana, 14:08`. */
  from?: string | undefined;
  state?: RecordStateName | undefined;
  /** Under which permission it was opened, and who sees that; undefined while that is not noted. */
  looked?: string | undefined;
  /** Which it is of the files that can be looked at, and how to go on to the others. */
  place?: { at: number; of: number; onStep: (by: -1 | 1) => void };
  /** How to leave: "Back to files", "Close". */
  back: string;
  onBack: () => void;
  /** What else can be done with it. */
  beside?: ReactNode;
  /** Patients' size. */
  calm: boolean;
  className?: string;
}

/** Move by an arrow key. */
const FAR = 60;

/** A picture or a PDF to look at closely: larger, turned, page by page. Nothing in it runs, and nothing of it is fetched from anywhere. */
export function Preview({ file, from, state, looked, place, back, onBack, beside, calm, className }: PreviewProps) {
  const { name, type, blob } = file;
  const { view, box, hold, zoomIn, zoomOut, turn, move, reset, atLargest } = useView();
  const [facts, setFacts] = useState<string>();
  const [page, setPage] = useState({ at: 1, of: 1 });
  const plain = usePlain(blob, type);
  const section = useRef<HTMLElement>(null);
  const pdf = isPdf(type);
  useEffect(() => section.current?.focus({ preventScroll: true }), []);

  const goTo = (at: number) => {
    if (at < 1 || at > page.of) return;
    reset();
    setPage({ ...page, at });
  };
  const sideways = (by: -1 | 1) => {
    if (view.zoom > 1) move(-by * FAR, 0);
    else if (pdf && page.of > 1) goTo(page.at + by);
    else place?.onStep(by);
  };
  const keys: Record<string, () => void> = {
    "+": zoomIn,
    "=": zoomIn,
    "-": zoomOut,
    "0": reset,
    r: turn,
    ArrowLeft: () => sideways(-1),
    ArrowRight: () => sideways(1),
    ...(view.zoom > 1 ? { ArrowUp: () => move(0, FAR), ArrowDown: () => move(0, -FAR) } : {}),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const run = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  };

  const small = calm ? "text-calm-small" : "text-table";
  const about = [
    from,
    sizeInWords(blob.size),
    facts,
    plain === undefined ? undefined : uncapital(plainWords[plain ? "plain" : "told"]),
  ];
  const tool = (onClick: () => void, icon: ReactNode, word: string, disabled = false) => (
    <Button
      variant="secondary"
      className="min-h-11 bg-stage-foreground @max-[22rem]:[&>svg]:hidden px-3 text-stage shadow-pop hover:bg-stage-foreground/90 sm:px-4"
      disabled={disabled}
      onClick={onClick}
    >
      {icon}
      {word}
    </Button>
  );
  const style = {
    transform: `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) rotate(${view.turn * 90}deg) scale(${view.zoom})`,
  };
  const inside = cn(
    "absolute top-1/2 left-1/2",
    view.turn % 2 ? "h-[100cqw] w-[100cqh]" : "size-full",
    "motion-safe:transition-transform motion-safe:duration-(--quick)",
  );
  return (
    <section
      ref={section}
      data-preview
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it listens to keys, and what scrolls must be reachable by them
      tabIndex={0}
      aria-label={name}
      onKeyDown={onKeyDown}
      className={cn("flex min-h-0 grow flex-col overflow-auto", calm && "text-calm-small", className)}
    >
      <div className="flex items-center gap-2 border-b px-3 py-2">
        <Button variant="ghost" size={calm ? "default" : "sm"} className="min-h-11" onClick={onBack}>
          <ArrowLeft aria-hidden="true" />
          {back}
        </Button>
        {place ? (
          <p className={cn("ml-auto pr-1 text-muted-foreground figures", small)}>
            {place.at} of {place.of}
          </p>
        ) : null}
      </div>
      <figure className="@container flex grow flex-col">
        <div className="relative flex min-h-[17rem] grow flex-col lg:min-h-[22rem]">
          <div
            ref={box}
            {...hold}
            className={cn(
              "relative grow overflow-hidden bg-stage select-none [container-type:size]",
              view.zoom > 1 ? "cursor-grab touch-none active:cursor-grabbing" : "touch-pan-y",
            )}
          >
            {pdf ? (
              <PdfPage
                file={blob}
                name={name}
                page={page.at}
                zoom={view.zoom}
                className={inside}
                style={style}
                onPages={(of) => {
                  setPage({ at: 1, of });
                  setFacts(of === 1 ? "1 page" : `${of} pages`);
                }}
              />
            ) : (
              <Picture file={blob} name={name} className={inside} style={style} onSize={setFacts} />
            )}
          </div>
          <div className="absolute inset-x-0 bottom-0 flex flex-wrap justify-center gap-2 p-3">
            {tool(zoomIn, <ZoomIn aria-hidden="true" />, "Zoom in", atLargest)}
            {tool(zoomOut, <ZoomOut aria-hidden="true" />, "Zoom out", view.zoom <= 1)}
            {tool(turn, <RotateCw aria-hidden="true" />, "Turn")}
          </div>
        </div>
        {pdf && page.of > 1 ? (
          <div className="flex flex-wrap items-center justify-between gap-2 border-b px-3 py-2">
            <Button
              variant="outline"
              className="min-h-11 gap-1"
              disabled={page.at === 1}
              onClick={() => goTo(page.at - 1)}
            >
              Previous<span className="@max-[22rem]:sr-only"> page</span>
            </Button>
            <p role="status" className={cn("figures", small)}>
              Page {page.at} of {page.of}
            </p>
            <Button
              variant="outline"
              className="min-h-11 gap-1"
              disabled={page.at === page.of}
              onClick={() => goTo(page.at + 1)}
            >
              Next<span className="@max-[22rem]:sr-only"> page</span>
            </Button>
          </div>
        ) : null}
        <figcaption className="grid gap-2 p-4">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p className="min-w-0 font-semibold break-words">{name}</p>
            {state ? <RecordState state={state} className={calm ? "text-calm-small" : undefined} /> : null}
          </div>
          <p className={cn("text-muted-foreground", small)}>{about.filter(Boolean).join(" · ")}</p>
          {looked ? (
            <Alert className="p-3" icon={<Eye aria-hidden="true" />} calm={calm}>
              {looked}
            </Alert>
          ) : null}
          <div className="flex flex-wrap gap-2">
            <Button
              variant="outline"
              size={calm ? "calm" : "default"}
              className={calm ? "px-4 text-calm-small" : "min-h-11"}
              onClick={() => saveCopy(blob, name)}
            >
              <Download aria-hidden="true" />
              Save a copy
            </Button>
            {beside}
          </div>
        </figcaption>
      </figure>
    </section>
  );
}
