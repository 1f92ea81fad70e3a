"use client";

import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import type { Promises } from "./use-promises.ts";

/** For who does not want to take the clinic's word even for what the ledger says. */
export function NodeChoice({ calm, promises }: { calm: boolean; promises: Pick<Promises, "node" | "chooseNode"> }) {
  const [address, setAddress] = useState(promises.node ?? "");
  const [fault, setFault] = useState<string | null>(null);
  const size = calm ? "calm" : "default";
  const choose = (event: FormEvent) => {
    event.preventDefault();
    if (!isAddress(address)) return setFault("This must begin with https://, or http:// for this computer.");
    setFault(null);
    promises.chooseNode(address);
  };
  return (
    <details>
      <summary className="inline-flex min-h-11 cursor-pointer items-center underline underline-offset-4">
        {promises.node
          ? "You look through a computer of your choice"
          : calm
            ? "Look through another computer"
            : "Use another node"}
      </summary>
      <form className="mt-2 grid gap-3" onSubmit={choose}>
        <Field
          calm={calm}
          label="Address of a node"
          hint="We look at the ledger through the practice’s server unless you name another."
          error={fault}
        >
          <Input name="node" inputMode="url" value={address} onChange={(event) => setAddress(event.target.value)} />
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="outline" size={size}>
            Look there
          </Button>
          {promises.node && (
            <Button type="button" variant="ghost" size={size} onClick={() => promises.chooseNode(null)}>
              Look through the practice again
            </Button>
          )}
        </div>
      </form>
    </details>
  );
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && (hostname === "localhost" || hostname === "127.0.0.1"));
}
