import { expect, test } from "vitest";
import { sha256 } from "../keyring/bytes.ts";
import { ana, drOsei, type Key, ledger } from "../ledger/people.fixture.ts";
import type { MemberId } from "./member.ts";
import { openVerified } from "./verified.browser.ts";
import { type Description, Unnamed } from "./verified.ts";

const visitId = "0".repeat(32);
const signers = new Map<MemberId, string>([
  ["clinician", drOsei.address],
  ["patient", ana.address],
]);
const page = (of: Key, asked: MemberId[] = []) =>
  openVerified({
    visitId,
    ledger: async () => ledger,
    keys: { signer: of.address, sign: async (digest) => of.sign(digest) },
    signerOf: async (member) => {
      asked.push(member);
      return signers.get(member);
    },
  });
const toDoctor = { visitId, me: "patient", them: "clinician", attempt: 1 } as const;
const toPatient = { visitId, me: "clinician", them: "patient", attempt: 1 } as const;

const certificate = new Uint8Array([1, 2, 3]);
const offer = async (): Promise<Description> => {
  const print = (await sha256(certificate)).slice(2).match(/../g)?.join(":");
  return { type: "offer", sdp: `v=0\r\na=fingerprint:sha-256 ${print}\r\n` };
};

/** A connection as far as it is looked at: what the other side's certificate is, and when it stands. */
function connection(der: Uint8Array | undefined, stats: object[] = []) {
  const life = new EventTarget();
  const transport = der && { getRemoteCertificates: () => [der.buffer, new Uint8Array([9]).buffer] };
  const made = Object.assign(life, {
    connectionState: "connecting",
    sctp: null,
    getReceivers: () => [{ transport }, { transport }],
    getStats: async () => new Map(stats.map((one) => [(one as { id: string }).id, one])),
    stands() {
      made.connectionState = "connected";
      life.dispatchEvent(new Event("connectionstatechange"));
    },
  });
  return made as unknown as RTCPeerConnection & { stands(): void };
}

async function verified() {
  const patient = page(ana);
  const first = await offer();
  await patient.check(first, await page(drOsei).vouch(first, toPatient), toDoctor);
  return patient;
}

test("nothing is confirmed before the connection stands", async () => {
  const patient = await verified();
  const line = connection(certificate);
  let confirmed = false;
  const waiting = patient.confirm(line, toDoctor).then(() => {
    confirmed = true;
  });
  await new Promise(setImmediate);
  expect(confirmed).toBe(false);
  line.stands();
  await waiting;
});

test("another certificate in use than the signed one is not private", async () => {
  const patient = await verified();
  const line = connection(new Uint8Array([6, 6, 6]));
  line.stands();
  await expect(patient.confirm(line, toDoctor)).rejects.toMatchObject({ why: "certificate" });
});

test("a browser that tells the certificate among its figures is held to them", async () => {
  const patient = await verified();
  const figures = (fingerprint: string) => [
    { id: "t", type: "transport", remoteCertificateId: "c" },
    { id: "c", type: "certificate", fingerprintAlgorithm: "sha-256", fingerprint },
  ];
  const right = (await sha256(certificate)).slice(2).toUpperCase().match(/../g)?.join(":") ?? "";
  for (const [fingerprint, good] of [
    [right, true],
    [right.replace(/^../, "66"), false],
  ] as const) {
    const line = connection(undefined, figures(fingerprint));
    line.stands();
    const outcome = patient.confirm(line, toDoctor).then(
      () => true,
      () => false,
    );
    expect(await outcome).toBe(good);
  }
});

test("nobody vouches to, or believes, whom the patient's permissions do not name", async () => {
  const guest = "9".repeat(32);
  const doctor = page(drOsei);
  await expect(doctor.vouch(await offer(), { ...toPatient, them: guest })).rejects.toThrow(Unnamed);
  await expect(doctor.check(await offer(), "{}", { ...toPatient, them: guest })).rejects.toThrow(Unnamed);
  await expect(page(drOsei).vouch(await offer(), { ...toPatient, me: guest })).rejects.toThrow(Unnamed);
  // Nor does a page speak in another's name.
  await expect(page(drOsei).vouch(await offer(), toDoctor)).rejects.toMatchObject({ why: "not-theirs" });
});

test("each attempt is held by itself, and the words are made from the latest", async () => {
  const asked: MemberId[] = [];
  const doctor = page(drOsei, asked);
  const patient = page(ana);
  const first = await offer();
  const proof = await doctor.vouch(first, toPatient);
  await patient.check(first, proof, toDoctor);
  expect(patient.about()).toBeUndefined();
  const answer = { ...first, type: "answer" } as const;
  await doctor.check(answer, await patient.vouch(answer, toDoctor), toPatient);
  const { visit, ...ends } = doctor.about() ?? {};
  expect(ends).toMatchObject({ clinician: { signer: drOsei.address }, patient: { signer: ana.address } });
  expect(patient.about()).toEqual({ visit, ...ends });
  expect(asked).toEqual(["clinician", "patient"]);
  const later = { ...toDoctor, attempt: 2 };
  await expect(patient.check(first, proof, later)).rejects.toMatchObject({ why: "not-theirs" });
});
