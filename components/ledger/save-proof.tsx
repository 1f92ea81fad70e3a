import { FileDown } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { saveFile } from "@/components/ui/save-file.ts";

/** Saves what an alarm is about as a file, and says under which name, and what to do with it. */
export function SaveProof({
  what,
  name,
  content,
  next,
  calm,
}: {
  what: string;
  name: string;
  content: () => unknown;
  next?: string;
  calm: boolean;
}) {
  const [saved, setSaved] = useState(false);
  const save = () => {
    saveFile(new Blob([JSON.stringify(content(), null, 2)], { type: "application/json" }), name);
    setSaved(true);
  };
  return (
    <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button variant="outline" size={calm ? "calm" : "default"} className={calm ? "px-4" : "min-h-11"} onClick={save}>
        <FileDown aria-hidden="true" />
        {what}
      </Button>
      {saved && (
        <p role="status" className="min-w-0 break-words">
          Saved as {name}. {next}
        </p>
      )}
    </div>
  );
}
