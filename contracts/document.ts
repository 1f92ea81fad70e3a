/**
 * `node contracts/document.ts` writes docs/ledger.md from the contract: its interface with all its comments, the types
 * that are signed, the limits, and where it keeps what. With `--check` it writes nothing and fails when the page is not
 * what the contract says. Only what the contract has no place for is written here.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, ledgerSource, root } from "./solc.ts";
import { interfaceOf, type Node, type Source, sources } from "./syntax.ts";

const page = "docs/ledger.md";

/** Who signs each act, and which type. */
const signers: Record<string, string> = {
  enroll: "the owner, `Enrollment`",
  remove: "the owner, `Removal`",
  grant: "the patient, `Consent`",
  revoke: "the patient, `Revocation`; or nobody, if the patient sends it",
  record: "the author, `Record`; where the consent says so, the patient too, `Approval`",
  recordBatch: "each record's author and patient, as for `record`",
  anchor: "the log's key, `Checkpoint`",
};

/** What the contract says by a name alone. */
const meanings: Record<string, string> = {
  MAX_WINDOW: "How long a consent may last.",
  MAX_AGE: "How long before its block a record may have been signed.",
  MAX_LEAD: "How long after its block a record may have been signed, since clocks differ.",
  MAX_SIGNER_LENGTH: "Bytes of a signer.",
  MAX_SIGNATURE_LENGTH: "Bytes of a signature.",
  MAX_ENTRIES: "Records in a batch.",
  _nameFallback: "Unused: the name fits into an immutable.",
  _versionFallback: "Unused: the version fits into an immutable.",
  _owner: "The owner.",
  _pendingOwner: "Who becomes the owner by accepting it.",
  _clinicians: "`Clinician`, by the hash of the clinician's signer.",
  anchored: "The hash of the last checkpoint.",
};

const all = sources();
const contract = interfaceOf(all);
const ledger = all.get(ledgerSource)!;
const declared = [...contract.nodes()];
const of = (type: string) => declared.filter((node) => node.nodeType === type);

/** The lines of a comment, without their slashes. */
function comment(source: Source, node: Node): string[] {
  const documentation = node.documentation as Node | undefined;
  return documentation
    ? source
        .textOf(documentation)
        .split("\n")
        .map((line) => line.replace(/^\s*\/\/\/ ?/, ""))
    : [];
}

/** What a comment says under each of its tags; of a parameter, by its name. */
function told(source: Source, node: Node): { notice: string; params: Map<string, string> } {
  const params = new Map<string, string>();
  let notice = "";
  for (const part of comment(source, node).join("\n").split(/^@/m)) {
    const [, tag, text] = /^(notice|param|dev|return)\s([\s\S]*)$/.exec(part) ?? [undefined, "notice", part];
    const [name, ...words] = text!.trim().split(/\s+/);
    if (tag === "param") params.set(name!, words.join(" "));
    if (tag === "notice") notice += text!.trim();
  }
  return { notice: notice.replace(/\s+/g, " "), params };
}

function meaning(name: string): string {
  const text = meanings[name];
  if (!text) throw new Error(`Neither the contract nor contracts/document.ts says what ${name} is.`);
  return text;
}

const typeOf = (node: Node) => contract.textOf((node.typeName ?? node) as Node);
const listOf = (node: Node, key = "parameters") => ((node[key] as Node).parameters as Node[]) ?? [];
const fieldsOf = (nodes: Node[]) =>
  nodes.map((node) => [typeOf(node), node.indexed && "indexed", node.name].filter(Boolean).join(" ")).join(", ");
const signatureOf = (node: Node) => `${node.name}(${fieldsOf(listOf(node))})`;
const row = (...cells: string[]) => `| ${cells.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |`;

function described(nodes: Node[], params: Map<string, string>): string[] {
  return nodes
    .filter((node) => params.has(node.name as string))
    .map((node) => `- \`${node.name}\` (\`${typeOf(node)}\`): ${params.get(node.name as string)}`);
}

function functions(acts: boolean): string[] {
  return of("FunctionDefinition")
    .filter((node) => ["view", "pure"].includes(node.stateMutability as string) !== acts)
    .flatMap((node) => {
      const { notice, params } = told(contract, node);
      const results = listOf(node, "returnParameters");
      const signer = signers[node.name as string];
      if (acts && !signer) throw new Error(`contracts/document.ts does not say who signs ${node.name}.`);
      return [
        `### ${node.name}`,
        "",
        notice,
        "",
        `\`${signatureOf(node)}${results.length > 0 ? ` → ${fieldsOf(results)}` : ""}\`, selector \`0x${node.functionSelector}\``,
        "",
        ...(acts ? [`Signed by: ${signer}.`, ""] : []),
        ...[...described(listOf(node), params), ""].slice(params.size > 0 ? 0 : 1),
      ];
    });
}

function structs(): string[] {
  return of("StructDefinition").flatMap((node) => {
    const { notice, params } = told(contract, node);
    const members = node.members as Node[];
    const rest = members.filter((member) => !params.has(member.name as string));
    return [
      `### ${node.name}`,
      "",
      notice,
      "",
      ...described(members, params),
      ...rest.map((member) => `- \`${member.name}\` (\`${typeOf(member)}\`)`),
      "",
    ];
  });
}

function statuses(): string[] {
  return of("EnumDefinition").flatMap((node) => [
    `### ${node.name}`,
    "",
    `${told(contract, node).notice} ${(node.members as Node[]).map(({ name }, i) => `${i} ${name}`).join(", ")}.`,
    "",
  ]);
}

function table(nodes: Node[], id: (node: Node) => string): string[] {
  return nodes.map((node) => row(`\`${signatureOf(node)}\``, `\`${id(node)}\``, told(contract, node).notice));
}

/** Every type string whose hash is in the contract. */
function signedTypes(): string[] {
  const types = [...all.values()].flatMap((source) =>
    [...source.nodes()]
      .filter((node) => node.nodeType === "Literal" && /^[A-Z]\w*\(\w.* \w+\)$/.test(String(node.value)))
      .map((node) => String(node.value)),
  );
  return [...new Set(types)];
}

function limits(): string[] {
  return [...ledger.nodes()]
    .filter((node) => node.nodeType === "VariableDeclaration" && node.constant && node.visibility === "public")
    .filter((node) => !String(node.name).endsWith("_TYPEHASH"))
    .map((node) => {
      const name = String(node.name);
      return row(`\`${name}\``, `\`${ledger.textOf(node.value as Node)}\``, told(ledger, node).notice || meaning(name));
    });
}

function storage(): string[] {
  const selection = { [ledgerSource]: { ConsentLedger: ["storageLayout"] } };
  const layout = compile(selection).contracts[ledgerSource]!.ConsentLedger!.storageLayout;
  const notes = new Map(
    [...ledger.nodes()]
      .filter((node) => node.nodeType === "VariableDeclaration" && node.stateVariable)
      .map((node) => [node.name as string, told(ledger, node).notice]),
  );
  return layout.storage.map(({ label, slot, type }) =>
    row(slot, `\`${label}\``, `\`${layout.types[type]!.label}\``, notes.get(label) || meaning(label)),
  );
}

const [interfaceNode] = of("ContractDefinition") as [Node];
const prose = comment(contract, interfaceNode).map((line) =>
  line.replace(/^@title (.*)$/, "# $1\n").replace(/^@notice /, ""),
);

const text = [
  "<!-- Written by contracts/document.ts from the contract; do not edit. -->",
  "",
  ...prose,
  "",
  "## Acts",
  "",
  "What changes the ledger. Anyone may send any of these; what counts is who signed. An act that is refused changes",
  "nothing and answers with one of the errors below, which carries the evidence.",
  "",
  ...functions(true),
  "The owner is OpenZeppelin's `Ownable2Step`: `transferOwnership` names the next owner, who becomes it with",
  "`acceptOwnership`; these two count by who sends them. `renounceOwnership` is always refused.",
  "",
  "## Questions",
  "",
  "What the ledger answers to anyone, for nothing.",
  "",
  ...functions(false),
  "## What is signed",
  "",
  "EIP-712, in the domain `EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)` with name",
  "`Assent Consent Ledger` and version `1`. A signer's bytes are hashed like every `bytes`. The types:",
  "",
  "```",
  ...signedTypes(),
  "```",
  "",
  "## Structures",
  "",
  ...structs(),
  ...statuses(),
  "## Events",
  "",
  "| event | topic | when |",
  "|---|---|---|",
  ...table(of("EventDefinition"), (node) => `0x${node.eventSelector}`),
  "",
  "## Errors, with their evidence",
  "",
  "| error | selector | what it says |",
  "|---|---|---|",
  ...table(of("ErrorDefinition"), (node) => `0x${node.errorSelector}`),
  "",
  "## Limits",
  "",
  "| constant | value | what it bounds |",
  "|---|---|---|",
  ...limits(),
  "",
  "## Where it keeps what",
  "",
  "| slot | variable | type | what is there |",
  "|---|---|---|---|",
  ...storage(),
  "",
]
  .join("\n")
  .replace(/\n{3,}/g, "\n\n");

const file = join(root, page);
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error(`${page} is not what the contract says; run \`node contracts/document.ts\` and commit it.`);
  process.exitCode = 1;
}
