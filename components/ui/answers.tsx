import { Check, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";

/** Which answer is on its way. */
export type Sending = "no" | "yes" | undefined;

interface AnswersProps {
  no: string;
  yes: string;
  sending: Sending;
  /** There is nothing yet, or nothing genuine, to say yes to. */
  onlyNo?: boolean;
  /** Both answers weigh the same, or the yes is what was asked for. */
  equal?: boolean;
  onAnswer: (yes: boolean) => void;
  /** What either answer means, in a sentence. */
  children: ReactNode;
}

/** The two answers to a question that one person puts to another, the no first. */
export function Answers({ no, yes, sending, onlyNo = false, equal = false, onAnswer, children }: AnswersProps) {
  return (
    <>
      <div className="grid gap-3 @min-[16rem]:grid-cols-2">
        <Button
          variant="outline"
          size="calm"
          busy={sending === "no"}
          disabled={sending === "yes"}
          onClick={() => onAnswer(false)}
        >
          {sending === "no" ? null : <X aria-hidden="true" />}
          {no}
        </Button>
        <Button
          variant={equal ? "outline" : "default"}
          size="calm"
          busy={sending === "yes"}
          disabled={onlyNo || sending === "no"}
          onClick={() => onAnswer(true)}
        >
          {sending === "yes" ? null : <Check aria-hidden="true" />}
          {yes}
        </Button>
      </div>
      <p className="mt-2 text-center text-calm-small text-muted-foreground">{children}</p>
    </>
  );
}
