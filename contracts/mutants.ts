/** The ledger with one flaw each: a check left out, a comparison or a condition turned round. */
import type { Edit, Node, Source } from "./syntax.ts";

export interface Mutant extends Edit {
  line: number;
  /** What was there, in one line. */
  was: string;
  /** What is there instead; empty where a check was left out. */
  is: string;
}

const comparisons: Record<string, string[]> = {
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "==": ["!="],
  "!=": ["=="],
  "&&": ["||"],
  "||": ["&&"],
};

/** What a Yul comparison of (a, b) becomes. */
const yulComparisons: Record<string, ((args: string) => string)[]> = {
  lt: [(args) => `iszero(lt(${args}))`, (args) => `iszero(gt(${args}))`],
  gt: [(args) => `iszero(gt(${args}))`, (args) => `iszero(lt(${args}))`],
  slt: [(args) => `iszero(slt(${args}))`],
  sgt: [(args) => `iszero(sgt(${args}))`],
  eq: [(args) => `iszero(eq(${args}))`],
  iszero: [(args) => `iszero(iszero(${args}))`],
  and: [(args) => `or(${args})`],
  or: [(args) => `and(${args})`],
};

const oneLine = (text: string) => text.replace(/\s+/g, " ");

export function mutantsOf(source: Source): Mutant[] {
  const mutants: Mutant[] = [];
  const add = (node: Node, was: string, edit: Edit, is = edit.text) =>
    mutants.push({ ...edit, line: source.line(node), was: oneLine(was), is: oneLine(is) });
  const instead = (node: Node, text: string) => add(node, source.textOf(node), source.replace(node, text));
  // A statement that ends in a semicolon leaves it behind.
  const nothing = (node: Node) => (source.next(node) === ";" ? "0" : "{}");
  const without = (node: Node) => add(node, source.textOf(node), source.replace(node, nothing(node)), "");

  for (const node of source.nodes()) {
    if (isCheck(node)) without(node);
    if (node.nodeType === "BinaryOperation") {
      const gap = [source.span(node.leftExpression as Node)[1], source.span(node.rightExpression as Node)[0]] as const;
      for (const other of comparisons[node.operator as string] ?? []) {
        const text = source.text(...gap).replace(node.operator as string, other);
        const edit = { path: source.path, start: gap[0], end: gap[1], text };
        const is = source.textOf(node.leftExpression as Node) + text + source.textOf(node.rightExpression as Node);
        add(node, source.textOf(node), edit, is);
      }
    }
    if (node.nodeType === "UnaryOperation" && node.operator === "!") {
      instead(node, source.textOf(node.subExpression as Node));
    }
    if (node.nodeType === "YulFunctionCall") {
      const args = (node.arguments as Node[]).map((part) => source.textOf(part)).join(", ");
      for (const other of yulComparisons[(node.functionName as Node).name as string] ?? []) instead(node, other(args));
    }
    const condition = node.condition as Node | undefined;
    if (condition && !["BinaryOperation", "UnaryOperation", "YulFunctionCall"].includes(condition.nodeType)) {
      instead(
        condition,
        node.nodeType.startsWith("Yul") ? `iszero(${source.textOf(condition)})` : `!(${source.textOf(condition)})`,
      );
    }
  }
  return mutants;
}

/** An `if` that only says no, or a call of something whose name says that it checks. */
function isCheck(node: Node): boolean {
  if (node.nodeType === "IfStatement") return !node.falseBody && refuses(node.trueBody as Node);
  if (node.nodeType === "YulIf") return refuses(node.body as Node);
  const call = node.nodeType === "ExpressionStatement" ? (node.expression as Node) : undefined;
  const name = call?.nodeType === "FunctionCall" ? (call.expression as Node).name : undefined;
  return typeof name === "string" && /^(require|assert|_?check)/.test(name);
}

/** Whether a statement ends in going no further. */
function refuses(body: Node): boolean {
  const statements = body.statements as Node[] | undefined;
  if (statements) return statements.length > 0 && refuses(statements.at(-1)!);
  if (body.nodeType === "InlineAssembly") return refuses(body.AST as Node);
  if (body.nodeType === "YulExpressionStatement") {
    return ["revert", "invalid"].includes(((body.expression as Node).functionName as Node).name as string);
  }
  return ["RevertStatement", "Return", "YulLeave"].includes(body.nodeType);
}
