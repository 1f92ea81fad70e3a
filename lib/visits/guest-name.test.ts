import { expect, test } from "vitest";
import { newSeed, patientKeys } from "../keyring/keyring.ts";
import { openGuestName, sealGuestName } from "./guest-name.ts";

test("the name of a guest who was allowed is held to the key that the patient allowed", async () => {
  const [ana, maria, mallory] = await Promise.all([1, 2, 3].map(() => patientKeys(newSeed(), "0".repeat(32))));
  const card = { id: "9".repeat(32), role: "interpreter", name: "Maria Lopes" } as const;
  const details = await sealGuestName(card, mallory!, [ana!.recipient]);
  const guest = { ...card, details, signer: mallory!.signer };
  const open = (grantee: string) => openGuestName({ ...guest, consent: { consent: { grantee } } }, ana!);
  expect(await open(mallory!.signer)).toBe("Maria Lopes");
  await expect(open(maria!.signer)).rejects.toThrow("not signed");
});

test("a guest’s name shows what it is: nothing in it is hidden, turned around or over several lines", async () => {
  const [guest, reader] = await Promise.all([patientKeys(newSeed(), "1"), patientKeys(newSeed(), "2")]);
  const shown = async (name: string) => {
    const told = { id: "a".repeat(32), role: "interpreter", name } as const;
    const details = await sealGuestName(told, guest, [reader.recipient]);
    return openGuestName({ ...told, signer: guest.signer, details }, reader);
  };
  expect(await shown(" Maria\u202e\u200b  Lopes\u2066\ufeff ")).toBe("Maria Lopes");
  expect(await shown("Jose\u0301 Li\u0000ma")).toBe("Jos\u00e9 Lima");
  expect(await shown("\u200b\u2060")).toBe("");
});
