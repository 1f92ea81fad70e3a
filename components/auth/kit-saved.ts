const SAVED = "assent-kit-saved:";

/** Whoever typed the words back has them. */
export function rememberKitSaved(id: string): void {
  try {
    localStorage.setItem(SAVED + id, "1");
  } catch {
    // a browser that keeps nothing asks again
  }
}

/** Whether this browser has seen the kit written down or used. */
export function kitSaved(id: string): boolean {
  try {
    return localStorage.getItem(SAVED + id) === "1";
  } catch {
    return false;
  }
}
