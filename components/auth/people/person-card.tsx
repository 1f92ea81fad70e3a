"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { enrolKey, removeKey, removePerson, type StaffMember } from "@/lib/auth/people-api.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { AnotherDevice } from "./another-device.tsx";
import { KeyList } from "./key-list.tsx";
import { Roles } from "./roles.tsx";
import { useChange } from "./use-change.ts";

/** What signs for somebody, what they may do, and their way out. */
export function PersonCard({ person }: { person: StaffMember }) {
  const { change, dialog } = useChange(["people"], ["me"]);
  const [asking, setAsking] = useState(false);
  const { id, name, keys, removedAt } = person;
  return (
    <section aria-labelledby="keys" className="mt-5 overflow-hidden rounded-xl border bg-card shadow-card">
      <div className="flex flex-wrap items-center justify-between gap-3 border-b px-4 py-4 sm:px-5">
        <div className="min-w-0 grow basis-64">
          <h2 id="keys" className="text-[1.125rem] font-semibold">
            {name}’s keys
          </h2>
          <p className="text-table text-muted-foreground">
            {keys.length > 0
              ? "Made in their browsers and enrolled on the ledger. They sign with these, and nobody else can."
              : "There are none. Only who sees patients needs one."}
          </p>
        </div>
        {removedAt || !person.roles.includes("clinician") ? null : <AnotherDevice name={name} />}
      </div>
      <KeyList
        keys={keys}
        ask={`Call ${name} on a number you know, and ask for the four words on their screen.`}
        onEnrol={({ card }) => change(enrolKey, { signer: card.signer, by: null })}
        onRemove={({ card }, why) => change(removeKey, { signer: card.signer, why })}
      />
      {removedAt ? null : (
        <>
          <Roles person={person} change={change} />
          <div className="bg-muted px-4 py-3 sm:px-5">
            {asking ? (
              <QuestionCard
                title={`Remove ${name}?`}
                yes="Remove"
                no="Keep"
                failed={`${name} still works here`}
                why={wordsFor}
                onYes={async () => {
                  await change(removePerson, { personId: id });
                  setAsking(false);
                }}
                onNo={() => setAsking(false)}
              >
                They are signed out everywhere, their open visits end, and nothing they sign counts from now on. What
                they recorded stays, with their name.
              </QuestionCard>
            ) : (
              <div className="flex flex-wrap items-center justify-between gap-3">
                <p className="text-table text-muted-foreground">
                  Leaving the practice? All keys are removed at once; what they signed stays.
                </p>
                <Button variant="danger" className="min-h-11" onClick={() => setAsking(true)}>
                  Remove {name}
                </Button>
              </div>
            )}
          </div>
        </>
      )}
      {dialog}
    </section>
  );
}
