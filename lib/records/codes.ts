/**
 * What a prescription says in codes, and how each is read by people. Codes are HL7's own (v3-RouteOfAdministration,
 * v3-GTSAbbreviation) and UCUM: free to use anywhere, which SNOMED CT is not. What has no code here is written as text.
 */

export interface Code {
  /** On screens and paper, and what the form offers. */
  readonly words: string;
  readonly code: string;
  /** The code system's own name for it. */
  readonly display: string;
}

export const ROUTES = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration";
export const routes: readonly Code[] = [
  { words: "By mouth", code: "PO", display: "Swallow, oral" },
  { words: "Under the tongue", code: "SL", display: "Dissolve, sublingual" },
  { words: "Inhaled", code: "IPINHL", display: "Inhalation, respiratory" },
  { words: "On the skin", code: "SKIN", display: "Topical application, skin" },
  { words: "Through the skin", code: "TRNSDERM", display: "Transdermal" },
  { words: "In the eye", code: "OPTHALTA", display: "Topical application, ophthalmic" },
  { words: "In the ear", code: "OT", display: "Instillation, otic" },
  { words: "In the nose", code: "NASAL", display: "Topical application, nasal" },
  { words: "Rectal", code: "RECTAL", display: "Topical application, rectal" },
  { words: "Vaginal", code: "VAGINS", display: "Topical application, vaginal" },
  { words: "Under the skin", code: "SQ", display: "Injection, subcutaneous" },
  { words: "Into a muscle", code: "IM", display: "Injection, intramuscular" },
];

export const FREQUENCIES = "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation";
export const frequencies: readonly Code[] = [
  { words: "Once a day", code: "QD", display: "QD" },
  { words: "Twice a day", code: "BID", display: "BID" },
  { words: "Three times a day", code: "TID", display: "TID" },
  { words: "Four times a day", code: "QID", display: "QID" },
  { words: "Every morning", code: "AM", display: "AM" },
  { words: "At bedtime", code: "BED", display: "at bedtime" },
  { words: "Every 4 hours", code: "Q4H", display: "Q4H" },
  { words: "Every 6 hours", code: "Q6H", display: "Q6H" },
  { words: "Every 8 hours", code: "Q8H", display: "every 8 hours" },
  { words: "Every other day", code: "QOD", display: "QOD" },
  { words: "Once a week", code: "WK", display: "weekly" },
  { words: "Once a month", code: "MO", display: "monthly" },
];
/** Not a time but a reason: FHIR says it with a field of its own. */
export const WHEN_NEEDED = "When needed";

export const UCUM = "http://unitsofmeasure.org";
/** Each unit with the ways it is written. What is counted has no unit but a note in braces, as UCUM has it. */
const units: Readonly<Record<string, string>> = {
  mg: "mg",
  g: "g",
  ug: "ug µg μg mcg microgram micrograms",
  mL: "ml mL millilitre millilitres milliliter milliliters",
  L: "l L",
  mmol: "mmol",
  "[iU]": "IU unit units",
  "[drp]": "drop drops",
  "{tablet}": "tablet tablets tab tabs",
  "{capsule}": "capsule capsules cap caps",
  "{puff}": "puff puffs",
  "{spray}": "spray sprays",
  "{patch}": "patch patches",
  "{suppository}": "suppository suppositories",
  "{sachet}": "sachet sachets",
  "{ampule}": "ampoule ampoules ampule ampules",
  "{dose}": "dose doses",
  "{application}": "application applications",
  "{tube}": "tube tubes",
  "{bottle}": "bottle bottles",
  "{inhaler}": "inhaler inhalers",
  "{pack}": "pack packs",
};
const unitCodes = new Map(
  Object.entries(units).flatMap(([code, written]) => written.split(" ").map((word) => [word, code] as const)),
);

/** UCUM's code for a unit as somebody wrote it, or undefined. */
export const unitCode = (unit: string): string | undefined => unitCodes.get(unit) ?? unitCodes.get(unit.toLowerCase());

export const periods = { day: "d", week: "wk", month: "mo" } as const;
export type Period = keyof typeof periods;

/** The code that reads like this, whatever the case. */
export function codeFor(table: readonly Code[], words: string): Code | undefined {
  const wanted = words.trim().toLowerCase();
  return table.find((one) => one.words.toLowerCase() === wanted);
}
