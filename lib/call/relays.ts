import { type IceServer, RELAY_SECONDS } from "./protocol.ts";

interface RelaysOptions {
  /** Asks the server for credentials that begin now. */
  ask: () => Promise<IceServer[]>;
  /** Those of now, for connections that exist. */
  changed: (servers: IceServer[]) => void;
  /** The call's life. */
  signal: AbortSignal;
}

/** A relay that could not be asked about is asked about again after this long: half an hour is left for it. */
const AGAIN_MS = 60_000;

/** How a call reaches through firewalls, for as long as it lasts: at half their time its credentials are replaced by new ones. */
export function keepRelays({ ask, changed, signal }: RelaysOptions) {
  let servers: IceServer[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const given = (now: IceServer[], ms = RELAY_SECONDS * 500) => {
    servers = now;
    clearTimeout(timer);
    if (!signal.aborted && servers.some(({ credential }) => credential !== undefined)) timer = setTimeout(renew, ms);
  };
  const renew = async () => {
    const fresh = await ask().catch(() => undefined);
    if (signal.aborted) return;
    given(fresh ?? servers, fresh ? undefined : AGAIN_MS);
    if (fresh) changed(fresh);
  };
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return { now: () => servers, given: (now: IceServer[]) => given(now) };
}
