"use client";

import { Check } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./cn.ts";

interface ChoiceGroupProps<V extends string> {
  name: string;
  title: string;
  description?: ReactNode;
  icon?: ReactNode;
  /** In the order of the page; all weigh the same. A single one stands beside its title. */
  options: readonly { value: V; label: string }[];
  value: V | null;
  onChange: (value: V) => void;
  disabled?: boolean;
  className?: string;
}

/** Native radios in a labelled group: three columns where there is room, else stacked; a tick in the corner of the chosen one. */
export function ChoiceGroup<V extends string>({
  name,
  title,
  description,
  icon,
  options,
  value,
  onChange,
  disabled,
  className,
}: ChoiceGroupProps<V>) {
  const id = useId();
  const heading = (
    <div className="flex gap-3 [&>svg]:mt-0.5 [&>svg]:size-7 [&>svg]:shrink-0 [&>svg]:text-primary">
      {icon}
      <div>
        <h2 id={`${id}-title`} className="font-semibold text-calm">
          {title}
        </h2>
        {description ? (
          <p id={`${id}-text`} className="text-calm-small text-muted-foreground">
            {description}
          </p>
        ) : null}
      </div>
    </div>
  );
  const choices = options.map((option) => (
    <label
      key={option.value}
      className="relative flex min-h-control-calm cursor-pointer items-center justify-center rounded-lg border-2 border-input px-1 py-1.5 text-center text-calm-small leading-tight transition-colors duration-(--quick) hover:bg-accent has-checked:border-primary has-checked:bg-accent has-checked:font-semibold has-checked:text-accent-foreground has-disabled:cursor-not-allowed has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-ring"
    >
      <input
        type="radio"
        name={name}
        value={option.value}
        checked={value === option.value}
        disabled={disabled}
        onChange={() => onChange(option.value)}
        className="peer sr-only"
      />
      <span>{option.label}</span>
      <span className="absolute -right-2 -top-2.5 hidden size-6 place-items-center rounded-full bg-primary text-primary-foreground ring-2 ring-card peer-checked:grid">
        <Check aria-hidden="true" className="size-4" strokeWidth={3} />
      </span>
    </label>
  ));
  return (
    <fieldset
      aria-labelledby={`${id}-title`}
      aria-describedby={description ? `${id}-text` : undefined}
      className={cn("@container min-w-0 border-t py-5 first:border-0 first:pt-0 last:pb-0", className)}
    >
      {options.length === 1 ? (
        <div className="grid items-center gap-3 @min-[18rem]:grid-cols-[minmax(0,1fr)_7.25rem]">
          {heading}
          {choices}
        </div>
      ) : (
        <>
          {heading}
          <div className="mt-3 grid gap-2 @min-[18rem]:grid-cols-3">{choices}</div>
        </>
      )}
    </fieldset>
  );
}
