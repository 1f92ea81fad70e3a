import { withoutPlaces } from "../lib/audit/stores.ts";
import type { Door } from "./http.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { Blobs } from "./storage/blobs.ts";
import { RESERVE, spaceOf } from "./storage/space.ts";
import type { Reader, Storage } from "./storage/storage.ts";

interface Rooms {
  storage: Pick<Storage, "read">;
  ledger: Pick<Ledger, "status">;
  blobs: Pick<Blobs, "standing" | "figures">;
  clinicName: (read: Reader) => Promise<string | null>;
  dataDir: string;
  version: string;
}

/** How the parts are, for whoever watches over the server: 503 where one keeps it from doing its work. */
export function answerHealth(door: Door, { storage, ledger, blobs, clinicName, dataDir, version }: Rooms): void {
  door.hono.get("/api/health", async (http) => {
    const database = await clinicName(storage.read).then(
      () => true,
      () => false,
    );
    const status = await ledger.status().catch(() => null);
    const full = spaceOf(dataDir).free < RESERVE.changes;
    const standing = full ? "full" : blobs.standing();
    const stored = standing === "ok" || standing === "degraded";
    const healthy = database && stored && status !== null && status.state !== "read-only";
    return http.json(
      {
        status: healthy ? "ok" : "failing",
        version,
        database: database ? "ok" : "failing",
        ledger: status ?? { state: "failing" },
        storage: standing,
        files: await blobs.figures().then(withoutPlaces, () => null),
      },
      healthy ? 200 : 503,
    );
  });
}
