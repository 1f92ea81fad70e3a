import { saveFile } from "@/components/ui/save-file.ts";
import { cleanName } from "@/lib/call/files.ts";

/** Always as a file to keep, of no type that a browser would open, under a name that is one. */
export function saveCopy(file: Blob, name: string): void {
  saveFile(new Blob([file], { type: "application/octet-stream" }), cleanName(name));
}
