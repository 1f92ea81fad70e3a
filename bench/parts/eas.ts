import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AbiCoder, ethers } from "ethers";
import { type Chain, START } from "./anvil.ts";
import { wallet } from "./cost.ts";

/**
 * EAS as its authors compiled it, from npm's tarball: its package would bring hardhat along. The contracts in it call
 * themselves 1.3.0.
 */
const eas = {
  package: "@ethereum-attestation-service/eas-contracts",
  version: "1.4.1",
  sha512: "c+yaTMrEjOESG3yFztPQnNCGARZOBde6r7RnH4hK/T7BS84rC0Y0BbUv/4tOwGBAhN9ke8MJ7G/qySngVtJk3w==",
};
const cache = join(import.meta.dirname, "../../node_modules/.cache/bench");
const tarball = join(cache, `ethereum-attestation-service-eas-contracts-${eas.version}.tgz`);

interface Artifact {
  abi: ethers.InterfaceAbi;
  bytecode: string;
}

/** Fetches it once. Throws when the registry is out of reach, or gives something else. */
function artifact(name: string): Artifact {
  if (!existsSync(tarball)) {
    mkdirSync(cache, { recursive: true });
    execFileSync("npm", ["pack", `${eas.package}@${eas.version}`, "--pack-destination", cache, "--silent"], {
      stdio: "pipe",
    });
  }
  const sha512 = createHash("sha512").update(readFileSync(tarball)).digest("base64");
  if (sha512 !== eas.sha512) throw new Error(`${tarball} is not what it was; delete it.`);
  const path = `package/artifacts/contracts/${name}.sol/${name}.json`;
  return JSON.parse(
    execFileSync("tar", ["-xzOf", tarball, path], { encoding: "utf8", maxBuffer: 1 << 26 }),
  ) as Artifact;
}

const attestType = {
  Attest: [
    { name: "attester", type: "address" },
    { name: "schema", type: "bytes32" },
    { name: "recipient", type: "address" },
    { name: "expirationTime", type: "uint64" },
    { name: "revocable", type: "bool" },
    { name: "refUID", type: "bytes32" },
    { name: "data", type: "bytes" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
};
const fields = ["bytes32", "uint8", "bytes32", "uint32", "uint64"];
const schema = "bytes32 consent,uint8 kind,bytes32 commitment,uint32 number,uint64 signedAt";

/** Gas an event of what comes nearest to our records there: attestations by delegation, and bare timestamps. */
export async function easCosts({ id, sender }: Chain): Promise<Record<string, number>> {
  async function deploy({ abi, bytecode }: Artifact, ...args: unknown[]) {
    return (await (
      await new ethers.ContractFactory(abi, bytecode, sender).deploy(...args)
    ).waitForDeployment()) as ethers.Contract;
  }
  const registry = await deploy(artifact("SchemaRegistry"));
  const service = await deploy(artifact("EAS"), await registry.getAddress());
  const verifyingContract = await service.getAddress();
  async function gas(contract: ethers.Contract, method: string, args: unknown[], events: number): Promise<number> {
    const receipt = await ((await contract.getFunction(method)(...args)) as ethers.TransactionResponse).wait();
    if (receipt?.logs.length !== events) throw new Error(`${method} told ${receipt?.logs.length} events.`);
    return Math.round(Number(receipt.gasUsed) / events);
  }
  await gas(registry, "register", [schema, ethers.ZeroAddress, true], 1);
  const uid = ethers.solidityPackedKeccak256(["string", "address", "bool"], [schema, ethers.ZeroAddress, true]);

  const attester = wallet("clinician");
  let nonce = 0;
  async function attestation() {
    const n = nonce++;
    const record = [ethers.id(`bench consent ${n}`), 5, ethers.id(`bench commitment ${n}`), 1, START];
    const data = {
      recipient: wallet(`patient ${n}`).address,
      expirationTime: 0,
      revocable: true,
      refUID: ethers.ZeroHash,
      data: AbiCoder.defaultAbiCoder().encode(fields, record),
      value: 0,
    };
    const { v, r, s } = ethers.Signature.from(
      await attester.signTypedData({ name: "EAS", version: "1.3.0", chainId: id, verifyingContract }, attestType, {
        attester: attester.address,
        schema: uid,
        ...data,
        nonce: n,
        deadline: 0,
      }),
    );
    return { data, signature: { v, r, s } };
  }
  async function many(count: number) {
    const all = [];
    for (let i = 0; i < count; i++) all.push(await attestation());
    const request = [uid, all.map(({ data }) => data), all.map(({ signature }) => signature), attester.address, 0];
    return gas(service, "multiAttestByDelegation", [[request]], count);
  }
  // The first of an attester also fills the word of its nonce.
  await many(1);
  const { data, signature } = await attestation();
  const hashes = Array.from({ length: 50 }, (_, i) => ethers.id(`bench timestamp ${i}`));
  return {
    easAttest: await gas(service, "attestByDelegation", [[uid, data, signature, attester.address, 0]], 1),
    easAttestIn50: await many(50),
    easTimestamp: await gas(service, "timestamp", [ethers.id("bench timestamp")], 1),
    easTimestampIn50: await gas(service, "multiTimestamp", [hashes], 50),
  };
}
