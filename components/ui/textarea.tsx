"use client";

import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { controlClass, useWiring } from "./field.tsx";

export function Textarea({ className, rows = 3, ...props }: ComponentProps<"textarea">) {
  const { wired, calm } = useWiring();
  return <textarea rows={rows} className={cn(controlClass(calm), "py-2", className)} {...wired} {...props} />;
}
