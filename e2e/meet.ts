import { type Choice, type Doctor, type Patient, seesTheOther } from "./people.ts";

/** What a patient allows whose permission is not what a test is about. */
export const everything = { prescriptions: "Allow", files: "Allow" } as const;

/** The clinic is set up, a visit is planned, and both are in its room and see each other; resolves to the join link. */
export async function meet(
  drOsei: Doctor,
  ana: Patient,
  choices?: { prescriptions?: Choice; files?: Choice },
): Promise<string> {
  await drOsei.setsUp();
  const link = await drOsei.plans();
  await ana.opens(link);
  if (choices) await ana.chooses(choices);
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  return link;
}
