import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import type { Checked } from "@/lib/audit/verify-file.ts";
import type { Questions } from "./use-evidence.ts";

/** For who knows a witness of the log: its key from the witness itself says what the file's own list of witnesses can't. */
export function WitnessChoice({ unasked, askAbout }: Pick<Checked, "unasked"> & Pick<Questions, "askAbout">) {
  const [key, setKey] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const choose = async (event: FormEvent) => {
    event.preventDefault();
    const known = await askAbout(key.trim());
    setFault(known ? null : "This is not a witness’s key. It looks like name+12345678+letters.");
  };
  return (
    <details>
      <summary className="inline-flex min-h-11 cursor-pointer items-center underline underline-offset-4">
        Ask about a witness you know
      </summary>
      <form className="mt-2 grid gap-3" onSubmit={(event) => void choose(event)}>
        {unasked.length > 0 ? (
          <p className="text-muted-foreground">
            The file names <span className="break-all">{unasked.join(", ")}</span>. Nobody asked about them yet.
          </p>
        ) : null}
        <Field
          label="Key of the witness"
          hint="From the witness itself: a key that came with the file says nothing."
          error={fault}
        >
          <Input
            name="witness-key"
            autoComplete="off"
            className="font-mono"
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
        </Field>
        <div>
          <Button type="submit" variant="outline" disabled={key.trim() === ""}>
            Ask
          </Button>
        </div>
      </form>
    </details>
  );
}
