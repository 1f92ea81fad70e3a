import { Check, CircleDot, Hand } from "lucide-react";
import type { ReactNode } from "react";
import { RevokeButton } from "@/components/consent/revoke-button.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Card } from "@/components/ui/card.tsx";
import { RecordState } from "@/components/ui/record-state.tsx";
import { clock } from "@/components/ui/times.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";

interface GivenCardProps {
  id: string;
  /** Who was given it. */
  to: string;
  /** Where, and from which visit. */
  about: string;
  state: ConsentView["state"];
  consent: ConsentView;
  /** `Fact`s. */
  facts: ReactNode;
  /** What is asked before it is revoked; `close` puts the question away. */
  question: (close: () => void) => ReactNode;
}

/** A permission that was given: to whom, what for, how it stands, and Revoke while it is in force. */
export function GivenCard({ id, to, about, state, consent, facts, question }: GivenCardProps) {
  return (
    <Card calm aria-labelledby={id}>
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h2 id={id} className="text-lead font-semibold">
          {to}
        </h2>
        <Standing state={state} />
      </div>
      <p className="text-calm-small text-muted-foreground">{about}</p>
      <div className="@container mt-3">
        <dl className="grid gap-x-8 @min-[30rem]:grid-cols-2">{facts}</dl>
      </div>
      <p className="mt-3 flex flex-wrap items-center justify-between gap-2 text-calm-small">
        {consent.revokedAt ? "Taken back by you" : `Signed by you, ${clock(new Date(consent.grantedAt))}`}
        <RecordState state={consent.revocation ?? consent.ledger} className="text-calm-small" />
      </p>
      {state === "live" ? (
        <RevokeButton what={id} className="sm:w-auto sm:min-w-48">
          {question}
        </RevokeButton>
      ) : null}
    </Card>
  );
}

export function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex justify-between gap-3 border-t py-2 text-calm-small">
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="text-right font-semibold">{value}</dd>
    </div>
  );
}

const standings = {
  live: { tone: "success", icon: CircleDot, word: "Active" },
  ended: { tone: "quiet", icon: Check, word: "Ended" },
  revoked: { tone: "warning", icon: Hand, word: "Revoked" },
} as const;

function Standing({ state }: { state: ConsentView["state"] }) {
  const { tone, icon: Icon, word } = standings[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" />
      {word}
    </Badge>
  );
}
