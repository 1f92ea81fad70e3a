"use client";

import { type ComponentProps, useEffect, useRef, useState } from "react";
import { Input } from "@/components/ui/input";

/** What a browser takes a year for that is being typed: `0020` on the way to `2020`. */
const isOnTheWay = (day: string) => day !== "" && day < "1900";

interface DayInputProps extends Omit<ComponentProps<typeof Input>, "type" | "value" | "onChange"> {
  /** `2026-11-24`, or empty. */
  day: string;
  onDay: (day: string) => void;
}

/** A date that can be typed: it is told once its year is whole, and what comes back late disturbs nobody who types on. */
export function DayInput({ day, onDay, ...props }: DayInputProps) {
  const [text, setText] = useState(day);
  const told = useRef(day);
  useEffect(() => {
    if (day === told.current) return;
    told.current = day;
    setText(day);
  }, [day]);
  return (
    <Input
      type="date"
      value={text}
      onChange={({ target: { value } }) => {
        setText(value);
        if (isOnTheWay(value) || value === told.current) return;
        told.current = value;
        onDay(value);
      }}
      {...props}
    />
  );
}
