/** The ledger's own sources as the compiler parses them: every node with its text and its line. */
import { compile, ledgerSource, source } from "./solc.ts";

/** A node of solc's syntax tree, with what it contains under the names solc gives it. */
export interface Node {
  nodeType: string;
  [field: string]: unknown;
}

/** Bytes from `start` to `end` of the source at `path`, to be replaced by `text`. */
export interface Edit {
  path: string;
  start: number;
  end: number;
  text: string;
}

export class Source {
  readonly path: string;
  readonly ast: Node;
  private readonly bytes: Buffer;

  constructor(path: string, ast: Node) {
    this.path = path;
    this.ast = ast;
    this.bytes = Buffer.from(source(path));
  }

  /** All nodes, each before what it contains. */
  *nodes(node: unknown = this.ast): Generator<Node> {
    if (typeof node !== "object" || node === null) return;
    if ("nodeType" in node && "src" in node) yield node as Node;
    for (const part of Object.values(node)) yield* this.nodes(part);
  }

  span(node: Node): [start: number, end: number] {
    const [start, length] = (node.src as string).split(":").map(Number) as [number, number];
    return [start, start + length];
  }

  text(start: number, end: number): string {
    return this.bytes.subarray(start, end).toString();
  }

  textOf(node: Node): string {
    return this.text(...this.span(node));
  }

  /** The character after a node. */
  next(node: Node): string {
    const [, end] = this.span(node);
    return this.text(end, end + 1);
  }

  line(node: Node): number {
    return this.text(0, this.span(node)[0]).split("\n").length;
  }

  replace(node: Node, text: string): Edit {
    const [start, end] = this.span(node);
    return { path: this.path, start, end, text };
  }
}

const interfaceSource = ledgerSource.replace("ConsentLedger", "IConsentLedger");

/** Everything of the ledger that is ours, by path. */
export function sources(): Map<string, Source> {
  const { sources } = compile({ "*": { "": ["ast"] } });
  const ours = Object.entries(sources).filter(([path]) => path.startsWith("contracts/"));
  return new Map(ours.map(([path, { ast }]) => [path, new Source(path, ast as Node)]));
}

export const interfaceOf = (all: Map<string, Source>) => all.get(interfaceSource)!;

/** What the ledger is made of, without its interface, which does nothing. */
export const codeSources = () => [...sources().values()].filter(({ path }) => path !== interfaceSource);

/** The source with the edit made, and `appended` at its end; others as they are. */
export function edited(edit: Edit, appended = ""): (text: string, path: string) => string {
  return (text, path) => {
    if (path !== edit.path) return text;
    const bytes = Buffer.from(text);
    const before = bytes.subarray(0, edit.start).toString();
    return before + edit.text + bytes.subarray(edit.end).toString() + appended;
  };
}
