import { choiceFor, kinds } from "../consent/grant.ts";
import { consentId, digestOf, structHash } from "../consent/typed-data.ts";
import { signedBy } from "../keyring/signature.ts";
import { type AskChain, isFinal, type Place, readClinician, readConsent, readRecord } from "../ledger/read.ts";
import { openCancellation } from "./cancellation.ts";
import { envelopeOf, openRecord } from "./envelope.ts";
import { goodUntil, type Prescription, type PrescriptionCancelled, timesOf } from "./prescription.ts";
import { ciphertextOf, sealHolds } from "./seal.ts";
import { type DispenseNote, openNote, type Slip, type SlipView } from "./slip.ts";

/** What is found out about a prescription on paper, here in the browser of who holds it. */
export interface SlipFound {
  prescription: Prescription;
  /** The doctor's word that it isn't to be dispensed, and when the practice kept it. */
  cancelled: { at: string; says: PrescriptionCancelled } | null;
  /** Each time, in their order. `by` is null where the note of who it was can't be read. */
  dispensed: { at: string; by: DispenseNote | null }[];
  ledger: OnLedger;
  /** `allowed` where the patient did not want to be asked about each. */
  yes: "approved" | "allowed";
}

/** `away`: the ledger couldn't be asked. `not-yet`: it doesn't have the record. */
type OnLedger = { is: "there"; block: number; final: boolean } | { is: "not-yet" } | { is: "away" };

/** What was opened isn't what a doctor of the clinic signed for this patient; why, for who reads the console of a test. */
export class NotGenuine extends Error {
  override readonly name = "NotGenuine";
}

/** Takes nobody's word for what was signed. What became of it since, only the practice knows. Throws `NotGenuine`. */
export async function verifySlip(about: {
  id: string;
  view: SlipView;
  slip: Slip;
  chain: AskChain;
}): Promise<SlipFound> {
  const { id, view, slip, chain } = about;
  const prescription = await opened(id, view, slip);
  const yes = yesOf(id, view);
  return {
    prescription,
    yes,
    cancelled: await cancelledOf(id, view, slip),
    dispensed: await dispensedOf(id, view, slip),
    ledger: await onLedger(id, view, chain),
  };
}

export type SlipIs = "valid" | "unsure" | "dispensed" | "cancelled" | "replaced" | "expired";

/** What a pharmacist does with it. Unsure while the ledger can't say that the doctor was one. */
export function slipIs(found: SlipFound, now: Date): SlipIs {
  if (found.cancelled) return found.cancelled.says.replacedBy ? "replaced" : "cancelled";
  if (found.dispensed.length >= timesOf(found.prescription)) return "dispensed";
  if (goodUntil(found.prescription).getTime() < now.getTime()) return "expired";
  return found.ledger.is === "there" ? "valid" : "unsure";
}

/** The content, if the doctor of the permission signed exactly this. */
async function opened(id: string, view: SlipView, slip: Slip): Promise<Prescription> {
  const { visitId, consent, ledger } = view;
  const { record, envelope, recipients, commitment, author, seal, signature } = view.envelope;
  const kind = "prescription";
  if (structHash("Record", record) !== id) throw new NotGenuine("another record was sent");
  if (record.kind !== kinds[kind] || record.commitment !== commitment) throw new NotGenuine("it is something else");
  if (consentId(consent) !== record.consent) throw new NotGenuine("it belongs to another permission");
  if (author !== consent.grantee) throw new NotGenuine("it is not by the doctor of this permission");
  if (!signedBy(author, digestOf("Record", record, ledger), signature)) throw new NotGenuine("nobody signed it");
  const ciphertext = await ciphertextOf(envelope);
  if (!sealHolds(envelopeOf({ visit: visitId, kind, ciphertext, recipients, commitment }), author, seal))
    throw new NotGenuine("its seal is not its author’s");
  const content = await openRecord({ envelope, keys: slip, commitment, visitId }).catch(() => null);
  if (content?.kind !== kind) throw new NotGenuine("its content is not what was signed");
  return content;
}

function yesOf(id: string, { consent, ledger, envelope: { approval } }: SlipView): SlipFound["yes"] {
  if (approval !== null) {
    if (signedBy(consent.patient, digestOf("Approval", { record: id }, ledger), approval)) return "approved";
  } else if (choiceFor(consent.scopes, "prescription") === "allow") return "allowed";
  throw new NotGenuine("the patient did not say yes to it");
}

/** A cancellation that can't be read is one all the same: nothing is dispensed on a doubt. */
async function cancelledOf(id: string, view: SlipView, slip: Slip): Promise<SlipFound["cancelled"]> {
  const { cancellation, visitId, state } = view;
  if (!cancellation) return state.cancelledAt ? { at: state.cancelledAt, says: unread(id) } : null;
  const about = { visit: visitId, prescription: id, signer: view.envelope.author, cancellation, keys: slip };
  return { at: cancellation.at, says: await openCancellation(about).catch(() => unread(id)) };
}
const unread = (record: string): PrescriptionCancelled => ({
  kind: "prescription-cancelled",
  record,
  reason: "",
  replacedBy: null,
});

const dispensedOf = (id: string, { state }: SlipView, slip: Slip): Promise<SlipFound["dispensed"]> =>
  Promise.all(
    state.dispensed.map(async ({ at, note }) => ({ at, by: await openNote(note, id, slip).catch(() => null) })),
  );

async function onLedger(id: string, { ledger, consent, envelope }: SlipView, chain: AskChain): Promise<OnLedger> {
  try {
    const there = await readRecord(chain, ledger, id);
    if (!there) return { is: "not-yet" };
    if (there.consent !== envelope.record.consent || there.byPatient) throw new NotGenuine("the ledger has another");
    const { granted } = await readConsent(chain, ledger, there.consent);
    if (!granted) throw new NotGenuine("the patient gave no such permission");
    if (!(await wasEnrolled(chain, ledger, consent.grantee, there)))
      throw new NotGenuine("its doctor was none of this clinic");
    return { is: "there", block: there.block, final: await isFinal(chain, there, ledger.local) };
  } catch (fault) {
    if (fault instanceof NotGenuine) throw fault;
    return { is: "away" };
  }
}

/** In the block of the record, by what the ledger tells of this signer. */
async function wasEnrolled(chain: AskChain, ledger: SlipView["ledger"], signer: string, at: Place): Promise<boolean> {
  const { history } = await readClinician(chain, ledger, signer);
  return history.findLast(({ block }) => block <= at.block)?.is === "enrolled";
}
