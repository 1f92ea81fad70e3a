"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { longWhen } from "@/components/ui/times.ts";
import { type Invited, withdrawInvitation } from "@/lib/auth/people-api.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { useChange } from "./use-change.ts";

/** An invitation that nobody took yet. */
export function InvitationCard({ invitation }: { invitation: Invited }) {
  const { change, dialog } = useChange(["people"]);
  const [asking, setAsking] = useState(false);
  const { id, name, expiresAt } = invitation;
  return (
    <Card className="mt-4" aria-labelledby="invitation">
      <CardTitle id="invitation">{name} is invited</CardTitle>
      <p className="mt-1 text-table text-muted-foreground">
        The link works once, until {longWhen(new Date(expiresAt))}. It was shown when it was made; lost, take it back
        and make another.
      </p>
      {asking ? (
        <QuestionCard
          className="mt-4"
          title="Take this invitation back?"
          yes="Take back"
          no="Keep it"
          failed="The invitation is still open"
          why={wordsFor}
          onYes={async () => void (await change(withdrawInvitation, { invitationId: id }))}
          onNo={() => setAsking(false)}
        >
          Its link opens nothing any more. Nothing else changes.
        </QuestionCard>
      ) : (
        <Button variant="danger" className="mt-4 min-h-11" onClick={() => setAsking(true)}>
          Take back
        </Button>
      )}
      {dialog}
    </Card>
  );
}
