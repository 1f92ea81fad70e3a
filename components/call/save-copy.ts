import { saveFile } from "@/components/ui/save-file.ts";
import type { Transfer } from "@/lib/call/call.browser.ts";

/** Always as a file to keep, never opened as a page of ours. */
export function saveCopy(file: Transfer): void {
  if (!file.file) return;
  saveFile(new Blob([file.file], { type: "application/octet-stream" }), file.name);
}
