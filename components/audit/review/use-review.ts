import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "@/components/ui/toaster";
import { isVisit, type Review, readReview, readWaiting, type Step, takeStep } from "@/lib/audit/review.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";

const keyOf = (about: string) => ["audit", "review", about];

/** The review of a session or a finding. Each look is on the trail. */
export const useReview = (about: string) =>
  useQuery({
    queryKey: keyOf(about),
    queryFn: () => ask(readReview, { about }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Goes one step on from `version`. Refused or done: what stands there now is what is shown. */
export function useStep(about: string, onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ version, step }: { version: number; step: Step }) => ask(takeStep, { about, version, step }),
    onSuccess: (review: Review) => {
      queries.setQueryData(keyOf(about), review);
      onDone?.();
    },
    onError: (error) => {
      void queries.invalidateQueries({ queryKey: keyOf(about) });
      // What another admin did may take it off this list, and its own words with it.
      if (error instanceof Refusal && error.code === "review.newer") toast(wordsFor(error));
    },
    onSettled: () => {
      for (const list of ["findings", "reviews", "waiting"])
        void queries.invalidateQueries({ queryKey: ["audit", list] });
      // The session's page shows the step's line.
      if (isVisit(about)) void queries.invalidateQueries({ queryKey: ["audit", "session", about] });
    },
  });
}

/** How much waits for this admin: counts alone, so they may be asked for all day. */
export const useWaiting = () =>
  useQuery({ queryKey: ["audit", "waiting"], queryFn: () => ask(readWaiting, {}), refetchInterval: 30_000 });
