"use client";

import { type CSSProperties, useEffect, useRef, useState } from "react";
import { bring } from "@/components/ui/bring.ts";
import { cn } from "@/components/ui/cn.ts";
import { Spinner } from "@/components/ui/spinner.tsx";
import type { NotDrawn, Pdf } from "@/lib/records/pdf.browser.ts";
import { NotHere } from "./not-here.tsx";

interface PdfPageProps {
  file: Blob;
  name: string;
  page: number;
  zoom: number;
  className: string;
  style: CSSProperties;
  onPages: (pages: number) => void;
}

const words: Record<NotDrawn, string> = {
  "too-large": "This PDF is too large to open here.",
  password: "This PDF asks for a password.",
  broken: "This PDF can’t be shown here.",
};

/** One page of a PDF; the others are not in memory. */
export function PdfPage({ file, name, page, zoom, className, style, onPages }: PdfPageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pdf, setPdf] = useState<Pdf>();
  const [why, setWhy] = useState<NotDrawn>();
  const [drawn, setDrawn] = useState(false);
  const tell = useRef(onPages);
  tell.current = onPages;

  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    bring(() => import("@/lib/records/pdf.browser.ts"), signal)
      .then(({ openPdf }) => openPdf(file, signal))
      .then(
        (found) => {
          if (signal.aborted) return;
          if ("why" in found) return setWhy(found.why);
          setPdf(found);
          tell.current(found.pages);
        },
        () => signal.aborted || setWhy("broken"),
      );
    return () => {
      life.abort();
      setPdf(undefined);
      setWhy(undefined);
    };
  }, [file]);

  // Sharper in steps: it is not drawn anew with each move of a finger.
  const sharpness = zoom > 2 ? 4 : zoom > 1 ? 2 : 1;
  useEffect(() => {
    const on = canvas.current;
    if (!pdf || !on) return;
    const life = new AbortController();
    const wide = Math.max(320, on.clientWidth) * Math.min(2, devicePixelRatio) * sharpness;
    pdf.draw(page, on, wide, life.signal).then(
      () => life.signal.aborted || setDrawn(true),
      () => life.signal.aborted || setWhy("broken"),
    );
    return () => life.abort();
  }, [pdf, page, sharpness]);

  if (why) return <NotHere>{words[why]}</NotHere>;
  return (
    <>
      {drawn ? null : (
        <p role="status" className="absolute inset-0 grid place-content-center text-stage-foreground">
          <Spinner />
          <span className="sr-only">Opening {name}</span>
        </p>
      )}
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${name}, page ${page}`}
        className={cn("object-contain", className)}
        style={style}
      />
    </>
  );
}
