"use client";

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Alert } from "./alert.tsx";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";

interface QuestionCardProps {
  title: ReactNode;
  level?: 2 | 3;
  /** What the yes means. */
  children: ReactNode;
  yes: string;
  no: string;
  /** How it still is when the yes did not go through. */
  failed: string;
  /** Why, in words. */
  why: (fault: unknown) => string;
  /** Patients' size. */
  calm?: boolean;
  className?: string;
  onYes: () => Promise<void>;
  onNo: () => void;
}

/**
 * A question before something that ends, in the place it concerns rather than over the page. Takes the focus and gives it
 * back; Escape is its no. After the yes it stays busy until whoever asked puts it away.
 */
export function QuestionCard(props: QuestionCardProps) {
  const { calm = false, level = 2, onNo } = props;
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);

  const go = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await props.onYes();
    } catch (why) {
      setFault(why);
      setBusy(false);
    }
  };

  const Title = level === 2 ? "h2" : "h3";
  const look = calm ? ({ size: "calm" } as const) : { className: "min-h-11" };
  const yes = (
    <Button variant={calm ? "danger" : "stop"} {...look} busy={busy} onClick={go}>
      {props.yes}
    </Button>
  );
  const no = (
    <Button variant="outline" {...look} disabled={busy} onClick={onNo}>
      {props.no}
    </Button>
  );
  return (
    <div
      ref={box}
      role="alertdialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || busy) return;
        event.stopPropagation();
        onNo();
      }}
      className={cn(
        "rounded-xl border-2 border-destructive bg-card text-card-foreground outline-none",
        calm ? "p-[min(1.25rem,4vw)] text-calm" : "p-4",
        props.className,
      )}
    >
      <Title id={`${id}-title`} className={calm ? "flex gap-3 text-calm font-bold" : "text-[1.125rem] font-semibold"}>
        {props.title}
      </Title>
      <div id={`${id}-text`} className={calm ? "mt-2 grid gap-1.5" : "mt-1 text-table text-muted-foreground"}>
        {props.children}
      </div>
      {fault ? (
        <Alert calm={calm} tone="danger" role="alert" className={calm ? "mt-4" : "mt-3"} title={props.failed}>
          {props.why(fault)}
        </Alert>
      ) : null}
      {calm ? (
        <div className="@container mt-4">
          <div className="grid gap-3 @min-[18rem]:grid-cols-2">
            {yes}
            {no}
          </div>
        </div>
      ) : (
        <div className="mt-3 grid grid-cols-2 gap-2">
          {no}
          {yes}
        </div>
      )}
    </div>
  );
}
