"use client";

import { useQuery } from "@tanstack/react-query";
import type * as z from "zod/mini";
import { readLedgerStatus } from "@/lib/ledger/api.ts";
import { ask } from "@/lib/wire.ts";

export type LedgerNow = z.infer<typeof readLedgerStatus.answer>;

/** The ledger lines are held against: where it is, whose, and how far; asked again every so many milliseconds. */
export const useLedger = (every?: number) =>
  useQuery({ queryKey: ["ledger"], queryFn: () => ask(readLedgerStatus, {}), refetchInterval: every ?? false });
