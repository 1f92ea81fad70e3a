import type { FileRoom } from "../records/api.ts";
import type { ChatMessage } from "./chat.ts";
import type { OtherView } from "./leg.browser.ts";
import type { Line } from "./line.browser.ts";
import type { Media } from "./media.browser.ts";
import type { MemberId } from "./member.ts";
import type { SafetyAbout, SafetyView } from "./safety.ts";
import type { Transfer, TransfersOptions } from "./transfer.ts";
import type { NotPrivate } from "./verified.ts";
import type { Vouching } from "./vouching.browser.ts";

export type { ChatMessage } from "./chat.ts";
export type { Why } from "./engine.ts";
export type { OtherView } from "./leg.browser.ts";
export type { Transfer } from "./transfer.ts";

/** How the doctor's question for a photograph stands: `asked` on the patient's page, the rest on the doctor's. */
export type PhotoState = "none" | "asked" | "waiting" | "coming" | "refused";

/** `state`, `remote`, `them`, `sends` and `open` are those of the first of `others`. */
export interface CallView extends Pick<OtherView, "state" | "remote" | "them" | "sends"> {
  /** Everyone else: first the doctor (for the doctor, the patient), who is listed before they come; then whoever else is in the call. */
  others: readonly OtherView[];
  chat: readonly ChatMessage[];
  files: readonly Transfer[];
  photo: PhotoState;
  /** Messages and files can be sent now. */
  open: boolean;
  safety: SafetyView;
}

export interface Call {
  subscribe(listener: () => void): () => void;
  getSnapshot(): CallView;
  readonly media: Media;
  /** To everyone. False when it is empty or too long. */
  say(text: string): boolean;
  /** Between doctor and patient, one after the other, each once it is prepared. */
  sendFile(file: File): void;
  /** The doctor asks the patient for a photograph. False while nobody hears it. */
  askPhoto(): boolean;
  /** The patient's answer: the photograph, or null for a no. */
  answerPhoto(photo: File | null): void;
  /** What the browser counts of the connection with this member. */
  stats(member: MemberId): Promise<RTCStatsReport | undefined>;
  cancelFile(id: string): void;
  retryFile(id: string): void;
  /** Tells everyone which checkpoint of the clinic's log this side was shown, a signed note. */
  tellCheckpoint(note: string): void;
  /** What doctor and patient hold together; undefined before they are connected, and for guests. */
  ends(): SafetyAbout | undefined;
  /** The words doctor and patient read to each other. That they differ ends the call as not private. */
  readonly safety: { open(): void; close(): void; compared(match: boolean): void };
  /** Nothing goes to this member or comes from them any more, whatever the server says. The others stay. */
  drop(member: MemberId): void;
  /** Who was dropped may come back, and is asked for. */
  restore(member: MemberId): void;
  /** Out of the call, for good. Does not end the visit. */
  leave(): void;
}

export interface CallOptions {
  visitId: string;
  me: MemberId;
  line: Line;
  media: Media;
  /** The page's lifetime: the call leaves with it. */
  signal: AbortSignal;
  vouching: Vouching;
  /** The call is not private, and over. */
  onNotPrivate: (found: NotPrivate) => void;
  /** What is between this page and a guest is not private: only that is over. */
  onGuestNotPrivate: (guest: MemberId, found: NotPrivate) => void;
  /** What is done to a file before anything of it goes out, to the other side or to be kept; and what there is room for. */
  prepare?: (file: File) => Promise<{ file: File; room?: FileRoom | undefined }>;
  /** Which checkpoint of the clinic's log another side was shown. */
  onCheckpoint?: (note: string) => void;
  record?: TransfersOptions["record"];
  recordFirst?: () => boolean;
}
