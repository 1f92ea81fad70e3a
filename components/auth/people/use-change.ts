"use client";

import { useQueryClient } from "@tanstack/react-query";
import type * as z from "zod/mini";
import { ask, type Endpoint } from "@/lib/wire.ts";
import { useConfirmed } from "../confirm.tsx";

/** A change about people: with the password where it is asked for, and what may have changed is read again whatever came of it. */
export function useChange(...queryKeys: string[][]) {
  const queries = useQueryClient();
  const { confirmed, dialog } = useConfirmed();
  const change = async <In extends z.ZodMiniType, Out extends z.ZodMiniType>(
    e: Endpoint<In, Out>,
    input: z.input<In>,
  ) => {
    try {
      return await confirmed(() => ask(e, input));
    } finally {
      for (const queryKey of queryKeys) void queries.invalidateQueries({ queryKey });
    }
  };
  return { change, dialog };
}
