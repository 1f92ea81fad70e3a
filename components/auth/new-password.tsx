import { Field } from "@/components/ui/field.tsx";
import { PasswordInput } from "@/components/ui/input.tsx";

interface NewPasswordProps {
  value: string;
  error: string | null | undefined;
  onChange: (event: { target: { value: string } }) => void;
}

/** Where somebody who begins here chooses their password. */
export function NewPassword({ error, ...input }: NewPasswordProps) {
  return (
    <Field
      label="Password"
      hint="At least 12 characters. A short sentence is easy to remember and hard to guess."
      error={error}
    >
      <PasswordInput name="password" autoComplete="new-password" maxLength={128} {...input} />
    </Field>
  );
}
