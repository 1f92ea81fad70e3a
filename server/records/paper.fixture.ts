import { addRecord, listRecords } from "../../lib/records/api.ts";
import { readLooks } from "../../lib/records/looks.ts";
import { itemsOf, newPrescription } from "../../lib/records/prescription.ts";
import { dispense, readSlip, sealNote, slipOf } from "../../lib/records/slip.ts";
import { type Clinic, type Doctor, inCall, prescriptionOf, signed } from "../clinic.fixture.ts";

const open = { video: "allow", prescriptions: "allow", files: "allow" } as const;

/** A prescription of two medicines in a visit of its own, the first with so many refills, and a pharmacy that holds its paper. */
export async function onPaper(clinic: Clinic, doctor: Doctor, refills = 0) {
  const visit = await inCall(clinic, doctor, open);
  const [first, second] = itemsOf(prescriptionOf("Cetirizine 10 mg", "Ibuprofen 400 mg"));
  const content = newPrescription({
    ...{ items: [{ ...first!, refills }, second!], patient: "Ana Duarte", clinician: doctor.name },
    ...{ now: new Date(), replaces: null },
  });
  const asked = await signed(visit, doctor.keys, [visit.patient.keys.recipient], content, 1);
  const record = (await doctor.browser.ask(addRecord, asked)).value.id;
  const slip = await slipOf(content.slip);
  const { recipients } = asked;
  const pharmacy = clinic.browser();
  const note = (name = "Harbour Pharmacy") => sealNote({ record, pharmacy: name, person: "" }, recipients);
  const { visitId } = visit.planned;
  return {
    visit,
    visitId,
    content,
    record,
    slip,
    recipients,
    pharmacy,
    note,
    show: (token = slip.token, id = record) => pharmacy.ask(readSlip, { record: id, token }),
    mark: async (name?: string, nth = 1) =>
      pharmacy.ask(dispense, { record, token: slip.token, nth, note: await note(name) }),
    /** What the patient sees of it. */
    stateOf: async () => {
      const { records } = (await visit.patient.browser.ask(listRecords, { visitId })).value;
      return records.find((one) => one.id === record)?.slip;
    },
    linesOf: async (action: string) => {
      const { looks } = (await visit.patient.browser.ask(readLooks, { visitId })).value;
      return looks.filter((look) => look.action === action);
    },
  };
}
