import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Action } from "../../lib/audit/entry.ts";
import type { ExportFormat } from "../../lib/audit/export.ts";
import { mira } from "../admin.fixture.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { dependOnEachOther } from "./admins.ts";
import { openExportRequests } from "./export-requests.ts";
import { openExports } from "./exports.ts";
import { written } from "./lines.fixture.ts";

const noor = { ...mira, id: "noor", name: "Dr. Noor Rahman" };
const visitOf = (n: number) => n.toString(16).padStart(32, "0");
const now = () => new Date();
const DIGESTS = ["export.asked", "export.made"] as const;
let folder: string;
let storage: Storage;
let requests: ReturnType<typeof openExportRequests>;
/** Lines of a session when its evidence was read. */
const linesOf = async (visitId: string) => storage.read.$count(tables.entry, eq(tables.entry.visitId, visitId));

beforeAll(async () => {
  folder = await madeFolder("approved");
  storage = await openStorage(folder, migrations);
  const exports = openExports({
    ...{ storage, now, clinicName: async () => null, address: "https://visits.example.org", warn: () => undefined },
    evidence: { ofSession: async (_, visitId) => ({ lines: await linesOf(visitId) }) as never },
    ledger: { chainId: "31337", address: `0x${"ab".repeat(20)}` },
  });
  requests = openExportRequests({ storage, exports, now });
  const at = now();
  await storage.keepBooks(async (tx) => {
    for (const { id, name } of [mira, noor])
      await tx
        .insert(tables.user)
        .values({ id, name, email: `${id}@x.org`, roles: "admin", createdAt: at, updatedAt: at });
    const nothing = { recipient: "", binding: "", person: "", voucher: "", device: "" };
    await tx
      .insert(tables.clinicianKey)
      .values({ ...nothing, signer: "0xnoor", userId: "noor", askedAt: at, enrolledAt: at });
    for (const n of [0, 1]) {
      const link = { claimHash: "", createdAt: at, linkExpiresAt: at };
      await tx
        .insert(tables.visit)
        .values({ id: visitOf(n), ...link, clinicianId: "noor", signer: "0xnoor", state: "over" });
      const state = n === 0 ? "final" : "ledger";
      await tx.insert(tables.act).values({
        id: `act${n}`,
        kind: "grant",
        call: {},
        visitId: visitOf(n),
        object: "",
        state,
        savedAt: at,
        movedAt: at,
      });
    }
  });
  await written(
    storage,
    [0, 1].map((n) => ({ visitId: visitOf(n) })),
  );
}, 60_000);
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true, force: true });
});

async function approved(format: ExportFormat): Promise<string> {
  const { id } = await requests.request(mira, { format, filter: { record: "final" }, reason: "court", note: "" });
  await requests.decide(noor, id, true);
  return id;
}
const become = (state: "ledger" | "final", n = 1) =>
  storage.keepBooks((tx) =>
    tx
      .update(tables.act)
      .set({ state })
      .where(eq(tables.act.id, `act${n}`)),
  );
const taken = async (id: string) => new Response((await requests.take(mira, id)).stream as never).text();

describe("what another admin approved", () => {
  test.each<[ExportFormat]>([["jsonl"], ["evidence"]])(
    "as %s is not downloaded once its filter finds more than it did, and is again where that is over",
    async (format) => {
      const id = await approved(format);
      await become("final");
      await expect(requests.take(mira, id)).rejects.toMatchObject({ code: "export.changed" });
      expect((await requests.list(mira)).requests.find((one) => one.id === id)).toMatchObject({ left: 5 });
      await become("ledger");
      expect((await taken(id)).trimEnd().split("\n")).toHaveLength(2);
    },
  );

  test.each<[ExportFormat]>([["jsonl"], ["evidence"]])(
    "as %s is not downloaded where its filter finds as many others",
    async (format) => {
      const id = await approved(format);
      await become("ledger", 0);
      await become("final", 1);
      await expect(requests.take(mira, id)).rejects.toMatchObject({ code: "export.changed" });
      await become("final", 0);
      await become("ledger", 1);
      expect((await taken(id)).trimEnd().split("\n")).toHaveLength(2);
    },
  );

  test("is told on the trail so that whoever has the file can see that it is the same", async () => {
    const id = await approved("jsonl");
    const lines = (await taken(id)).trimEnd().split("\n").slice(0, -1);
    const numbers = lines.map((line) => (JSON.parse(line) as { entry: { number: number } }).entry.number);
    const digest = createHash("sha256").update(numbers.join()).digest("hex");
    const told = await storage.read.select().from(tables.entry).where(inArray(tables.entry.action, DIGESTS));
    const of = told.filter(({ object, detail }) => object === id || detail.request === id);
    expect(of.map(({ action, detail }) => [action, detail.digest])).toEqual(DIGESTS.map((action) => [action, digest]));
  });

  test("as evidence is of those sessions, each as it is at the download", async () => {
    const id = await approved("evidence");
    const before = await linesOf(visitOf(0));
    await written(storage, [{ visitId: visitOf(0) }]);
    const [first, ...rest] = (await taken(id)).trimEnd().split("\n");
    expect(JSON.parse(first!)).toEqual({ lines: before + 1 });
    expect(rest).toHaveLength(1);
  });
});

describe("two admins", () => {
  const since = new Date("2026-11-10T00:00:00.000Z");
  const told = (at: string, actor: string, action: Action, object: string, detail: Record<string, string> = {}) =>
    ({ at, actor: { is: "staff", id: actor }, action, object, detail, visitId: null }) as const;
  const invites = (at: string, actor: string, whom: string, roles = "admin,clinician") => [
    told("2026-11-01T00:00:00.000Z", actor, "staff.invited", `to-${whom}`, { roles }),
    told(at, whom, "staff.joined", `to-${whom}`),
  ];
  const changes = (at: string, actor: string, whom: string, before: string, after: string) =>
    told(at, actor, "staff.roles-changed", whom, { before, after });
  const [OLD, NEW] = ["2026-11-09T23:59:59.999Z", "2026-11-11T00:00:00.000Z"];

  beforeAll(() =>
    written(storage, [
      ...invites(NEW, "ask", "invited"),
      ...invites(OLD, "ask", "long-there"),
      ...invites(NEW, "invited", "through"),
      ...invites(NEW, "ask", "doctor", "clinician"),
      ...invites(NEW, "ask", "doctor-then", "clinician"),
      changes(NEW, "ask", "doctor-then", "clinician", "admin,clinician"),
      ...invites(NEW, "ask", "doctor-by-another", "clinician"),
      changes(NEW, "else", "doctor-by-another", "clinician", "admin,clinician"),
      ...invites(OLD, "ask", "doctor-before", "clinician"),
      changes(NEW, "else", "doctor-before", "clinician", "admin,clinician"),
      ...invites(OLD, "else", "kept"),
      changes(NEW, "ask", "kept", "admin", "admin,clinician"),
      changes(OLD, "ask", "long-made", "clinician", "admin"),
    ]),
  );

  test.each<[string, string, boolean]>([
    ["ask", "invited", true],
    ["ask", "through", true],
    ["ask", "doctor-then", true],
    ["invited", "doctor-then", true],
    ["ask", "long-there", false],
    ["ask", "long-made", false],
    ["ask", "doctor-by-another", true],
    ["else", "doctor-by-another", true],
    ["ask", "doctor-before", false],
    // No admin, so no yes either: but one who may be made an admin any day.
    ["ask", "doctor", true],
    ["ask", "kept", false],
    ["ask", "else", false],
  ])("of whom one is %s and the other %s depend on each other: %s", async (one, other, depend) => {
    expect(await dependOnEachOther(storage.read, one, other, since)).toBe(depend);
    expect(await dependOnEachOther(storage.read, other, one, since)).toBe(depend);
  });
});
