import { LARGEST_FILE } from "../records/record.ts";

/** Control characters, and what turns or hides text: bidi marks and overrides, and whatever is drawn as nothing. */
export const hidden = /[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]/gu;
/** On Windows these are devices, whatever ending they have. */
const devices = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(?=\.|$)/i;
const LONGEST = 120;

/** The start of a text: at most so many UTF-16 units, as its readers count, and never half a letter. */
function startOf(text: string, most: number): string {
  const start = text.slice(0, most);
  return start.isWellFormed() ? start : start.slice(0, -1);
}

/** A name that can be shown and saved: NFC, nothing hidden, no path, at most 120 UTF-16 units with its ending kept. Never used as a path by us. */
export function cleanName(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize("NFC")
    .replace(hidden, "")
    .replace(/[/\\:*?"<>|]/g, "_")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "")
    .replace(devices, "_$&");
  if (plain === "") return "file";
  if (plain.length <= LONGEST) return plain;
  const dot = plain.lastIndexOf(".");
  const ending = dot > 0 ? startOf(plain.slice(dot), 12) : "";
  return startOf(plain, LONGEST - ending.length) + ending;
}

/** What a computer may run when it is opened. Compared with the last ending of the cleaned name. */
const runs = new Set(
  (
    "apk app appimage bat bin cmd com command cpl deb desktop dll dmg docm dotm elf exe gadget hta inf ins iso jar js jse lnk " +
    "mjs msc msh msi msix msp mst osx pif pkg potm ppam ppsm pptm ps1 ps1xml ps2 psc1 py pyw rb reg rpm scf scr sh shb sys " +
    "url vb vbe vbs vbscript vhd wasm workflow ws wsc wsf wsh xlam xll xlsm xltm"
  ).split(" "),
);
const runningTypes =
  /^(application\/(x-(msdownload|msdos-program|executable|sh|csh|bat|elf|mach-binary|apple-diskimage)|java-archive|javascript|vnd\.(microsoft\.portable-executable|android\.package-archive))|text\/javascript)$/;

/** Why a file may not be sent, or undefined. The receiver asks the same of what it is offered. */
export function refusesFile(file: { name: string; type: string; size: number }): "type" | "size" | undefined {
  if (file.size === 0 || file.size > LARGEST_FILE) return "size";
  const name = cleanName(file.name).toLowerCase();
  if (runs.has(name.slice(name.lastIndexOf(".") + 1))) return "type";
  return runningTypes.test(plainType(file.type)) ? "type" : undefined;
}

/** `image/png; x=y` is `image/png`; anything that is no media type, or longer than a record holds, is `application/octet-stream`. */
export function plainType(type: string): string {
  const plain = (type.split(";")[0] ?? "").trim().toLowerCase();
  const isType = plain.length <= LONGEST && /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/.test(plain);
  return isType ? plain : "application/octet-stream";
}

/** Pictures that are shown as such. Never SVG or HTML: they can carry programs. */
const shown = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
export const isPicture = (type: string): boolean => shown.has(plainType(type));
export const isPdf = (type: string): boolean => plainType(type) === "application/pdf";
/** What can be looked at here. Anything else is only saved. */
export const canPreview = (type: string): boolean => isPicture(type) || isPdf(type);

/** `1.8 MB`. Decimal, as people's file managers count. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000)} KB`;
  if (bytes < 999_500_000) return `${(bytes / 1_000_000).toFixed(bytes < 100_000_000 ? 1 : 0)} MB`;
  if (bytes < 999_500_000_000) return `${(bytes / 1_000_000_000).toFixed(bytes < 9_995_000_000 ? 2 : 0)} GB`;
  return `${(bytes / 1_000_000_000_000).toFixed(1)} TB`;
}
