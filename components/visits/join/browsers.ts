/** What a browser's own words about itself give away. Only for words and advice; what it can do is asked of it, not guessed. */
export type Browser = "ios" | "safari" | "firefox-phone" | "firefox" | "chrome-phone" | "chrome";

export function browserOf(agent: string): Browser {
  if (isIos(agent)) return "ios";
  const phone = /Android|Mobile/.test(agent);
  if (/Firefox\//.test(agent)) return phone ? "firefox-phone" : "firefox";
  if (/Safari\//.test(agent) && !/Chrom(e|ium)\/|Edg\//.test(agent)) return "safari";
  return phone ? "chrome-phone" : "chrome";
}

const isIos = (agent: string) => /iPhone|iPad|iPod/.test(agent);

const apps = [
  ["Facebook", /FBAN|FBAV|FB_IAB/],
  ["Instagram", /Instagram/],
  ["WhatsApp", /WhatsApp/],
  ["WeChat", /MicroMessenger/],
  ["LINE", /\bLine\//],
  ["Snapchat", /Snapchat/],
  ["LinkedIn", /LinkedInApp/],
  ["TikTok", /musical_ly|BytedanceWebview|TikTok/],
  ["the Google app", /\bGSA\//],
] as const;

/**
 * The app a page was opened inside of, `another app` where that is all there is to know, null in a browser of its own. Such
 * a window often has no camera, and what it keeps is gone when it is closed.
 */
export function appAround(agent: string): string | null {
  const known = apps.find(([, pattern]) => pattern.test(agent));
  if (known) return known[0];
  if (/; wv\)/.test(agent)) return "another app";
  return isIos(agent) && /AppleWebKit/.test(agent) && !/Safari\//.test(agent) ? "another app" : null;
}

/** Why a visit can't work here at all, before anything is tried. */
export type Unable = "insecure" | "old-browser";

/** Each thing that the visit's code uses without a second way; `in` the window or as a value, so that nothing is guessed. */
export function unableHere(here: typeof globalThis): Unable | null {
  if (!here.isSecureContext) return "insecure";
  const has = [here.crypto?.subtle, here.indexedDB, here.WebSocket, here.RTCPeerConnection, here.AbortSignal?.any];
  return has.every(Boolean) ? null : "old-browser";
}
