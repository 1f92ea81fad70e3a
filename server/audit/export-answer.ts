import { ExportAsked, exportName, ITEMS_HEADER, MAKE_EXPORT, mediaTypes, sizeExport } from "../../lib/audit/export.ts";
import {
  askExport,
  countExportRequests,
  decideExport,
  listExportRequests,
  takeApprovedPath,
  withdrawExport,
} from "../../lib/audit/export-request.ts";
import type { Door, Http } from "../http.ts";
import type { ExportRequests } from "./export-requests.ts";
import type { Exports, Made } from "./exports.ts";

interface Rooms {
  exports: Exports;
  requests: ExportRequests;
  /** Throws `Refusal("auth.confirm")` unless the password was given in this session just now. */
  assertConfirmed(headers: Headers): Promise<void>;
}

export function answerExports(door: Door, { exports, requests, assertConfirmed }: Rooms): void {
  door.on(sizeExport, "admin", (filter, staff) => exports.size(staff, filter));
  door.raw("POST", MAKE_EXPORT, "admin", async (http, staff) => {
    const asked = ExportAsked.parse(await http.req.json().catch(() => null));
    return answerMade(http, await exports.make(staff, asked));
  });

  door.on(countExportRequests, "admin", (_, staff) => requests.waiting(staff));
  door.on(listExportRequests, "admin", (_, staff) => requests.list(staff));
  door.on(askExport, "admin", (asked, staff) => requests.request(staff, asked));
  door.on(decideExport, "admin", async ({ id, approve }, staff, http) => {
    await assertConfirmed(http.req.raw.headers);
    return requests.decide(staff, id, approve);
  });
  door.on(withdrawExport, "admin", ({ id }, staff) => requests.withdraw(staff, id));
  door.raw("POST", takeApprovedPath(":id"), "admin", async (http, staff) =>
    answerMade(http, await requests.take(staff, http.req.param("id")!)),
  );
}

/** A file as it is written: how much it will be is said before, so that nobody takes a part for the whole. */
function answerMade(http: Http, { format, items, stream }: Made): Response {
  return http.body(stream, 200, {
    "content-type": mediaTypes[format],
    "content-disposition": `attachment; filename="${exportName(format, new Date())}"`,
    "content-security-policy": "sandbox",
    "cache-control": "no-store",
    [ITEMS_HEADER]: String(items),
  });
}
