import { GUEST, isSecret } from "./link.ts";

/**
 * The link's secret, taken out of the address as soon as this file runs, which is before the page asks for anything. It stays
 * in memory, and in this tab's session storage so that a reload before the claim still works; after the claim nowhere.
 */
const key = (visitId: string) => `assent-link:${visitId}`;
const held = new Map<string, string>();

function take(): void {
  const visitId = /^\/(?:join|invite)\/([0-9a-f]{32})\/?$/.exec(location.pathname)?.[1];
  const secret = location.hash.slice(1);
  if (!visitId || secret === "") return;
  history.replaceState(history.state, "", location.pathname + location.search);
  held.set(visitId, secret);
  try {
    sessionStorage.setItem(key(visitId), secret);
  } catch {
    // a browser that keeps nothing: a reload will need the link again
  }
}

if (typeof window !== "undefined") {
  take();
  // The same tab may be given the link again, whole this time.
  window.addEventListener("hashchange", take);
}

/** Next's router remembers the address it started with and puts it back once: told of the stripped one, it stops. */
export function stripAddress(): void {
  take();
  history.replaceState(null, "", location.pathname + location.search);
}

/** The secret; `incomplete` when a part of it is missing, undefined when the address had none. */
export function secretOf(visitId: string): { is: "whole"; secret: string } | { is: "incomplete" } | undefined {
  const secret = held.get(visitId) ?? read(visitId);
  if (!secret) return undefined;
  return isSecret(secret) ? { is: "whole", secret } : { is: "incomplete" };
}

/** Whether this tab was given a guest's link for this address; known also after it was claimed. */
export const isGuestLink = (id: string): boolean => (held.get(id) ?? read(id) ?? "").startsWith(GUEST);

/** A guest's secret: null when a part of it is missing, or after the claim. */
export function guestSecretOf(id: string): string | null {
  const secret = (held.get(id) ?? read(id) ?? "").slice(GUEST.length);
  return isSecret(secret) ? secret : null;
}

/** The guest's link was claimed: what remains is that it was a guest's. */
export function forgetGuestSecret(id: string): void {
  held.set(id, GUEST);
  try {
    sessionStorage.setItem(key(id), GUEST);
  } catch {
    // known until the page is left
  }
}

/** The link was claimed: from here on the session speaks for this browser. */
export function forgetSecret(visitId: string): void {
  held.delete(visitId);
  try {
    sessionStorage.removeItem(key(visitId));
  } catch {
    // nothing was kept
  }
}

function read(visitId: string): string | null {
  try {
    return sessionStorage.getItem(key(visitId));
  } catch {
    return null;
  }
}
