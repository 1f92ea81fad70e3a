"use client";

import { useQuery } from "@tanstack/react-query";
import { readLedgerStatus } from "@/lib/ledger/api.ts";
import { ask } from "@/lib/wire.ts";

/** The ledger lines are held against: where it is, whose, and how far; asked again every so many milliseconds. */
export const useLedger = (every?: number) =>
  useQuery({ queryKey: ["ledger"], queryFn: () => ask(readLedgerStatus, {}), refetchInterval: every ?? false });
