import { withoutValues } from "../log.ts";
import type { SignalingDeps } from "./deps.ts";
import type { Io } from "./door.ts";

/** How long a socket may outlive the session by which it was let in, with one second for the reading. */
const LOOK_MS = 1_000;

/**
 * A socket is let in once and would then stay for hours: whose session ends, by time or because it was taken away, loses
 * their sockets within two seconds. One read for all of them. Returns how to stop.
 */
export function watchSessions(io: Io, deps: Pick<SignalingDeps, "liveSessions" | "log">): () => void {
  let looking = false;
  const look = async () => {
    const sockets = [...io.of("/").sockets.values()].filter(({ data }) => data.session !== undefined);
    if (looking || sockets.length === 0) return;
    looking = true;
    try {
      const live = await deps.liveSessions([...new Set(sockets.map(({ data }) => data.session as string))]);
      for (const socket of sockets) if (!live.has(socket.data.session as string)) socket.disconnect(true);
    } catch (error) {
      // A database that cannot be asked has ended nobody's session.
      deps.log.error(withoutValues(error), "the sessions of open sockets could not be read");
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return () => clearInterval(timer);
}
