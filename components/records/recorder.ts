import type { Line } from "@/lib/call/line.browser.ts";
import { type ConsentView, choiceFor, type Kind, kinds } from "@/lib/consent/grant.ts";
import { digestOf, structHash } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { sendKept } from "@/lib/ledger/keep.ts";
import { shelf } from "@/lib/ledger/shelf.browser.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { addRecord, askApproval, listRecords, withdrawAsk } from "@/lib/records/api.ts";
import type { Content, FileShare, SessionStart } from "@/lib/records/content.ts";
import { envelopeOf, sealRecord } from "@/lib/records/envelope.ts";
import type { Prescription, PrescriptionCancelled } from "@/lib/records/prescription.ts";
import type { AskView, NewRecord, RecordView } from "@/lib/records/record.ts";
import { sealEnvelope } from "@/lib/records/seal.ts";
import { slipFor } from "@/lib/records/slip.ts";
import { Refusal } from "@/lib/refusal.ts";
import { rest } from "@/lib/rest.ts";
import { ask } from "@/lib/wire.ts";
import { sendFile, sendWhatIsLeft } from "./outgoing.ts";
import { whileUnreachable } from "./patience.ts";

/** What became of something that was to be recorded: it is kept, or the patient is asked first. */
type Outcome = { is: "recorded"; record: RecordView } | { is: "asked"; ask: AskView };

export interface Recorder {
  recordSessionStart(fingerprints: SessionStart["fingerprints"]): Promise<Outcome>;
  /** Takes open questions back first: nobody is left to answer them. */
  recordSessionEnd(): Promise<Outcome>;
  /** Seals the file for both people, sends it, and records that it was shared. */
  recordFile(file: File): Promise<Outcome>;
  /** Goes on with files that a page of before was sending; `onFound` is told the name of each. */
  recordFilesLeft(onFound: (name: string) => void): Promise<void>;
  prescribe(prescription: Prescription): Promise<Outcome>;
  /** On the ledger. `paper` is the age recipient of whoever holds the prescription's. */
  cancel(cancelled: PrescriptionCancelled, paper: string): Promise<Outcome>;
  /** Takes a question back before it is answered. */
  withdraw(id: string): Promise<AskView>;
}

interface RecorderOptions {
  visitId: string;
  consent: ConsentView;
  keys: Keys;
  ledger: LedgerOfFile;
  /** age recipients of both people. */
  recipients: readonly string[];
  line: Pick<Line, "on">;
}

/** What goes with a content besides itself. */
interface Beside {
  blob?: string | null;
  slip?: NewRecord["slip"];
  /** The age recipient of who is neither of the two people. */
  third?: string;
}

/** How long to wait before looking again while a number is held and the line brings no news. */
const LOOK_AGAIN_MS = 4_000;
const TRIES = 8;

/**
 * Makes records one after the other, since each author's are numbered without a gap. While a question to the patient is open
 * its number is held, so what comes after waits for the answer. Works until `signal` is aborted.
 */
export function createRecorder(options: RecorderOptions, signal: AbortSignal): Recorder {
  const { visitId, consent, keys, ledger, line } = options;
  const byPatient = keys.signer === consent.consent.patient;
  let last: Promise<unknown> = Promise.resolve();
  /** Files that are being sealed, sent and recorded. */
  const sharing = new Set<Promise<unknown>>();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(() => {
      signal.throwIfAborted();
      return work();
    });
    last = mine.catch(() => {});
    return mine;
  };

  const recordShare = (share: FileShare) => inTurn(() => make(share, { blob: share.blob }));

  const choice = (kind: Kind) => choiceFor(consent.consent.scopes, kind);

  const look = () => whileUnreachable(() => ask(listRecords, { visitId }, { signal }), signal);

  /** Resolves at the next answer to a question, or after a while. */
  const answered = async () => {
    const heard = new AbortController();
    const off = line.on("ask:changed", (news) => {
      if (news.visitId === visitId && news.state !== "open") heard.abort();
    });
    try {
      await rest(LOOK_AGAIN_MS, AbortSignal.any([signal, heard.signal])).catch(() => {});
      signal.throwIfAborted();
    } finally {
      off();
    }
  };

  /** The next free number, once no question of the doctor's holds it. */
  const nextNumber = async () => {
    for (;;) {
      const { asks, next } = await look();
      if (byPatient || !asks.some((one) => one.state === "open")) return next;
      await answered();
    }
  };

  const sign = async (content: Content, number: number, { blob = null, slip = null, third }: Beside) => {
    const recipients = third ? [...options.recipients, third] : options.recipients;
    const { commitment, envelope, ciphertext } = await sealRecord({ visitId, content, recipients });
    const signedAt = Math.floor(Date.now() / 1000);
    const record = { consent: consent.id, kind: kinds[content.kind], commitment, number, signedAt };
    const { kind } = content;
    const seal = await sealEnvelope(envelopeOf({ visit: visitId, kind, ciphertext, commitment, recipients }), keys);
    const body: NewRecord = {
      kind,
      commitment,
      number,
      signedAt,
      signature: await keys.sign(digestOf("Record", record, ledger)),
      envelope,
      recipients: [...recipients],
      seal,
      blob,
      slip,
      cancels: content.kind === "prescription-cancelled" ? content.record : null,
    };
    return { id: structHash("Record", record), body };
  };

  /** This very record among what is kept: for when it was kept but the answer was lost. */
  const found = async (id: string): Promise<Outcome | undefined> => {
    const { records, asks } = await look();
    const record = records.find((one) => one.id === id);
    if (record) return { is: "recorded", record };
    const open = asks.find((one) => one.id === id);
    return open && { is: "asked", ask: open };
  };

  const post = async (record: NewRecord, asking: boolean): Promise<Outcome> => {
    const body = { visitId, ...record };
    if (asking) return { is: "asked", ask: await ask(askApproval, body, { signal }) };
    const { commitment, number, signedAt, signature } = record;
    const entry = { kind: kinds[record.kind], commitment, number, signedAt, byPatient, signature, approval: null };
    const kept = await sendKept(
      shelf,
      { visitId, ledger, granted: consent.signature, act: { is: "record", consent: consent.consent, entry } },
      () => ask(addRecord, body, { signal }),
      ({ receipt }) => receipt,
    );
    return { is: "recorded", record: kept };
  };

  const make = async (content: Content, beside: Beside = {}): Promise<Outcome> => {
    let asking = !byPatient && choice(content.kind) === "ask";
    for (let tries = 0; ; tries += 1) {
      const { id, body } = await sign(content, await nextNumber(), beside);
      try {
        return await whileUnreachable(() => post(body, asking), signal);
      } catch (fault) {
        if (!(fault instanceof Refusal) || tries >= TRIES) throw fault;
        if (fault.code === "record.number-taken" || fault.code === "record.number-held") {
          const kept = await found(id);
          if (kept) return kept;
          if (fault.code === "record.number-held") await answered();
        } else if (fault.code === "consent.ask-first" && !asking) asking = true;
        else throw fault;
      }
    }
  };

  const withdraw = (id: string) => ask(withdrawAsk, { visitId, id }, { signal });

  const withdrawAll = async () => {
    if (byPatient) return;
    for (const one of (await look()).asks) {
      if (one.state === "open") await withdraw(one.id).catch(unlessAnswered);
    }
  };

  return {
    recordSessionStart: (fingerprints) =>
      inTurn(() => make({ kind: "session-start", at: new Date().toISOString(), fingerprints })),
    async recordSessionEnd() {
      const at = new Date().toISOString();
      await withdrawAll();
      // After the end nothing is recorded: what is being shared comes first.
      await Promise.allSettled(sharing);
      return inTurn(async () => {
        await withdrawAll();
        return make({ kind: "session-end", at });
      });
    },
    recordFile: (file) => share(() => sendFile({ visitId, keys, signal }, file, recordShare)),
    recordFilesLeft: (onFound) => share(() => sendWhatIsLeft({ visitId, keys, signal }, recordShare, onFound)),
    prescribe: (prescription) =>
      inTurn(async () => {
        const { slip, recipient } = await slipFor(prescription);
        return make(prescription, { slip, third: recipient });
      }),
    cancel: (cancelled, third) => inTurn(() => make(cancelled, { third })),
    withdraw,
  };

  async function share<T>(send: () => Promise<T>): Promise<T> {
    // Certain to be refused by the server and the ledger alike: don't send a gigabyte to hear it.
    if (choice("file-share") === "deny") throw new Refusal("consent.kind-not-allowed");
    const sent = send();
    sharing.add(sent);
    const done = () => void sharing.delete(sent);
    sent.then(done, done);
    return sent;
  }
}

function unlessAnswered(fault: unknown): void {
  if (!(fault instanceof Refusal && fault.code === "ask.not-open")) throw fault;
}
