import { sha256 } from "@noble/hashes/sha2.js";
import { randomHex, toHex } from "../keyring/bytes.ts";
import type { SafetyMessage } from "./safety-message.ts";

/** What the words are made from, as this page knows it. All of it `0x…`. */
export interface SafetyAbout {
  /** The topic of the visit's consents. */
  visit: string;
  clinician: { signer: string; fingerprint: string };
  patient: { signer: string; fingerprint: string };
}

/** 32 random bytes of each side; the doctor's are committed to before the patient's are known. */
export interface Nonces {
  clinician: string;
  patient: string;
}

export type SafetyView =
  | { is: "off" }
  /** The words are being agreed on. */
  | { is: "agreeing" }
  /** `match`: the patient heard the same. */
  | { is: "words"; about: SafetyAbout; nonces: Nonces; match?: true };

export const linesDigest = (...lines: string[]): string => toHex(sha256(new TextEncoder().encode(lines.join("\n"))));

/** Fixes the doctor's nonce before the patient's is known: nobody, in between or at an end, can try out nonces for words. */
export const commitmentTo = (nonce: string): string => linesDigest("assent/1/safety/commitment", nonce);

/** Each round is one more guess for whoever stands in between; no two people need so many. */
const MOST_ROUNDS = 30;

interface SafetyOptions {
  side: "clinician" | "patient";
  /** Undefined while the other side's certificate is not known. */
  about: () => SafetyAbout | undefined;
  say: (message: SafetyMessage) => void;
  changed: () => void;
  /** The patient heard other words; or what was opened is not what was committed to, since somebody tries out words. */
  differ: () => void;
}

/**
 * The words two people read to each other, for those who trust no signature: whoever stands between them has another key
 * towards each, so the two see different words, and has one guess a round to make them alike.
 */
export class Safety {
  readonly #options: SafetyOptions;
  #view: SafetyView = { is: "off" };
  #mine: string | undefined;
  #commitment: string | undefined;
  #rounds = 0;

  constructor(options: SafetyOptions) {
    this.#options = options;
  }
  get view(): SafetyView {
    return this.#view;
  }
  /** A person opened the check. */
  open(): void {
    if (this.#view.is !== "off") return;
    if (this.#options.side === "clinician") this.#commit();
    else this.#want();
  }
  /** A person put it away. */
  close(): void {
    if (this.#view.is === "off") return;
    this.#options.say({ is: "safety:closed" });
    this.#forget();
  }
  /** The patient's answer. */
  compared(match: boolean): void {
    if (this.#view.is !== "words") return;
    this.#options.say({ is: "safety:compared", match });
    if (match) this.#show({ ...this.#view, match });
    else this.#options.differ();
  }
  /** There is a connection again. Words stay while both certificates do; otherwise they are agreed on anew. */
  connected(): void {
    const view = this.#view;
    if (view.is === "off") return;
    if (view.is === "words" && sameCertificates(view.about, this.#options.about())) return;
    this.#forget();
    // A patient whose doctor's page is a new one is asked again, if at all, by that page.
    if (this.#options.side === "clinician" || view.is === "agreeing") this.open();
  }
  hear(message: SafetyMessage): void {
    if (message.is === "safety:closed") this.#forget();
    else if (this.#options.side === "clinician") this.#hearAsDoctor(message);
    else this.#hearAsPatient(message);
  }

  #hearAsDoctor(message: SafetyMessage): void {
    const mine = this.#mine;
    if (message.is === "safety:wanted") this.open();
    else if (message.is === "safety:answered" && this.#view.is === "agreeing" && mine) {
      this.#mine = undefined; // one answer a commitment
      this.#options.say({ is: "safety:opened", nonce: mine });
      this.#agreed({ clinician: mine, patient: message.nonce });
    } else if (message.is === "safety:compared" && this.#view.is === "words") {
      if (message.match) this.#show({ ...this.#view, match: true });
      else this.#options.differ();
    }
  }

  #hearAsPatient(message: SafetyMessage): void {
    const { say, differ } = this.#options;
    if (message.is === "safety:committed" && this.#another()) {
      this.#commitment = message.commitment;
      this.#mine = randomHex(32);
      say({ is: "safety:answered", nonce: this.#mine });
      this.#show({ is: "agreeing" });
    } else if (message.is === "safety:opened" && this.#mine) {
      const mine = this.#mine;
      this.#mine = undefined;
      if (commitmentTo(message.nonce) === this.#commitment) this.#agreed({ clinician: message.nonce, patient: mine });
      else differ();
    }
  }

  #want(): void {
    this.#options.say({ is: "safety:wanted" });
    this.#show({ is: "agreeing" });
  }
  #commit(): void {
    if (!this.#another()) return;
    this.#mine = randomHex(32);
    this.#options.say({ is: "safety:committed", commitment: commitmentTo(this.#mine) });
    this.#show({ is: "agreeing" });
  }
  #another(): boolean {
    this.#rounds += 1;
    return this.#rounds <= MOST_ROUNDS;
  }
  #agreed(nonces: Nonces): void {
    const about = this.#options.about();
    if (about) this.#show({ is: "words", about, nonces });
  }
  #forget(): void {
    this.#mine = undefined;
    this.#commitment = undefined;
    this.#show({ is: "off" });
  }
  #show(view: SafetyView): void {
    this.#view = view;
    this.#options.changed();
  }
}

const sameCertificates = (one: SafetyAbout, two: SafetyAbout | undefined): boolean =>
  one.clinician.fingerprint === two?.clinician.fingerprint && one.patient.fingerprint === two.patient.fingerprint;
