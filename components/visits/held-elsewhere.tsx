"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useKeys } from "@/components/auth/staff";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { wordsFor } from "@/lib/strings/en.ts";
import { holdVisit, type VisitView } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";

/** A visit is held with the key that the patient's permission names: another browser of the doctor can look, not sign. */
export const useHeldHere = (visit: VisitView): boolean => visit.clinician.key.signer === useKeys().signer;

/** On another device of the doctor: until the patient gave permission this one can take over. */
export function HeldElsewhere({ visit, className }: { visit: VisitView; className?: string }) {
  const keys = useKeys();
  const queries = useQueryClient();
  const take = useMutation({
    mutationFn: () => ask(holdVisit, { visitId: visit.id, signer: keys.signer }),
    onSuccess: (moved) => {
      queries.setQueryData(["visit", visit.id], moved);
      void queries.invalidateQueries({ queryKey: ["visits"] });
    },
  });
  const { device, enrolled } = visit.heldOn;
  if (visit.state === "planned") {
    return (
      <Alert tone="info" role="none" className={className} title={`This visit will be held on ${device}`}>
        <p>
          {enrolled
            ? "The patient’s permission will be for that device. You can hold it here instead."
            : "That device’s key was removed, so the patient can’t give permission. Hold the visit here instead."}
        </p>
        <Button className="mt-3 min-h-11" variant="outline" busy={take.isPending} onClick={() => take.mutate()}>
          Hold it on this device
        </Button>
        {take.error ? <Alert tone="danger" role="alert" className="mt-3" title={wordsFor(take.error)} /> : null}
      </Alert>
    );
  }
  return (
    <Alert
      tone="warning"
      role="none"
      className={className}
      title={enrolled ? `This visit is held on ${device}` : `This visit was held on ${device}, whose key was removed`}
    >
      {enrolled
        ? "The patient gave permission to that device. Go on there."
        : "The patient gave permission to that device, so it can’t go on. End it, and send a link to a new visit."}
    </Alert>
  );
}
