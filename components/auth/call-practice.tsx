import { Phone } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";

interface CallPracticeProps {
  phone: string | null | undefined;
  /** What stands before the number, where the text around it doesn't already say to call. */
  says?: string;
  className?: string;
}

/** A person to talk to, where the practice gave a number. */
export function CallPractice({ phone, says = "The practice:", className }: CallPracticeProps) {
  if (!phone) return null;
  return (
    <p className={cn("flex items-center gap-3 text-calm-small", className)}>
      <Phone aria-hidden="true" className="size-6 shrink-0 text-muted-foreground" />
      <span>
        {says}{" "}
        <a
          href={`tel:${phone.replace(/[^+\d]/g, "")}`}
          className="inline-flex min-h-11 items-center whitespace-nowrap text-primary underline underline-offset-4"
        >
          {phone}
        </a>
      </span>
    </p>
  );
}
