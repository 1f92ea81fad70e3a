import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOf } from "../lib/consent/typed-data.ts";
import { endVisit } from "../lib/visits/api.ts";
import { allowGuest, leaveAsGuest, readGuest, revokeGuest, turnAwayGuest } from "../lib/visits/guest-api.ts";
import { ask, heard, up } from "./call/people.fixture.ts";
import { type Browser, Clinic, type Doctor, drOsei, type InCall, inCall } from "./clinic.fixture.ts";
import { guestConsent, guestInCall, guestLink, maria } from "./guest.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
const sockets: Socket[] = [];

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await clinic.close();
});

async function connect(browser: Browser, auth: object): Promise<Socket> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const socket = io(`http://127.0.0.1:${clinic.port}`, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie, origin: browser.origin },
    auth: { version: 1, instance: crypto.randomUUID().replaceAll("-", ""), ...auth },
  });
  sockets.push(socket);
  await up(socket);
  return socket;
}

const enter = (socket: Socket, visitId: string) => ask(socket, "call:enter", { visitId, with: [] });

async function running() {
  const visit: InCall = await inCall(clinic, doctor, { video: "allow", prescriptions: "ask", files: "ask" });
  const { visitId } = visit.planned;
  const patient = await connect(visit.patient.browser, { visitId });
  const staff = await connect(doctor.browser, {});
  expect(await enter(patient, visitId)).toMatchObject({ ok: true });
  expect(await enter(staff, visitId)).toMatchObject({ ok: true });
  return { visit, visitId, patient, staff };
}

test("a guest is in the call from the patient’s signature on and not a moment before", async () => {
  const { visit, visitId, patient } = await running();
  const guest = await maria(clinic, doctor, visit, await guestLink(doctor.browser, visit));
  const socket = await connect(guest.browser, { visitId, guest: guest.link.guestId });
  expect(await ask(socket, "visit:watch", { visitId })).toEqual({ ok: true, value: { state: "in-call" } });
  expect(await enter(socket, visitId)).toMatchObject({ ok: false, code: "consent.not-live" });
  // The others never noticed.
  expect(await enter(patient, visitId)).toMatchObject({ ok: true, value: { others: [{ member: "clinician" }] } });

  const told = heard(socket, "visit:changed");
  const { ask: consent } = await guestConsent(visit, guest);
  await visit.patient.browser.ask(allowGuest, consent);
  await told;
  const seen = heard(patient, "call:present");
  expect(await enter(socket, visitId)).toMatchObject({ ok: true });
  expect(await seen).toMatchObject({ member: guest.link.guestId, present: true });
});

test("revoked or gone by themselves, a guest is out within two seconds, the others are told and stay", async () => {
  const { visit, visitId, patient, staff } = await running();
  const ways = {
    revoked: async (guest: Awaited<ReturnType<typeof guestInCall>>) =>
      visit.patient.browser.ask(revokeGuest, {
        ...{ visitId, guestId: guest.link.guestId },
        signature: await visit.patient.keys.sign(digestOf("Revocation", { consent: guest.consentId }, visit.ledger)),
      }),
    left: (guest: Awaited<ReturnType<typeof guestInCall>>) =>
      guest.browser.ask(leaveAsGuest, { guestId: guest.link.guestId }),
  };
  for (const way of Object.values(ways)) {
    const guest = await guestInCall(clinic, doctor, visit);
    const socket = await connect(guest.browser, { visitId, guest: guest.link.guestId });
    expect(await enter(socket, visitId)).toMatchObject({ ok: true });
    const news = [heard(socket, "consent:revoked"), heard(patient, "call:present"), heard(staff, "call:present")];
    const began = performance.now();
    expect((await way(guest)).status).toBe(200);
    const [, ...others] = await Promise.all(news);
    expect(performance.now() - began).toBeLessThan(2_000);
    for (const other of others) expect(other).toMatchObject({ member: guest.link.guestId, present: false, left: true });
    expect(await enter(socket, visitId)).toMatchObject({ ok: false, code: "visit.over" });
    expect(await ask(staff, "call:signal", signalTo(visitId, "patient"))).toMatchObject({ ok: true });
  }
});

const signalTo = (visitId: string, to: string) => ({
  ...{ visitId, to, attempt: 1 },
  data: { type: "renegotiate", renegotiate: true },
});

test("a guest’s link opens no other visit’s call, nor the doctor’s news", async () => {
  const { visit, visitId } = await running();
  const other = await running();
  const guest = await guestInCall(clinic, doctor, visit);
  const socket = await connect(guest.browser, { visitId, guest: guest.link.guestId });
  const there = await enter(socket, other.visitId);
  expect(there).toEqual({ ok: false, code: "visit.not-found" });
  expect(await enter(socket, "0".repeat(32))).toEqual(there);
  expect(await ask(socket, "visits:watch", {})).toMatchObject({ ok: false, code: "auth.not-allowed" });
  await expect(connect(guest.browser, { visitId: other.visitId, guest: guest.link.guestId })).rejects.toThrow(
    "auth.needed",
  );
});

test("a guest who was taken out or turned away hears no more of the visit", async () => {
  const { visit, visitId, patient } = await running();
  const inside = await guestInCall(clinic, doctor, visit);
  const asking = await maria(clinic, doctor, visit, await guestLink(doctor.browser, visit));
  const sockets = await Promise.all(
    [inside, asking].map(({ browser, link }) => connect(browser, { visitId, guest: link.guestId })),
  );
  for (const socket of sockets) await ask(socket, "visit:watch", { visitId });
  const toldToAsking = heard(sockets[1]!, "visit:changed");
  await visit.patient.browser.ask(revokeGuest, {
    ...{ visitId, guestId: inside.link.guestId },
    signature: await visit.patient.keys.sign(digestOf("Revocation", { consent: inside.consentId }, visit.ledger)),
  });
  await visit.patient.browser.ask(turnAwayGuest, { visitId, guestId: asking.link.guestId });
  await toldToAsking;
  const news: string[] = [];
  for (const [i, { browser, link }] of [inside, asking].entries()) {
    // Asking again does not bring it back.
    expect((await ask(sockets[i]!, "visit:watch", { visitId })).value).toEqual({ state: "over" });
    expect((await browser.ask(readGuest, { guestId: link.guestId })).value.visit).toBe("over");
    sockets[i]!.onAny((event: string) => news.push(event));
  }
  const toldToPatient = heard(patient, "visit:changed");
  await doctor.browser.ask(endVisit, { visitId });
  expect(await toldToPatient).toMatchObject({ state: "over" });
  for (const socket of sockets) await ask(socket, "line:probe", {});
  expect(news).toEqual([]);
});
