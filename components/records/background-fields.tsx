"use client";

import { Field } from "@/components/ui/field.tsx";
import { Textarea } from "@/components/ui/textarea.tsx";
import type { Background } from "@/lib/records/background.ts";

const LONGEST = 1_000;

/** What a doctor should know before anything is prescribed, in the patient's own words. */
export function BackgroundFields({ value, onChange }: { value: Background; onChange: (value: Background) => void }) {
  return (
    <>
      <Field calm label="Allergies" optional>
        <Textarea
          name="allergies"
          rows={2}
          maxLength={LONGEST}
          value={value.allergies}
          onChange={(event) => onChange({ ...value, allergies: event.target.value })}
        />
      </Field>
      <Field calm label="Current medicines" optional>
        <Textarea
          name="medicines"
          rows={2}
          maxLength={LONGEST}
          value={value.medicines}
          onChange={(event) => onChange({ ...value, medicines: event.target.value })}
        />
      </Field>
    </>
  );
}

export const saysNothing = ({ allergies, medicines }: Background): boolean => !allergies.trim() && !medicines.trim();
