import {
  Ban,
  Check,
  CircleX,
  ClipboardList,
  Clock,
  DoorOpen,
  Eraser,
  Eye,
  File,
  FileImage,
  KeyRound,
  Link2,
  LogIn,
  LogOut,
  type LucideIcon,
  Mail,
  MailX,
  NotebookPen,
  PackageCheck,
  PhoneOff,
  Pill,
  Plus,
  RotateCcw,
  ShieldAlert,
  ShieldCheck,
  Signature,
  ThumbsUp,
  Undo2,
  UserRound,
  UserRoundPlus,
  Video,
} from "lucide-react";
import type { StoredEntry } from "@/lib/audit/api.ts";
import { whatOf, whyRefused } from "./words.ts";

const icons: Record<string, LucideIcon> = {
  "staff.signed-in": LogIn,
  "staff.signed-out": LogOut,
  "staff.sign-in-refused": Ban,
  "access.refused": Ban,
  "visit.created": Plus,
  "link.opened": Link2,
  "link.claimed": Link2,
  "visit.opened": KeyRound,
  "link.refused": Ban,
  "name.told": UserRound,
  "notes.saved": NotebookPen,
  "queue.estimated": Clock,
  "call.rated": ThumbsUp,
  "notice.asked": Mail,
  "notice.withdrawn": Mail,
  "notice.sent": Mail,
  "notice.failed": MailX,
  "guest.invited": UserRoundPlus,
  "guest.asked": UserRound,
  "guest.accepted": Check,
  "guest.turned-away": Ban,
  "guest.allowed": Signature,
  "guest.revoked": Undo2,
  "guest.left": LogOut,
  "guest.not-private": ShieldAlert,
  "consent.granted": Signature,
  "consent.refused": Ban,
  "consent.revoked": Undo2,
  "share.granted": Signature,
  "share.refused": Ban,
  "share.revoked": Undo2,
  "erasure.asked": Eraser,
  "erasure.withdrawn": Undo2,
  "erasure.refused": Ban,
  "visit.erased": Eraser,
  "visit.admitted": DoorOpen,
  "visit.declined": CircleX,
  "visit.ended": PhoneOff,
  "call.entered": LogIn,
  "call.left": LogOut,
  "call.not-private": ShieldAlert,
  "record.refused": Ban,
  "prescription.dispensed": PackageCheck,
  "prescription.cancelled": CircleX,
  "background.shared": ClipboardList,
  "background.withdrawn": Undo2,
  "approval.asked": Signature,
  "approval.given": Check,
  "approval.refused": CircleX,
  "approval.withdrawn": Undo2,
  "file.stored": File,
  "audit.verified": ShieldCheck,
  "evidence.made": ShieldCheck,
  "act.retried": RotateCcw,
  "key.enrolled": KeyRound,
};
const kindIcons: Record<string, LucideIcon> = {
  "session-start": Video,
  "session-end": PhoneOff,
  prescription: Pill,
  "prescription-cancelled": CircleX,
  "file-share": FileImage,
  "access-granted": Eye,
};

function iconOf(entry: StoredEntry): LucideIcon {
  const { kind } = (entry.detail ?? {}) as { kind?: string };
  if (entry.action === "record.added") return kindIcons[kind ?? ""] ?? Check;
  return icons[entry.action] ?? Eye;
}

/** What a line says happened, and why not where it was refused. */
export function What({ entry }: { entry: StoredEntry }) {
  const Icon = iconOf(entry);
  const why = whyRefused(entry);
  return (
    <>
      <span className="inline-flex items-center gap-2 align-middle">
        <Icon aria-hidden="true" className="size-4 shrink-0 text-muted-foreground" />
        {whatOf(entry)}
      </span>
      {why ? (
        <span className="block min-w-48 pb-1 pl-6 text-small font-normal text-muted-foreground">{why}</span>
      ) : null}
    </>
  );
}
