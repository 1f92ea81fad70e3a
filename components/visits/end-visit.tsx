"use client";

import { useMutation } from "@tanstack/react-query";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { wordsFor } from "@/lib/strings/en.ts";
import { endVisit } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";

/** Ends a call from outside of it: nothing is signed, so any of the doctor's devices can. */
export function EndVisit({ visitId, onEnded }: { visitId: string; onEnded: () => void }) {
  const end = useMutation({ mutationFn: () => ask(endVisit, { visitId }), onSettled: onEnded });
  return (
    <>
      <Button variant="danger" className="mt-4 min-h-11" busy={end.isPending} onClick={() => end.mutate()}>
        End visit
      </Button>
      {end.error ? <Alert tone="danger" role="alert" className="mt-3" title={wordsFor(end.error)} /> : null}
    </>
  );
}
