import type { Choice, Choices } from "@/lib/consent/grant.ts";

/** The words of the choices, the same wherever they are asked or shown. */
export const choiceWords = {
  allow: "Allow",
  ask: "Ask me each time",
  deny: "Don't allow",
} as const satisfies Record<Choice, string>;

/** What someone chose, as they read it again. */
export function ChosenLines({ choices }: { choices: Choices }) {
  const lines = [
    ["Video session", choices.video],
    ["Prescriptions", choices.prescriptions],
    ["Files", choices.files],
  ] as const;
  return (
    <dl className="mt-2 grid gap-1.5">
      {lines.map(([name, choice]) => (
        <div key={name} className="flex flex-wrap justify-between gap-x-4">
          <dt className="text-muted-foreground">{name}</dt>
          <dd className="font-semibold">{choiceWords[choice]}</dd>
        </div>
      ))}
    </dl>
  );
}
