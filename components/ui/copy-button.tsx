"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, type ButtonProps } from "./button.tsx";

interface CopyButtonProps extends Omit<ButtonProps, "onClick" | "children"> {
  text: string;
  /** The button's name: "Copy link". */
  label: string;
  /** What is said once it is copied: "Link copied". */
  done: string;
}

/** Its name stays the same; the icon changes for a moment and a status line says so. */
export function CopyButton({ text, label, done, ...props }: CopyButtonProps) {
  const [said, say] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => say(""), 6_000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () =>
    say((await copied(text)) ? done : "Your browser didn’t let us copy it. Please copy it by hand.");
  return (
    <>
      <Button onClick={copy} {...props}>
        {said === done ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        {label}
      </Button>
      <span role="status" className={said ? "self-center text-table text-muted-foreground" : "sr-only"}>
        {said}
      </span>
    </>
  );
}

/** The clipboard, or the older way where a page is not allowed to use it. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
