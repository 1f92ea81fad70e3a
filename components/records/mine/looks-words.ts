import { shortName } from "@/components/consent/names.ts";
import type { Kind } from "@/lib/consent/grant.ts";
import type { LookPart } from "@/lib/records/hold-looks.ts";
import type { Look } from "@/lib/records/looks.ts";

/** The people of a visit, as its patient calls them. */
export interface Called {
  clinic: string;
  /** `Dr. Esi Osei`. */
  clinician: string;
}

export interface LookInWords {
  who: string;
  /** `opened your prescription.` */
  did: string;
  /** Why they could, or why they could not. */
  why: string;
  refused: boolean;
  /** A page that was open asked by itself: nobody read anything sealed. */
  automatic: boolean;
}

const things: Partial<Record<Kind, string>> = {
  prescription: "your prescription",
  "prescription-cancelled": "a cancelled prescription of yours",
  "file-share": "what is kept of your file",
  "session-start": "when your session began",
  "session-end": "when your session ended",
};

/** What was done with something of the patient's. What isn't here is no look: it happened, and is told elsewhere. */
const deeds: Partial<Record<Look["action"], (look: Look) => string>> = {
  "record.read": ({ kind }) => `opened ${(kind && things[kind]) ?? "a record of yours"}`,
  "file.read": () => "opened your file",
  "visit.read": () => "had your visit open",
  "record.listed": () => "had the list of your records open",
  "background.read": () => "looked whether you had noted allergies or medicines",
  "prescription.shown": () => "looked at your prescription",
  "prescription.dispensed": () => "marked your prescription as dispensed",
  "notes.read": () => "opened their own notes of your visit",
  "audit.read": () => "looked at who did what in your visit, without its content",
  "audit.verified": () => "checked your visit’s lines against the ledger",
  "export.made": () => "took the lines of your visit along, without its content",
  "evidence.made": () => "took the evidence of your visit",
  "shared.read": () => "looked at the list of what you share with them",
  "visit.erased": () => "erased what this visit said, at your wish",
  "folder.read": () => "opened your list of visits",
};

const tried: Partial<Record<Look["action"], string>> = {
  "access.refused": "tried to open something of your visit",
  "link.refused": "tried to open your visit’s link",
  "record.refused": "tried to record something",
  "prescription.dispensed": "tried to dispense your prescription",
  "share.refused": "tried to open what you had shared",
};

const AUTOMATIC = new Set<Look["action"]>(["visit.read", "record.listed"]);

/** Null for lines that are no look: what was signed, begun and ended. */
export function lookInWords(look: Look, called: Called): LookInWords | null {
  const deed = look.refusal === null ? deeds[look.action]?.(look) : (tried[look.action] ?? deeds[look.action]?.(look));
  if (!deed || look.who === "system") return null;
  const doctor = shortName(called.clinician);
  return {
    who: whoOf(look, called),
    did: `${deed}.`,
    why: whyOf(look, doctor),
    refused: look.refusal !== null,
    automatic: look.refusal === null && AUTOMATIC.has(look.action),
  };
}

/** By the QR code on its paper, without an account. */
const isByPaper = ({ who, action }: Look) => who === "anyone" && action.startsWith("prescription.");

function whoOf(look: Look, { clinic, clinician }: Called): string {
  const { who, name } = look;
  if (isByPaper(look)) return "Someone with the paper";
  if (who === "doctor") return clinician;
  if (who === "reader" && name) return name;
  if (who === "staff" || who === "reader") return `Someone at ${clinic}`;
  if (who === "you") return "You";
  return who === "guest" ? "A guest of your visit" : "Someone who had a link";
}

const papers: Partial<Record<string, string>> = {
  "prescription.dispensed": "Refused: it was dispensed before.",
  "prescription.cancelled": "Refused: it was taken back.",
  "prescription.expired": "Refused: it had run out.",
};

function whyOf(look: Look, doctor: string): string {
  const { who, refusal, action, consent } = look;
  if (refusal !== null && papers[refusal]) return papers[refusal];
  if (isByPaper(look)) return "Allowed: they had the code that is printed on it.";
  if (refusal === "consent.not-live") return "Refused: there was no permission in force.";
  if (refusal === "consent.kind-not-allowed") return "Refused: you had not allowed it.";
  if (refusal === "share.over") return "Refused: you don’t share it any more.";
  if (refusal !== null) return `Refused: only ${doctor} and you may.`;
  if (action === "visit.erased") return "You asked for it.";
  if (who === "you") return "From one of your own devices.";
  if (AUTOMATIC.has(action)) return "Automatic: their page showed the visit.";
  if (who === "reader") return "Allowed: you shared it.";
  if (who === "staff") return "Admins may review who did what. They can’t open what is sealed.";
  return consent ? "Allowed by your permission." : `Allowed: ${doctor} holds this visit.`;
}

const partWords: Record<LookPart, string> = {
  who: "who it was",
  what: "what was done",
  when: "when",
  about: "what it was about",
  permission: "under which permission",
  refusal: "whether it was refused",
};

/** What of a look is not what the log has; that it has none, where nothing is named. */
export function wrongInWords(parts: readonly LookPart[]): string {
  if (parts.length === 0) return "The log has no such line.";
  return `The log says otherwise: ${parts.map((part) => partWords[part]).join(", ")}.`;
}
