"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Hourglass } from "lucide-react";
import { useId } from "react";
import { Alert } from "@/components/ui/alert";
import { Select } from "@/components/ui/select";
import { wordsFor } from "@/lib/strings/en.ts";
import { readEstimate, setEstimate } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";

const choices = [5, 10, 15, 20, 30, 45, 60];

/** What those who wait are told: by default their place alone. */
export function Estimate() {
  const id = useId();
  const queries = useQueryClient();
  const queryKey = ["estimate"];
  const known = useQuery({ queryKey, queryFn: () => ask(readEstimate, {}) });
  const change = useMutation({
    mutationFn: (minutes: number | null) => ask(setEstimate, { minutes }),
    onMutate: (minutes) => queries.setQueryData(queryKey, { minutes }),
    onError: () => queries.invalidateQueries({ queryKey }),
  });
  if (!known.data) return null;
  const { minutes } = known.data;
  const offered = minutes === null || choices.includes(minutes) ? choices : [...choices, minutes].sort((a, b) => a - b);
  return (
    <>
      <p className="mt-2 flex flex-wrap items-center gap-x-2 gap-y-1 text-table text-muted-foreground">
        <Hourglass aria-hidden="true" className="size-4 shrink-0" />
        <label htmlFor={id}>Tell those who wait how long a visit takes</label>
        <Select
          id={id}
          className="min-h-9 w-auto py-0 text-table"
          value={minutes ?? ""}
          onChange={(event) => change.mutate(event.target.value === "" ? null : Number(event.target.value))}
        >
          <option value="">nothing</option>
          {offered.map((one) => (
            <option key={one} value={one}>
              {one} minutes
            </option>
          ))}
        </Select>
      </p>
      {change.error ? <Alert tone="warning" role="alert" title={wordsFor(change.error)} className="mt-2" /> : null}
    </>
  );
}
