import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";

/** The server handed out what was there before; nothing is written over what is missing until somebody says so. */
export function OlderVersion({
  what,
  calm = false,
  className,
  onUse,
}: {
  /** “your notes” */
  what: string;
  calm?: boolean;
  className?: string;
  onUse: () => void;
}) {
  return (
    <Alert calm={calm} tone="warning" className={className} title={`An older version of ${what} came back`}>
      <p>
        This device saw a newer one. The practice may have restored a backup: ask them before you go on, since what was
        added after it is missing here.
      </p>
      <Button variant="outline" size={calm ? "calm" : undefined} className="mt-3" onClick={onUse}>
        Use the older version
      </Button>
    </Alert>
  );
}
