import { BellRing, CalendarDays, Check, Eye, Hand, ShieldAlert, Video, X } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { VisitView } from "@/lib/visits/api.ts";

/** Where a visit stands, in one word and its icon. */
export function VisitBadge({ visit }: { visit: VisitView }) {
  if (visit.state === "waiting") {
    return (
      <Badge tone="attention">
        <BellRing aria-hidden="true" />
        Waiting
      </Badge>
    );
  }
  if (visit.state === "in-call") {
    return (
      <Badge tone="success">
        <Video aria-hidden="true" />
        In call
      </Badge>
    );
  }
  if (visit.state === "over") return <Ended visit={visit} />;
  if (visit.openedAt) {
    return (
      <Badge tone="info">
        <Eye aria-hidden="true" />
        Link opened
      </Badge>
    );
  }
  return (
    <Badge>
      <CalendarDays aria-hidden="true" />
      Planned
    </Badge>
  );
}

function Ended({ visit }: { visit: VisitView }) {
  if (visit.end === "revoked") {
    return (
      <Badge tone="warning">
        <Hand aria-hidden="true" />
        Revoked
      </Badge>
    );
  }
  if (visit.end === "not-private") {
    return (
      <Badge tone="danger">
        <ShieldAlert aria-hidden="true" />
        Not private
      </Badge>
    );
  }
  if (visit.end === "declined") {
    return (
      <Badge>
        <X aria-hidden="true" />
        Declined
      </Badge>
    );
  }
  return (
    <Badge>
      <Check aria-hidden="true" />
      Over
    </Badge>
  );
}
