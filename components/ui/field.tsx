"use client";

import { CircleAlert } from "lucide-react";
import { type ComponentProps, createContext, type ReactNode, useContext, useId } from "react";
import { cn } from "./cn.ts";

interface Wiring {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
  calm: boolean;
}

const FieldContext = createContext<Wiring | null>(null);

interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** What is wrong and how to put it right; null or undefined when nothing is. */
  error?: string | null | undefined;
  optional?: boolean;
  /** Patients' size. */
  calm?: boolean;
  className?: string;
  /** An `Input`, `PasswordInput`, `Textarea` or `Select`: they take their id and description from here. */
  children: ReactNode;
}

/** Label above, the error between label and control, hint below; nothing is marked by colour alone. */
export function Field({ label, hint, error, optional, calm = false, className, children }: FieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const optionalId = `${id}-optional`;
  const described = [error && errorId, hint && hintId, optional && optionalId].filter(Boolean).join(" ");
  const describedBy = described || undefined;
  return (
    <div data-slot="field" className={cn("grid min-w-0 gap-1.5 content-start", className)}>
      <p className={calm ? "text-calm" : "text-body"}>
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        {optional ? (
          <span id={optionalId} className="text-muted-foreground">
            {" (optional)"}
          </span>
        ) : null}
      </p>
      {error ? (
        <p
          id={errorId}
          className={cn("flex items-start gap-1.5 font-semibold text-destructive", calm && "text-calm-small")}
        >
          <CircleAlert aria-hidden="true" className="mt-0.5 size-5 shrink-0" />
          {error}
        </p>
      ) : null}
      <FieldContext value={{ id, describedBy, invalid: Boolean(error), calm }}>{children}</FieldContext>
      {hint ? (
        <p id={hintId} className={cn("text-muted-foreground", calm ? "text-calm-small" : "text-small")}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}

/** For a native control of another kind: spread `wired` on it. */
export function useWiring(): {
  wired: Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid">;
  calm: boolean;
} {
  const field = useContext(FieldContext);
  if (!field) return { wired: {}, calm: false };
  return {
    wired: { id: field.id, "aria-describedby": field.describedBy, "aria-invalid": field.invalid || undefined },
    calm: field.calm,
  };
}

export const controlClass = (calm: boolean) =>
  cn(
    "w-full min-w-0 rounded-md border border-input bg-card text-foreground px-3.5 placeholder:text-muted-foreground aria-invalid:border-2 aria-invalid:border-destructive",
    calm ? "min-h-control-calm text-calm rounded-lg px-4" : "min-h-control text-body max-sm:min-h-11",
  );

/** Call after a failed submit has been rendered: the first wrong field of the form takes the focus. */
export function focusFirstWrong(form: HTMLElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}
