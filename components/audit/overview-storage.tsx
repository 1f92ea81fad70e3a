import { CircleAlert, CircleCheck, CircleDashed, type LucideIcon, Mail, MailX, TriangleAlert } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Card, CardTitle } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { dayAndClock, daysUntil } from "@/components/ui/times.ts";
import type { Overview } from "@/lib/audit/overview.ts";
import { sizeInWords } from "@/lib/call/files.ts";
import { holdWords } from "./overview-alarms.tsx";
import { storesTold } from "./store-words.ts";

/** Below this part of the disk, or these bytes, there is little room: a visit's files may take 3 GB a side. */
const LITTLE_PART = 0.1;
const LITTLE_BYTES = 6_000_000_000;
/** A check older than this many days is worth another. */
const STALE = 30;

const looks = {
  well: { icon: CircleCheck, tone: "text-success" },
  unknown: { icon: CircleDashed, tone: "text-muted-foreground" },
  warning: { icon: TriangleAlert, tone: "text-warning" },
  danger: { icon: CircleAlert, tone: "text-destructive" },
} as const;

export function StorageAndIntegrity({ overview: { storage, verified, mailFolder, at } }: { overview: Overview }) {
  return (
    <Card className="sm:p-5" aria-labelledby="storage-and-integrity">
      <CardTitle id="storage-and-integrity">Storage and integrity</CardTitle>
      <Room storage={storage} />
      <ul className="mt-4 border-t pt-3">
        {storesTold(storage, new Date(at)).map(({ tone, title, text }) => (
          <Row key={title} {...looks[tone]} title={title}>
            {text}
          </Row>
        ))}
        <Integrity verified={verified} now={new Date(at)} />
        <MailRow folder={mailFolder} />
      </ul>
    </Card>
  );
}

function Room({ storage: { files, free, total } }: { storage: Overview["storage"] }) {
  const used = Math.max(0, total - free);
  const little = free < total * LITTLE_PART || free < LITTLE_BYTES;
  const words = `${sizeInWords(used)} of ${sizeInWords(total)}`;
  return (
    <div className="mt-3">
      <p className="flex justify-between gap-3 text-table">
        <span>Encrypted files</span>
        <span className="figures font-semibold">{sizeInWords(files)}</span>
      </p>
      <p className="mt-2 flex justify-between gap-3 text-table">
        <span>This server’s disk, in use</span>
        <span className="figures font-semibold">{words}</span>
      </p>
      <meter aria-label="This server’s disk, in use" className="sr-only" min={0} max={total} value={used}>
        {words}
      </meter>
      <div aria-hidden="true" className="mt-1.5 h-3 overflow-hidden rounded-full bg-muted">
        <div
          className={cn("h-full", little ? "bg-warning" : "bg-chart-4")}
          style={{ width: `${(used / total) * 100}%` }}
        />
      </div>
      {little ? (
        <p className="mt-2 flex items-start gap-2 text-table">
          <TriangleAlert aria-hidden="true" className="mt-px size-5 shrink-0 text-warning" />
          Little room is left. When the disk is full, nothing new can be kept; make room before that.
        </p>
      ) : null}
    </div>
  );
}

function Integrity({ verified, now }: { verified: Overview["verified"]; now: Date }) {
  if (!verified) {
    return (
      <Row icon={CircleDashed} tone="text-muted-foreground" title="The log was never verified">
        <Link href="/admin/audit" className="underline underline-offset-4">
          Verify all in the audit log
        </Link>
      </Row>
    );
  }
  const { at, by, lines, failed } = verified;
  const stale = failed === 0 && daysUntil(new Date(at), now) < -STALE;
  const icon = failed > 0 ? CircleAlert : stale ? TriangleAlert : CircleCheck;
  const tone = failed > 0 ? "text-destructive" : stale ? "text-warning" : "text-success";
  return (
    <Row icon={icon} tone={tone} title={holdWords(lines, failed)}>
      checked {dayAndClock(new Date(at), now).replace(/^(Today|Yesterday)/, (word) => word.toLowerCase())} in {by}’s
      browser
      {stale ? ". That is a while ago: verify again in the audit log." : ""}
    </Row>
  );
}

function MailRow({ folder }: { folder: string | null }) {
  if (!folder) {
    return (
      <Row icon={Mail} tone="text-muted-foreground" title="Mail leaves this server">
        One to a patient who asked for it, when the doctor is ready and the page is closed.
      </Row>
    );
  }
  return (
    <Row icon={MailX} tone="text-muted-foreground" title="Mail is kept, not sent">
      Each is a file in <span className="font-mono break-all">{folder}</span>. To send it, the server’s operator sets
      SMTP_URL and MAIL_FROM.
    </Row>
  );
}

interface RowProps {
  icon: LucideIcon;
  tone: string;
  title: string;
  children: ReactNode;
}

function Row({ icon: Icon, tone, title, children }: RowProps) {
  return (
    <li className="flex gap-3 border-t py-3 first:border-0 first:pt-0 last:pb-0">
      <Icon aria-hidden="true" className={cn("mt-0.5 size-5 shrink-0", tone)} />
      <div className="min-w-0">
        <p className="font-semibold break-words">{title}</p>
        <p className="text-table text-muted-foreground">{children}</p>
      </div>
    </li>
  );
}
