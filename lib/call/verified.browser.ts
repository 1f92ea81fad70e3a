import type { LedgerDomain } from "../consent/typed-data.ts";
import { sha256 } from "../keyring/bytes.ts";
import type { Keys } from "../keyring/keyring.ts";
import { visitTopic } from "../visits/link.ts";
import { type MemberId, sideOf } from "./member.ts";
import type { SafetyAbout } from "./safety.ts";
import { fingerprintFrom, NotPrivate, Unnamed, VerifiedLeg } from "./verified.ts";
import type { Negotiation, Vouching } from "./vouching.browser.ts";

interface VerifiedOptions {
  visitId: string;
  ledger(): Promise<LedgerDomain>;
  keys: Pick<Keys, "signer" | "sign">;
  /** The key that the patient's consents name for this member; undefined for whom they name none. */
  signerOf(member: MemberId): Promise<string | undefined>;
}

/** Signs and checks every negotiation of a call with the keys that the ledger knows. One for each page of a call. */
export function openVerified({ visitId, ledger, keys, signerOf }: VerifiedOptions): Vouching {
  const topic = visitTopic(visitId);
  let known: SafetyAbout | undefined;
  const legs = new Map<MemberId, { attempt: number; leg: Promise<VerifiedLeg> }>();

  const make = async ({ me, them, attempt }: Negotiation): Promise<VerifiedLeg> => {
    const [visit, domain, mine, theirs] = await Promise.all([topic, ledger(), signerOf(me), signerOf(them)]);
    // Whom the patient's consents do not name is nobody to connect with, nor to speak as.
    if (!theirs || !mine) throw new Unnamed();
    if (mine !== keys.signer) throw new NotPrivate("not-theirs");
    return new VerifiedLeg({
      ledger: domain,
      visit,
      attempt,
      me: { role: sideOf(me), signer: keys.signer, sign: keys.sign },
      them: { role: sideOf(them), signer: theirs },
    });
  };
  const legOf = (of: Negotiation): Promise<VerifiedLeg> => {
    const known = legs.get(of.them);
    if (known?.attempt === of.attempt) return known.leg;
    const now = { attempt: of.attempt, leg: make(of) };
    // What an earlier attempt still wants is not kept in the place of a later one.
    if (!known || known.attempt < of.attempt) legs.set(of.them, now);
    return now.leg;
  };

  const remember = async ({ ends }: VerifiedLeg) => {
    const { clinician, patient } = ends ?? {};
    if (clinician && patient) known = { visit: await topic, clinician, patient };
  };

  return {
    async vouch(description, of) {
      const leg = await legOf(of);
      const proof = await leg.vouch(description);
      await remember(leg);
      return proof;
    },
    async check(description, proof, of) {
      const leg = await legOf(of);
      leg.check(description, proof);
      await remember(leg);
    },
    async confirm(connection, of) {
      const leg = await legOf(of);
      await connected(connection);
      for (const used of await certificatesOf(connection)) leg.confirm(used);
    },
    about: () => known,
  };
}

/** Never for a connection that comes to nothing: there is nothing to confirm then. */
function connected(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (connection.connectionState !== "connected") return;
      connection.removeEventListener("connectionstatechange", look);
      resolve();
    };
    connection.addEventListener("connectionstatechange", look);
    look();
  });
}

/**
 * The fingerprints of the certificates that the other side shows. Firefox tells neither of the two ways: there it stays
 * with the browser's own comparison of the certificate with the description (RFC 8827, 6.5), and every line of that was checked.
 */
async function certificatesOf(connection: RTCPeerConnection): Promise<string[]> {
  const transports = new Set([connection.sctp?.transport, ...connection.getReceivers().map((one) => one.transport)]);
  const shown = [...transports].flatMap((transport) => transport?.getRemoteCertificates?.().slice(0, 1) ?? []);
  if (shown.length > 0) return Promise.all(shown.map((der) => sha256(new Uint8Array(der))));
  const stats = await connection.getStats();
  const found: string[] = [];
  for (const one of stats.values()) {
    const used = one.type === "transport" ? stats.get(one.remoteCertificateId) : undefined;
    if (used?.fingerprintAlgorithm === "sha-256") found.push(fingerprintFrom(used.fingerprint));
  }
  return found;
}
