import { expect, test } from "vitest";
import { newSeed, patientKeys } from "../keyring/keyring.ts";
import { openGuestName, sealGuestName } from "./guest-name.ts";

test("the name of a guest who was allowed is held to the key that the patient allowed", async () => {
  const [ana, maria, mallory] = await Promise.all([1, 2, 3].map(() => patientKeys(newSeed(), "0".repeat(32))));
  const card = { id: "9".repeat(32), role: "interpreter", name: "Maria Lopes" } as const;
  const details = await sealGuestName(card, mallory!, [ana!.recipient]);
  const guest = { ...card, details, signer: mallory!.signer };
  const open = (grantee: string) => openGuestName({ ...guest, consent: { consent: { grantee } } }, ana!.identity);
  expect(await open(mallory!.signer)).toBe("Maria Lopes");
  await expect(open(maria!.signer)).rejects.toThrow("not signed");
});
