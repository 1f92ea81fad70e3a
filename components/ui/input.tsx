"use client";

import { type ComponentProps, useState } from "react";
import { Button } from "./button.tsx";
import { cn } from "./cn.ts";
import { controlClass, useWiring } from "./field.tsx";

export function Input({ className, type = "text", ...props }: ComponentProps<"input">) {
  const { wired, calm } = useWiring();
  return <input type={type} className={cn(controlClass(calm), className)} {...wired} {...props} />;
}

export function PasswordInput({ className, ...props }: ComponentProps<"input">) {
  const { wired, calm } = useWiring();
  const [shown, show] = useState(false);
  return (
    <div className="relative flex gap-2">
      <input
        type={shown ? "text" : "password"}
        autoCapitalize="none"
        spellCheck={false}
        className={cn(controlClass(calm), className)}
        {...wired}
        {...props}
      />
      <Button
        variant="outline"
        size={calm ? "calm" : "default"}
        aria-pressed={shown}
        aria-controls={wired.id}
        onClick={() => show(!shown)}
      >
        Show
      </Button>
    </div>
  );
}
