import { expect, test } from "vitest";
import { ana, drOsei, type Key, ledger, mallory, word } from "../ledger/people.fixture.ts";
import type { Side } from "./member.ts";
import { type Description, fingerprintFrom, fingerprintOf, NotPrivate, type Party, VerifiedLeg } from "./verified.ts";

const print = (byte: string) => Array.from({ length: 32 }, () => byte.toUpperCase()).join(":");
const ofDoctor = print("d1");
const ofPatient = print("a2");
const ofMallory = print("66");

function sdp(fingerprint: string, { ufrag = "8hhY", pwd = "asd88fgpdd777uzjYhagZg", setup = "actpass" } = {}): string {
  const section = (kind: string, mid: number) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=setup:${setup}`,
    `a=mid:${mid}`,
  ];
  return ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", ...section("audio", 0), ...section("video", 1), ""].join("\r\n");
}
const offer = (of = ofDoctor): Description => ({ type: "offer", sdp: sdp(of) });
const answer = (of = ofPatient): Description => ({ type: "answer", sdp: sdp(of, { ufrag: "Qw3r", setup: "active" }) });

const party = (role: Side, key: Key): Party & { sign(digest: string): Promise<string> } => ({
  role,
  signer: key.address,
  sign: async (digest) => key.sign(digest),
});
const doctor = party("clinician", drOsei);
const patient = party("patient", ana);
const visit = word("10");
const leg = (me: typeof doctor, them: Party, attempt = 3, of = visit) =>
  new VerifiedLeg({ ledger, visit: of, attempt, me, them });

interface Carried {
  description: Description;
  proof: string | undefined;
}
/** What a server between the two may do to what it carries. `old` is what it kept of the attempt before. */
type Proxy = (carried: Carried, to: Side, old: { offer: Carried; answer: Carried }) => Carried | Promise<Carried>;

function pair(attempt: number) {
  return { d: leg(doctor, patient, attempt), p: leg(patient, doctor, attempt) };
}
const said = async (by: VerifiedLeg, description: Description): Promise<Carried> => ({
  description,
  proof: await by.vouch(description),
});
const hear = (by: VerifiedLeg, { description, proof }: Carried) => by.check(description, proof);

/** Two people find each other through `proxy`. Resolves with what each of them ends with. */
async function negotiate(proxy: Proxy): Promise<{ patient: string; doctor: string }> {
  const before = pair(2);
  const old = {
    offer: await said(before.d, offer()),
    answer: { description: answer(), proof: undefined as string | undefined },
  };
  hear(before.p, old.offer);
  old.answer = await said(before.p, answer());
  hear(before.d, old.answer);

  const { d, p } = pair(3);
  const outcome = (work: () => void): string => {
    try {
      work();
      return "shown";
    } catch (fault) {
      if (fault instanceof NotPrivate) return fault.why;
      throw fault;
    }
  };
  const first = await said(d, offer());
  const offered = await proxy(first, "patient", old);
  const ofThePatient = outcome(() => {
    hear(p, offered);
    p.confirm(fingerprintOf(offered.description.sdp) ?? "");
  });
  // A patient who refused says nothing more; a proxy may still make up an answer from what it has.
  const real = ofThePatient === "shown" ? await said(p, answer()) : { description: answer(), proof: undefined };
  const answered = await proxy(real, "clinician", old);
  const ofTheDoctor = outcome(() => {
    hear(d, answered);
    d.confirm(fingerprintOf(answered.description.sdp) ?? "");
  });
  return { patient: ofThePatient, doctor: ofTheDoctor };
}

test("two people whom nobody disturbs see each other, and each knows both ends", async () => {
  expect(await negotiate((carried) => carried)).toEqual({ patient: "shown", doctor: "shown" });
  const { d, p } = pair(1);
  hear(p, await said(d, offer()));
  expect(p.ends).toBeUndefined();
  hear(d, await said(p, answer()));
  expect(d.ends).toEqual({
    clinician: { signer: drOsei.address, fingerprint: fingerprintFrom(ofDoctor) },
    patient: { signer: ana.address, fingerprint: fingerprintFrom(ofPatient) },
  });
  expect(p.ends).toEqual(d.ends);
});

const withSdp = ({ description, proof }: Carried, change: (sdp: string) => string): Carried => ({
  description: { ...description, sdp: change(description.sdp) },
  proof,
});
/** Mallory signs in her own name, and claims to be whoever should speak. */
const byMallory = async (of: Carried, to: Side): Promise<Carried> => {
  const role = to === "patient" ? "clinician" : "patient";
  const her = leg(party(role, mallory), to === "patient" ? patient : doctor);
  const description = { ...of.description, sdp: sdp(ofMallory) };
  return { description, proof: await her.vouch(description) };
};
const variants: [string, string, Proxy][] = [
  [
    "the fingerprint swapped",
    "fingerprint",
    (one) => withSdp(one, (text) => text.replaceAll(/[AD][12](?=:|\r)/g, "66")),
  ],
  [
    "the ICE credentials swapped",
    "changed",
    (one) => withSdp(one, (text) => text.replaceAll(/ice-(ufrag|pwd):.*/g, "ice-$1:hers8888hers8888hers8888")),
  ],
  ["the whole description swapped for her own", "not-theirs", byMallory],
  [
    "a description of an earlier attempt played back",
    "not-theirs",
    (_, to, old) => (to === "patient" ? old.offer : old.answer),
  ],
  ["the signature dropped", "unsigned", ({ description }) => ({ description, proof: undefined })],
  ["one's own description sent back", "not-theirs", (_, to) => reflected(to)],
];
/** What whoever hears it had said themselves. */
function reflected(to: Side): Promise<Carried> {
  const own = to === "patient" ? leg(patient, doctor) : leg(doctor, patient);
  return said(own, offer(to === "patient" ? ofPatient : ofDoctor));
}

test.each(variants)("T-SIG1: with %s, nobody is shown: %s", async (_, why, proxy) => {
  expect((await negotiate(proxy)).patient).toBe(why);
  // The same towards the doctor, while the patient hears the truth.
  const late: Proxy = (carried, to, old) => (to === "clinician" ? proxy(carried, to, old) : carried);
  expect(await negotiate(late)).toEqual({ patient: "shown", doctor: why });
});

test("T-SIG1: what was vouched for another visit, person or part is nobody's word here", async () => {
  const other = offer();
  const words: [VerifiedLeg, VerifiedLeg][] = [
    [leg(doctor, patient, 3, word("77")), leg(patient, doctor)],
    [leg(doctor, party("guest", mallory)), leg(patient, doctor)],
    [leg({ ...doctor, role: "guest" }, patient), leg(patient, doctor)],
    [
      new VerifiedLeg({ ledger: { ...ledger, chainId: "1" }, visit, attempt: 3, me: doctor, them: patient }),
      leg(patient, doctor),
    ],
  ];
  for (const [by, to] of words) {
    const carried = await said(by, other);
    expect(() => hear(to, carried)).toThrow(expect.objectContaining({ why: "not-theirs" }));
  }
});

test("a description counts once, in order, and an answer only for what was offered", async () => {
  const { d, p } = pair(1);
  const first = await said(d, offer());
  const second = await said(d, { type: "offer", sdp: sdp(ofDoctor, { ufrag: "newx" }) });
  hear(p, first);
  const toFirst = await said(p, answer());
  hear(p, second);
  expect(() => hear(p, first)).toThrow(expect.objectContaining({ why: "replayed" }));
  expect(() => hear(p, second)).toThrow(expect.objectContaining({ why: "replayed" }));
  hear(d, toFirst); // late, but to what this page offered
  expect(() => hear(d, toFirst)).toThrow(expect.objectContaining({ why: "replayed" }));
  const unasked = leg(patient, doctor, 1);
  for (let i = 0; i < 2; i += 1) await unasked.vouch(answer());
  const third = await said(unasked, answer());
  expect(() => hear(d, third)).toThrow(expect.objectContaining({ why: "replayed" }));
});

test("nobody gets another certificate in the middle of an attempt, signed or not", async () => {
  const { d, p } = pair(1);
  hear(p, await said(d, offer()));
  const hers = await said(d, offer(ofMallory));
  expect(() => hear(p, hers)).toThrow(expect.objectContaining({ why: "certificate" }));
});

test("the certificate in use must be the signed one", async () => {
  const { d, p } = pair(1);
  expect(() => p.confirm(fingerprintFrom(ofDoctor))).toThrow(expect.objectContaining({ why: "unsigned" }));
  hear(p, await said(d, offer()));
  p.confirm(fingerprintFrom(ofDoctor));
  expect(() => p.confirm(fingerprintFrom(ofMallory))).toThrow(
    expect.objectContaining({
      why: "certificate",
      compared: { signed: fingerprintFrom(ofDoctor), used: fingerprintFrom(ofMallory) },
    }),
  );
});

test("a description has one SHA-256 fingerprint, the same in every section, or none that counts", async () => {
  const plain = sdp(ofDoctor);
  expect(fingerprintOf(plain)).toBe(fingerprintFrom(ofDoctor));
  expect(fingerprintOf(plain.toLowerCase())).toBe(fingerprintFrom(ofDoctor));
  const second = `a=fingerprint:sha-256 ${ofMallory}`;
  const broken = [
    "",
    plain.replaceAll("a=fingerprint", "a=other"),
    plain.replace(ofDoctor, ofMallory),
    `${plain}${second}\r\n`,
    `${plain}${second}\n`,
    plain.replace("s=-\r\n", `s=-\r${second}\r\n`),
    `${plain}A=FINGERPRINT:SHA-256 ${ofMallory}\r\n`,
    plain.replaceAll("sha-256", "sha-1"),
    `${plain}a=fingerprint:sha-1 ${print("01").slice(0, 59)}\r\n`,
    `${plain}a=fingerprint:sha-256 ${ofDoctor.slice(3)}\r\n`,
  ];
  for (const text of broken) expect(fingerprintOf(text)).toBeUndefined();
  await expect(leg(doctor, patient).vouch({ type: "offer", sdp: "" })).rejects.toThrow(TypeError);
});

test("unreadable proofs are none", async () => {
  const { d, p } = pair(1);
  const { description, proof = "" } = await said(d, offer());
  const read = JSON.parse(proof);
  const odd = [
    "",
    "{}",
    "null",
    "[",
    proof.slice(1),
    JSON.stringify({ ...read, more: 1 }),
    JSON.stringify({ ...read, number: "1" }),
  ];
  for (const one of odd) expect(() => p.check(description, one)).toThrow(expect.objectContaining({ why: "unsigned" }));
  const flipped = JSON.stringify({
    ...read,
    signature: read.signature.replace(/..$/, (v: string) => (v === "1b" ? "1c" : "1b")),
  });
  expect(() => p.check(description, flipped)).toThrow(expect.objectContaining({ why: "not-theirs" }));
  p.check(description, proof);
});
