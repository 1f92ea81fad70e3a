import { Phone } from "lucide-react";
import { cn } from "@/components/ui/cn.ts";

/** A person to talk to, where the practice gave a number. */
export function CallPractice({ phone, className }: { phone: string | null | undefined; className?: string }) {
  if (!phone) return null;
  return (
    <p className={cn("flex items-center gap-3 text-calm-small", className)}>
      <Phone aria-hidden="true" className="size-6 shrink-0 text-muted-foreground" />
      <span>
        Trouble? Call the practice:{" "}
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
