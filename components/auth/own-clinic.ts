"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { readClinic } from "@/lib/auth/api.ts";
import { ask } from "@/lib/wire.ts";

const query = {
  queryKey: ["clinic"],
  queryFn: () => ask(readClinic, {}),
  staleTime: Number.POSITIVE_INFINITY,
};

/** The clinic of the signed-in person. Only inside `StaffGate`; pages outside it have `useClinic`. */
export const useOwnClinic = () => useQuery(query);

/** The same for an act that needs it later. */
export function useFetchClinic() {
  const queries = useQueryClient();
  return useCallback(() => queries.fetchQuery(query), [queries]);
}
