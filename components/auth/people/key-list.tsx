import type { StaffKey, WhyRemoved } from "@/lib/auth/people-api.ts";
import { KeyRow } from "./key-row.tsx";
import { isEnrolled } from "./words.ts";

interface KeyListProps {
  keys: readonly StaffKey[];
  /** The signer of this browser's own. */
  here?: string | undefined;
  /** How whoever looks comes by the four words of a key that waits. */
  ask: string;
  /** Null where whoever looks can't. */
  onEnrol: ((key: StaffKey) => Promise<unknown>) | null;
  onRemove: (key: StaffKey, why: WhyRemoved) => Promise<unknown>;
}

/** Somebody's keys, one a browser. */
export function KeyList({ keys, here, ask, onEnrol, onRemove }: KeyListProps) {
  return (
    <ul>
      {keys.map((key) => (
        <KeyRow
          key={key.card.signer}
          staffKey={key}
          here={key.card.signer === here}
          others={keys.filter((other) => isEnrolled(other) && other !== key).length}
          ask={ask}
          onEnrol={onEnrol && (() => onEnrol(key))}
          onRemove={(why) => onRemove(key, why)}
        />
      ))}
    </ul>
  );
}
