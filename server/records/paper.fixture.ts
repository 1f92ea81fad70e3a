import { addRecord } from "../../lib/records/api.ts";
import { dispense, readSlip, sealNote, slipOf } from "../../lib/records/slip.ts";
import { type Clinic, type Doctor, inCall, prescriptionOf, signed } from "../clinic.fixture.ts";

const open = { video: "allow", prescriptions: "allow", files: "allow" } as const;

/** A prescription of two medicines in a visit of its own, and a pharmacy that holds its paper. */
export async function onPaper(clinic: Clinic, doctor: Doctor) {
  const visit = await inCall(clinic, doctor, open);
  const content = prescriptionOf("Cetirizine 10 mg", "Ibuprofen 400 mg");
  const asked = await signed(visit, doctor.keys, [visit.patient.keys.recipient], content, 1);
  const record = (await doctor.browser.ask(addRecord, asked)).value.id;
  const slip = await slipOf(content.slip);
  const { recipients } = asked;
  const pharmacy = clinic.browser();
  const note = (name = "Harbour Pharmacy") => sealNote({ record, pharmacy: name, person: "" }, recipients);
  return {
    visit,
    visitId: visit.planned.visitId,
    content,
    record,
    slip,
    recipients,
    pharmacy,
    note,
    show: (token = slip.token, id = record) => pharmacy.ask(readSlip, { record: id, token }),
    mark: async (name?: string) => pharmacy.ask(dispense, { record, token: slip.token, note: await note(name) }),
  };
}
export type OnPaper = Awaited<ReturnType<typeof onPaper>>;
