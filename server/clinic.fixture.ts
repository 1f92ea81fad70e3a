import { rm } from "node:fs/promises";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import type * as z from "zod/mini";
import { createClinic, readClinic } from "../lib/auth/api.ts";
import { newKey } from "../lib/auth/device.ts";
import { authorize } from "../lib/consent/api.ts";
import { type Choices, type Consent, kinds, scopesOf } from "../lib/consent/grant.ts";
import { termsHash, termsText } from "../lib/consent/terms.ts";
import { consentId, digestOf } from "../lib/consent/typed-data.ts";
import { randomHex } from "../lib/keyring/bytes.ts";
import { clinicianKeys, type Keys, newSeed, patientKeys } from "../lib/keyring/keyring.ts";
import { sealFor } from "../lib/keyring/sealed.ts";
import type { Content } from "../lib/records/content.ts";
import { envelopeOf, sealRecord } from "../lib/records/envelope.ts";
import { newPrescription, type Prescription } from "../lib/records/prescription.ts";
import type { NewRecord } from "../lib/records/record.ts";
import { sealEnvelope } from "../lib/records/seal.ts";
import { slipFor } from "../lib/records/slip.ts";
import { admit, claimLink, createVisit } from "../lib/visits/api.ts";
import { newLink, tokenOf, visitTopic } from "../lib/visits/link.ts";
import { type Endpoint, SIDE_HEADER } from "../lib/wire.ts";
import { type App, openApp } from "./app.ts";
import { readConfig } from "./config.ts";
import { madeFolder } from "./storage/made.fixture.ts";

/** What came back: a value or a refusal's code, and the status either way. */
export interface Answer<T> {
  status: number;
  value: T;
  code: string | undefined;
}

/** A browser as the API sees it: cookies, an origin, a side. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly port: number;
  side = "staff";
  origin: string;
  /** Where it says it comes from, to a server behind one proxy. */
  from: string | null = null;
  constructor(port: number) {
    this.port = port;
    this.origin = `http://localhost:${port}`;
  }

  send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string | Uint8Array,
  ): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const own = { ...(cookie ? { cookie } : {}), ...(this.from ? { "x-forwarded-for": this.from } : {}) };
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: "127.0.0.1", port: this.port, method, path, headers: { ...own, ...headers } },
        (response) => {
          for (const line of response.headers["set-cookie"] ?? []) {
            const [pair] = line.split(";");
            const at = pair!.indexOf("=");
            this.cookies.set(pair!.slice(0, at), pair!.slice(at + 1));
          }
          const pieces: Buffer[] = [];
          response.on("data", (piece: Buffer) => pieces.push(piece));
          response.on("end", () =>
            resolve({
              status: response.statusCode!,
              text: Buffer.concat(pieces).toString("utf8"),
              headers: response.headers,
            }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  async ask<In extends z.ZodMiniType, Out extends z.ZodMiniType>(
    e: Endpoint<In, Out>,
    input: z.input<In>,
  ): Promise<Answer<z.output<Out>>> {
    const fields = { ...(input as Record<string, unknown>) };
    let path = e.path.replace(/:(\w+)/g, (_, name: string) => {
      const value = fields[name];
      delete fields[name];
      return encodeURIComponent(String(value));
    });
    const json = e.method === "GET" ? undefined : JSON.stringify(fields);
    if (!json && Object.keys(fields).length > 0) path += `?${new URLSearchParams(fields as Record<string, string>)}`;
    const headers = {
      origin: this.origin,
      [SIDE_HEADER]: this.side,
      ...(json ? { "content-type": "application/json" } : {}),
    };
    const { status, text } = await this.send(e.method, path, headers, json);
    const body = JSON.parse(text) as { code?: string };
    return {
      status,
      value: status < 400 ? (e.answer.parse(body) as z.output<Out>) : (undefined as z.output<Out>),
      code: status < 400 ? undefined : body.code,
    };
  }
}

/** A clinic on real parts (database, ledger, HTTP) in a folder of its own. */
export class Clinic {
  readonly app: App;
  readonly folder: string;
  readonly port: number;
  private constructor(app: App, folder: string, port: number) {
    this.app = app;
    this.folder = folder;
    this.port = port;
  }

  static async open(
    folder?: string,
    settings: Record<string, string> = {},
    hurry: { noticeAfterMs?: number; now?: () => Date } = {},
  ): Promise<Clinic> {
    const at = folder ?? (await madeFolder("clinic"));
    const port = Number(settings.PORT ?? (await freePort()));
    const config = readConfig({ DATA_DIR: at, PORT: String(port), ...settings });
    const app = await openApp({
      config,
      render: (_, response) => void response.writeHead(404).end(),
      version: "test",
      dev: false,
      log: pino({ level: "silent" }),
      ...hurry,
    });
    await new Promise<void>((resolve) => app.server.listen(port, "127.0.0.1", resolve));
    return new Clinic(app, at, port);
  }

  browser(): Browser {
    return new Browser(this.port);
  }

  async close(options: { keep?: boolean } = {}): Promise<void> {
    await this.app.close();
    if (!options.keep) await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export interface Doctor {
  browser: Browser;
  name: string;
  keys: Keys;
}

export async function drOsei(clinic: Clinic): Promise<Doctor> {
  const browser = clinic.browser();
  const keys = await clinicianKeys(newSeed());
  const name = "Dr. Esi Osei";
  const answer = await browser.ask(createClinic, {
    clinicName: "Riverside Practice",
    name,
    email: "esi@riverside.example",
    password: "a long passphrase",
    key: await newKey(keys, keys, "Firefox on Linux"),
  });
  if (answer.status !== 200) throw new Error(answer.code);
  return { browser, keys, name };
}

export interface Planned {
  visitId: string;
  secret: string;
}

export async function plan(doctor: Doctor): Promise<Planned> {
  const { visitId, secret, claimHash } = await newLink();
  const details = await sealFor([doctor.keys.recipient], { patientName: "", reason: "", language: "English", secret });
  const answer = await doctor.browser.ask(createVisit, {
    id: visitId,
    signer: doctor.keys.signer,
    claimHash,
    details,
    plannedFor: null,
  });
  if (answer.status !== 200) throw new Error(answer.code);
  return { visitId, secret };
}

export interface PatientThere {
  browser: Browser;
  keys: Keys;
}

export async function claimAsk(planned: Planned, keys: Keys) {
  const at = Math.floor(Date.now() / 1000);
  const { signer, recipient } = keys;
  const proof = await keys.sign(digestOf("Claim", { visit: planned.visitId, signer, recipient, at }));
  return {
    visitId: planned.visitId,
    token: await tokenOf(planned.secret),
    signer,
    recipient,
    at,
    proof,
    binding: keys.card.binding,
    details: null,
  };
}

/** A patient at the link: with a new seed, or with the keys that are given. */
export async function ana(
  clinic: Clinic,
  planned: Planned,
  keysOf: (visitId: string) => Promise<Keys> = (visitId) => patientKeys(newSeed(), visitId),
): Promise<PatientThere> {
  const browser = clinic.browser();
  browser.side = "patient";
  const keys = await keysOf(planned.visitId);
  const answer = await browser.ask(claimLink, await claimAsk(planned, keys));
  if (answer.status !== 200) throw new Error(answer.code);
  return { browser, keys };
}

export async function consentOf(
  clinic: Clinic,
  planned: Planned,
  doctor: Doctor,
  patient: PatientThere,
  choices: Choices,
) {
  const ledger = (await clinic.browser().ask(readClinic, {})).value.ledger;
  const now = Math.floor(Date.now() / 1000);
  const validUntil = now + 6 * 3600;
  const terms = await termsHash(
    termsText({ clinic: "Riverside Practice", clinician: doctor.name, choices, validUntil, version: 1 }),
  );
  const consent: Consent = {
    patient: patient.keys.signer,
    grantee: doctor.keys.signer,
    visit: await visitTopic(planned.visitId),
    scopes: scopesOf(choices),
    validFrom: now - 60,
    validUntil,
    terms,
    salt: randomHex(32),
  };
  return {
    consent,
    id: consentId(consent),
    ledger,
    signature: await patient.keys.sign(digestOf("Consent", consent, ledger)),
  };
}

/** Ana has claimed and authorized, and waits. */
export async function inWaitingRoom(
  clinic: Clinic,
  doctor: Doctor,
  choices: Choices,
  keysOf?: (visitId: string) => Promise<Keys>,
) {
  const planned = await plan(doctor);
  const patient = await ana(clinic, planned, keysOf);
  const { consent, id, ledger, signature } = await consentOf(clinic, planned, doctor, patient, choices);
  const granted = await patient.browser.ask(authorize, { visitId: planned.visitId, consent, signature });
  if (granted.status !== 200) throw new Error(granted.code);
  return { planned, patient, consent, consentId: id, ledger };
}

export type InCall = Awaited<ReturnType<typeof inWaitingRoom>>;

/** The same, and the doctor has admitted her. */
export async function inCall(...those: Parameters<typeof inWaitingRoom>): Promise<InCall> {
  const visit = await inWaitingRoom(...those);
  const admitted = await those[1].browser.ask(admit, { visitId: visit.planned.visitId });
  if (admitted.status !== 200) throw new Error(admitted.code);
  return visit;
}

/** A record as the author's browser makes it. */
export async function signed(
  visit: InCall,
  author: Keys,
  others: readonly string[],
  content: Content,
  number: number,
): Promise<NewRecord & { visitId: string }> {
  const visitId = visit.planned.visitId;
  const paper = content.kind === "prescription" ? await slipFor(content) : null;
  const recipients = [author.recipient, ...others, ...(paper ? [paper.recipient] : [])].sort();
  const { commitment, envelope, ciphertext } = await sealRecord({ visitId, content, recipients });
  const signedAt = Math.floor(Date.now() / 1000);
  const { kind } = content;
  const record = { consent: visit.consentId, kind: kinds[kind], commitment, number, signedAt };
  return {
    visitId,
    kind,
    commitment,
    number,
    signedAt,
    signature: await author.sign(digestOf("Record", record, visit.ledger)),
    envelope,
    recipients,
    seal: await sealEnvelope(envelopeOf({ visit: visitId, kind, ciphertext, commitment, recipients }), author),
    blob: content.kind === "file-share" ? content.blob : null,
    slip: paper?.slip ?? null,
    cancels: content.kind === "prescription-cancelled" ? content.record : null,
  };
}

export const sessionStart = (): Content => ({
  kind: "session-start",
  at: new Date().toISOString(),
  fingerprints: { clinician: `0x${"d1".repeat(32)}`, patient: `0x${"a2".repeat(32)}` },
});

/** The form of a file's own key; it opens nothing. */
export const aFileKey = `AGE-SECRET-KEY-1${"Q".repeat(58)}`;

/** A prescription of one medicine, or more of the same. */
export const prescriptionOf = (medication: string, ...more: string[]): Prescription =>
  newPrescription({
    items: [medication, ...more].map((name) => ({
      medication: name,
      dose: { value: 1, unit: "tablet" },
      route: "By mouth",
      frequency: "Once a day",
      duration: { value: 14, unit: "day" },
      quantity: { value: 14, unit: "tablets" },
      refills: 0,
      instructions: "In the evening",
    })),
    patient: "Ana Duarte",
    clinician: "Dr. Esi Osei",
    now: new Date(),
    replaces: null,
  });
export const cetirizine = prescriptionOf("Cetirizine 10 mg");
