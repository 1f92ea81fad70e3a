"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";

interface RevokeButtonProps {
  /** The id of the heading that says what would be revoked. */
  what: string;
  className?: string;
  /** The question that takes the button's place; it calls `close` once it was answered. */
  children: (close: () => void) => ReactNode;
}

/** Revoke, which asks before it does anything. */
export function RevokeButton({ what, className, children: question }: RevokeButtonProps) {
  const [asking, setAsking] = useState(false);
  if (asking) return <div className="mt-4">{question(() => setAsking(false))}</div>;
  return (
    <Button
      variant="danger"
      size="calm"
      className={cn("mt-4 w-full", className)}
      aria-describedby={what}
      onClick={() => setAsking(true)}
    >
      Revoke
    </Button>
  );
}
