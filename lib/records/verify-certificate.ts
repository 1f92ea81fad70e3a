import { type AskChain, readLogKey, readRecord } from "../ledger/read.ts";
import { type Certificate, type Check, checkCertificate } from "./erasure.ts";

export type CertificateCheck = Check | { readonly what: "ledger"; readonly holds: boolean };

/** Holds a certificate to what it says and to the ledger. Throws where the ledger can't be asked. */
export async function verifyCertificate(certificate: Certificate, rpc: AskChain): Promise<CertificateCheck[]> {
  const { ledger, erased, kept } = certificate;
  const found = await checkCertificate(certificate, await readLogKey(rpc, ledger));
  const there = await Promise.all([...erased.records, ...kept].map(({ id }) => readRecord(rpc, ledger, id)));
  return [...found, { what: "ledger", holds: there.every((one) => one !== null) }];
}
