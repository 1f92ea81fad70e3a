import { describe, expect, test } from "vitest";
import { faultsIn } from "../records/fhir-r4.fixture.ts";
import { balpFaults } from "./balp.fixture.ts";
import { patternOf } from "./balp.ts";
import { Action, type Entry } from "./entry.ts";
import { type AuditEvent, auditEventOf } from "./fhir.ts";
import { lineOf } from "./line.fixture.ts";

const ledger = { chainId: "31337", address: `0x${"ab".repeat(20)}` };
const about = { ledger, address: "https://visits.example.org", clinic: "Riverside Practice", name: null };
const consent = `0x${"c".repeat(64)}`;
const eventOf = (part: Partial<Entry>, patient: string | null = "K7M-4QD"): AuditEvent =>
  auditEventOf(lineOf({ detail: { why: "left", lines: 3 }, ...part }), { ...about, patient });

const actors: Entry["actor"][] = [
  { is: "staff", id: "esi" },
  { is: "patient", id: "K7M-4QD" },
  { is: "guest", id: "P2X-9HT" },
  { is: "nobody", id: "stranger" },
  { is: "system", id: "clock" },
];

describe("a line of the trail as an AuditEvent", () => {
  test.each(Action.options)("%s is FHIR R4, and what its profile of BALP wants, whoever did it", (action) => {
    for (const actor of actors)
      for (const refusal of [null, "consent.not-live", "auth.not-allowed"])
        for (const patient of [null, "K7M-4QD"])
          for (const under of [null, consent]) {
            const event = eventOf({ action, actor, refusal, consent: under }, patient);
            expect([actor.is, refusal, patient, balpFaults(event)]).toEqual([actor.is, refusal, patient, []]);
          }
    expect(faultsIn(eventOf({ action, consent, object: consent }))).toEqual([]);
    expect(faultsIn(eventOf({ action, refusal: "consent.not-live", actor: actors[3]! }, null))).toEqual([]);
  });

  test("is validated by what would find a fault", () => {
    const event = eventOf({ action: "record.read" });
    expect(faultsIn({ ...event, outcome: "3" })).not.toEqual([]);
    expect(faultsIn({ ...event, agent: [] })).not.toEqual([]);
    expect(balpFaults({ ...event, outcome: "4" })).toEqual(["outcome"]);
    expect(balpFaults({ ...event, agent: event.agent.slice(1) })).toHaveLength(1);
    expect(balpFaults({ ...event, entity: event.entity!.slice(1) })).toHaveLength(1);
    const named = event.agent.map((agent) => ({ ...agent, media: {} }));
    expect(balpFaults({ ...event, agent: named })).toHaveLength(3);
  });

  test("that reads, with a patient, is PatientRead; without one it is Read", () => {
    const [profile] = eventOf({ action: "record.read" }).meta.profile!;
    expect(profile).toBe("https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead");
    expect(eventOf({ action: "folder.read" }, null).meta.profile![0]).toMatch(/BasicAudit\.Read$/);
  });

  test("of a permission that was given is a decision that permits; of one that was missing, one that denies", () => {
    const permit = eventOf({ action: "consent.granted", object: consent, actor: actors[1]! });
    const deny = eventOf({ action: "record.refused", refusal: "consent.kind-not-allowed", consent });
    const no = eventOf({ action: "approval.refused", consent, actor: actors[1]! });
    for (const event of [permit, deny, no]) expect(event.meta.profile![0]).toMatch(/AuthZconsent$/);
    expect([permit, deny, no].map(({ outcome }) => outcome)).toEqual(["0", "4", "4"]);
    expect(permit.outcomeDesc).toBeUndefined();
    expect(deny.outcomeDesc).toBe("consent.kind-not-allowed");
    for (const event of [permit, deny, no])
      expect(event.entity!.map(({ what }) => what!.identifier?.value)).toEqual(["K7M-4QD", consent]);
  });

  test("that was refused for another reason claims no profile of what was done", () => {
    const event = eventOf({ action: "access.refused", refusal: "auth.not-allowed" });
    expect(event.meta.profile).toBeUndefined();
    expect(event).toMatchObject({ outcome: "4", outcomeDesc: "auth.not-allowed", type: { code: "110113" } });
  });

  test("names a patient by their code in this visit, and the line by its number and hash", () => {
    const event = eventOf({ action: "record.read", number: 12 });
    const line = lineOf({ detail: { why: "left", lines: 3 }, action: "record.read", number: 12 });
    expect(event.id).toBe(line.entry.hash.slice(2));
    expect(event.meta.tag.map(({ code }) => code)).toEqual(["record.read", "12"]);
    const patients = event.entity!.filter(({ what }) => what?.type === "Patient");
    expect(patients).toMatchObject([{ what: { identifier: { value: "K7M-4QD" } } }]);
    expect(patients[0]!.what!.display).toBeUndefined();
  });

  test("of an action that nobody knows is told all the same", () => {
    const line = lineOf({ action: "visit.haunted" as never });
    expect(faultsIn(auditEventOf(line, { ...about, patient: null }))).toEqual([]);
  });
});

test("every action has its pattern", () => {
  expect(Object.keys(patternOf).sort()).toEqual([...Action.options].sort());
});
