/**
 * Whether somebody of the staff is likely signed in here: a hint that spares everyone else a question the server would
 * refuse. Only the server knows.
 */
const KEY = "assent-staff-here";

export function hintSession(here: boolean): void {
  try {
    if (here) localStorage.setItem(KEY, "1");
    else localStorage.removeItem(KEY);
  } catch {
    // a browser that keeps nothing
  }
}

export function sessionHinted(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return true;
  }
}

/** Where to go after signing in: an address of ours from `?next=`, never another site's. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "";
  return /^\/(?![/\\])[\w\-./?=&%]*$/.test(next) ? next : "/visits";
}
