import { ExportAsked, exportName, ITEMS_HEADER, MAKE_EXPORT, mediaTypes, sizeExport } from "../../lib/audit/export.ts";
import type { Door, Http } from "../http.ts";
import type { Exports, Made } from "./exports.ts";

export function answerExports(door: Door, exports: Exports): void {
  door.on(sizeExport, "admin", (filter, staff) => exports.size(staff, filter));
  door.raw("POST", MAKE_EXPORT, "admin", async (http, staff) => {
    const asked = ExportAsked.parse(await http.req.json().catch(() => null));
    return answerMade(http, await exports.make(staff, asked));
  });
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
