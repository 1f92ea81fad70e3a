import { credentialOf } from "../../lib/auth/credential.ts";
import { deviceKeys, newKey } from "../../lib/auth/device.ts";
import type { Role } from "../../lib/auth/person.ts";
import type { LedgerDomain } from "../../lib/consent/typed-data.ts";
import { clinicianKeys, type Keys } from "../../lib/keyring/keyring.ts";
import { type Chance, drawn } from "../chance.ts";
import { type Happening, HOUR, hexFrom, idFrom, MINUTE, noRows, type Rows } from "./happening.ts";
import { browserFrom, namesFrom, practiceFrom } from "./names.ts";

/** One of the staff. */
interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
}
export type Doctor = Member & { readonly keys: Keys };

export interface Practice {
  readonly name: string;
  readonly ledger: LedgerDomain;
  /** Set the clinic up, and sees patients. */
  readonly first: Doctor;
  /** Everybody who looks after it. */
  readonly admins: readonly Member[];
  readonly doctors: readonly Doctor[];
}

const DOCTORS = 5;

/** Who works there, from the first morning on: the first sets the clinic up, and invites the others, of whom the last is no doctor. */
export async function practiceOf(
  chance: Chance,
  { ledger, began, password }: { ledger: LedgerDomain; began: number; password: string },
): Promise<{ practice: Practice; happenings: Happening[]; rows: Rows }> {
  const rows = noRows();
  const happenings: Happening[] = [];
  const name = practiceFrom(chance);
  rows.clinic.push({ id: 1, name, createdAt: new Date(began) });

  const members = namesFrom(chance, DOCTORS + 1).map((person, n): Member => {
    const email = `${person.toLowerCase().replace(" ", ".")}@practice.example`;
    const roles: readonly Role[] = n === 0 ? ["admin", "clinician"] : n === DOCTORS ? ["admin"] : ["clinician"];
    return { id: idFrom(chance), name: n === DOCTORS ? person : `Dr. ${person}`, email, roles };
  });
  const first = { is: "staff", id: members[0]!.id } as const;
  const doctors: Doctor[] = [];
  for (const [n, member] of members.entries()) {
    const actor = { is: "staff", id: member.id } as const;
    const at = n === 0 ? began : began + HOUR + n * 10 * MINUTE;
    const made = new Date(at);
    const says = (later: number, line: Happening["line"]) => happenings.push({ at: at + later, line });
    const dates = { createdAt: made, updatedAt: made };
    const { id, email, roles } = member;
    rows.user.push({ id, name: member.name, email, roles: roles.join(), ...dates });
    const account = { id: idFrom(chance), accountId: id, providerId: "credential", userId: id };
    rows.account.push({ ...account, password, ...dates });
    if (n === 0) says(0, { actor, action: "clinic.created" });
    else {
      const object = idFrom(chance);
      says(-30 * MINUTE, { actor: first, action: "staff.invited", object, detail: { roles: roles.join() } });
      says(-MINUTE, { actor: { is: "nobody", id: "stranger" }, action: "invitation.opened", object });
      says(0, { actor, action: "staff.joined", object });
    }
    if (!roles.includes("clinician")) continue;

    const person = await clinicianKeys(drawn(chance, 16));
    const keys = await deviceKeys(person, await clinicianKeys(drawn(chance, 16)));
    const { card, device, voucher } = await newKey(person, keys, browserFrom(chance));
    const enrolledAt = new Date(at + 5 * MINUTE);
    const vouched = { device, person: person.signer, voucher, askedAt: made, enrolledAt, enrolledBy: first.id };
    rows.clinicianKey.push({ ...card, userId: id, ...vouched });
    const object = keys.signer;
    if (n > 0) says(1, { actor, action: "key.brought", object });
    const credentialSalt = hexFrom(chance, 32);
    const credential = await credentialOf(id, credentialSalt);
    happenings.push({
      at: at + 5 * MINUTE,
      line: { actor: first, action: "key.enrolled", object, detail: { person: id, credential, credentialSalt } },
      call: { is: "enroll", clinician: object, credential },
    });
    doctors.push({ ...member, keys });
  }
  const admins = members.filter(({ roles }) => roles.includes("admin"));
  return { practice: { name, ledger, first: doctors[0]!, admins, doctors }, happenings, rows };
}
