"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Empty } from "@/components/ui/empty.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { readOwnKeys } from "@/lib/auth/people-api.ts";
import type { KeyCard } from "@/lib/auth/person.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";
import { KeyWords } from "./key-words.tsx";
import { RecoveryKitDialog } from "./recovery-kit.tsx";
import { useMe } from "./staff.tsx";
import { cardHere } from "./staff-keys.ts";

/** How often the page looks whether the key was enrolled, in milliseconds. */
const EVERY = 5_000;

/** No key of the person is good for signing: either this browser's waits, or there is none. */
export function KeyNotEnrolled() {
  const me = useMe();
  const found = useQuery({
    queryKey: ["own-keys"],
    queryFn: async () => ({ keys: (await ask(readOwnKeys, {})).keys, here: await cardHere(me).catch(() => null) }),
  });
  if (found.isError) return <Alert tone="warning" title={wordsFor(found.error)} />;
  if (found.isPending) return <Loading label="Looking for your key" />;
  const { keys, here } = found.data;
  const waiting = keys.find((key) => key.card.signer === here?.signer && !key.enrolledAt && !key.removedAt);
  if (here && waiting) return <KeyWaits card={here} />;
  return (
    <Empty icon={<KeyRound aria-hidden="true" />} title="You have no signing key yet">
      Visits can only be held with one.
    </Empty>
  );
}

/** This browser's key is here, and an admin has to compare its words with the person. The page goes on by itself. */
function KeyWaits({ card }: { card: KeyCard }) {
  const me = useMe();
  const queries = useQueryClient();
  const [kit, showKit] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: ["me"] }), EVERY);
    return () => clearInterval(timer);
  }, [queries]);
  return (
    <Card className="max-w-[40rem]">
      <h1 className="text-title font-bold">Your key waits for the practice</h1>
      <p className="mt-1 text-muted-foreground">
        {me.roles.includes("admin")
          ? "An admin enrols it under People. You are one: compare these words there."
          : "Call an admin of the practice and read these four words to them. If they see the same, they enrol your key."}
      </p>
      <KeyWords card={card} />
      <p className="mt-4 text-table text-muted-foreground">
        Until then you can’t plan visits. This page goes on by itself.
      </p>
      <Button variant="outline" className="mt-4 min-h-11" onClick={() => showKit(true)}>
        Save recovery kit
      </Button>
      <RecoveryKitDialog open={kit} onOpenChange={showKit} />
    </Card>
  );
}
