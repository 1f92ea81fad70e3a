import { useQuery } from "@tanstack/react-query";
import { readLogStanding } from "@/lib/audit/api.ts";
import { ask } from "@/lib/wire.ts";

export const LOG_KEY = ["audit", "log"];

/** How the log stands, asked again every half a minute. */
export const useLogStanding = () =>
  useQuery({ queryKey: LOG_KEY, queryFn: () => ask(readLogStanding, {}), refetchInterval: 30_000 });
