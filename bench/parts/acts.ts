import { AbiCoder, ethers, Interface } from "ethers";
import type { Consent } from "../../lib/consent/grant.ts";
import { ledgerDomain, type Signable, structHash, typedData } from "../../lib/consent/typed-data.ts";
import { consentLedgerAbi } from "../../lib/ledger/abi.ts";
import { deployment, encode, encodeBatch, withIdentity } from "../../server/ledger/contract.ts";
import { type Chain, START } from "./anvil.ts";
import { CHANGED_WORD, type Cost, NEW_WORD, send, wallet } from "./cost.ts";
import { growth } from "./growth.ts";

const DAY = 86_400;
const FILE_SHARE = 5;
const contract = new Interface(consentLedgerAbi);

/** What each act costs on a ledger of its own. Deterministic to the last byte, so one run is as good as ten. */
export async function actCosts({ id, provider, sender }: Chain): Promise<Record<string, Cost>> {
  const [owner, log, clinician] = [wallet("owner"), wallet("log"), wallet("clinician")];
  const created = await (await sender.sendTransaction({ data: deployment(owner.address, log.address) })).wait();
  const ledger = { chainId: `${id}`, address: created!.contractAddress!.toLowerCase() };
  const sign = (by: ethers.Wallet, what: Signable, value: object) =>
    by.signingKey.sign(ethers.TypedDataEncoder.hash(ledgerDomain(ledger), { [what]: [...typedData[what]] }, value))
      .serialized;
  let words = 0;
  const word = () => ethers.id(`bench word ${words++}`);
  const signer = (by: ethers.Wallet) => by.address.toLowerCase();
  const act = (call: Parameters<typeof withIdentity>[0], storage: number) =>
    send(sender, ledger.address, encode(withIdentity(call), owner.signingKey, ledger), 1, { storage, signatures: 1 });

  const patients = Array.from({ length: 100 }, (_, i) => wallet(`patient ${i}`));
  const consents: Consent[] = patients.map((patient) => ({
    patient: signer(patient),
    grantee: signer(clinician),
    visit: word(),
    scopes: 0b1111110,
    validFrom: START - DAY,
    validUntil: START + DAY,
    terms: word(),
    salt: word(),
  }));
  const idOf = (consent: Consent) => structHash("Consent", consent);

  const enroll = await act({ is: "enroll", clinician: signer(clinician), credential: word() }, NEW_WORD);
  const grants: Cost[] = [];
  for (const [i, consent] of consents.entries()) {
    grants.push(await act({ is: "grant", consent, signature: sign(patients[i]!, "Consent", consent) }, NEW_WORD));
  }

  const numbers = new Map<Consent, number>();
  function record(consent: Consent) {
    const number = (numbers.get(consent) ?? 0) + 1;
    numbers.set(consent, number);
    const fields = { kind: FILE_SHARE, commitment: word(), number, signedAt: START };
    const signature = sign(clinician, "Record", { consent: idOf(consent), ...fields });
    return { is: "record", consent, entry: { ...fields, byPatient: false, signature, approval: null } } as const;
  }
  function batch(of: Consent[], words: number) {
    const calls = of.map((consent) => withIdentity(record(consent))) as Parameters<typeof encodeBatch>[0];
    const { data } = encodeBatch(calls);
    return send(sender, ledger.address, data, of.length, { storage: CHANGED_WORD * words, signatures: of.length });
  }
  // The first record under a consent fills no empty word: granting wrote it.
  const alone = await act(record(consents[0]!), CHANGED_WORD);
  const in10 = await batch(consents.slice(0, 10), 10);
  const in50 = await batch(consents.slice(0, 50), 50);
  const in100 = await batch(consents, 100);
  const oneConsent = await batch(Array<Consent>(100).fill(consents[0]!), 1);
  const revocation = sign(patients[0]!, "Revocation", { consent: idOf(consents[0]!) });
  const revoke = await act({ is: "revoke", consent: consents[0]!, signature: revocation }, CHANGED_WORD);

  const slot = await slotOfAnchor(provider, ledger.address);
  /** One more leaf, for a log of so many: the longest proof there is for it, or nearly. */
  async function anchor(size: number): Promise<Cost> {
    const { from, to, proof } = growth(size - 1, size);
    const last = ethers.keccak256(AbiCoder.defaultAbiCoder().encode(["uint64", "bytes32"], [from.size, from.root]));
    await provider.send("anvil_setStorageAt", [ledger.address, slot, last]);
    const data = contract.encodeFunctionData("anchor", [from, to, proof, sign(log, "Checkpoint", to)]);
    return send(sender, ledger.address, data, 1, { storage: CHANGED_WORD, signatures: 1, nodes: proof.length });
  }
  const [anchor10, anchor1k, anchor1M] = [await anchor(10), await anchor(1_000), await anchor(1_000_000)];
  return {
    alone,
    in10,
    in50,
    in100,
    oneConsent,
    grant: grants[1]!,
    revoke,
    enroll,
    anchor10,
    anchor: anchor1k,
    anchor1M,
  };
}

/** Where the contract keeps the last checkpoint's hash. */
async function slotOfAnchor(provider: ethers.JsonRpcProvider, address: string): Promise<string> {
  const data = contract.encodeFunctionData("anchored");
  const anchored = await provider.call({ to: address, data });
  for (let slot = 0; slot < 20; slot++) {
    if ((await provider.getStorage(address, slot)) === anchored) return ethers.toBeHex(slot, 32);
  }
  throw new Error("The last checkpoint's hash is in none of the first slots.");
}
