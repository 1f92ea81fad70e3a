/** Why there is no picture or sound: refused by the person or the system, no device, taken by another program, or something else. */
export type Trouble = "refused" | "none" | "busy" | "unsupported" | "broke";

/** What a browser threw when it was asked for a device. */
export function troubleOf(error: unknown): Trouble {
  switch ((error as Error | undefined)?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    case "NotSupportedError":
    case "TypeError":
      return "unsupported";
    default:
      return "broke";
  }
}
