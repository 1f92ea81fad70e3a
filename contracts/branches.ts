/** The ledger's branches: each way of each condition, with an edit that makes the ledger die when it goes that way. */
import type { Edit, Node, Source } from "./syntax.ts";

interface Branch extends Edit {
  line: number;
  condition: string;
  way: boolean;
}

/** What the edits call: goes no further when the condition is so. */
export const trap = `
function trap(bool way, bool condition) pure returns (bool) {
    if (way == condition) assembly ("memory-safe") { revert(0, 0) }
    return condition;
}
`;

/** Both ways of each `if`, `?:`, `for` and `while`, and of what stands left of each `&&` and `||`. */
export function branchesOf(source: Source): Branch[] {
  const branches: Branch[] = [];
  const add = (condition: Node, way: boolean, edit: Edit) =>
    branches.push({
      ...edit,
      line: source.line(condition),
      condition: source.textOf(condition).replace(/\s+/g, " "),
      way,
    });

  for (const node of source.nodes()) {
    const isShortCircuit = node.nodeType === "BinaryOperation" && ["&&", "||"].includes(node.operator as string);
    const condition = (isShortCircuit ? node.leftExpression : node.condition) as Node | undefined;
    if (!condition) continue;
    const text = source.textOf(condition);
    for (const way of [true, false]) {
      if (!node.nodeType.startsWith("Yul")) {
        add(condition, way, source.replace(condition, `trap(${way}, ${text})`));
      } else if (way) {
        const [start] = source.span(node.body as Node);
        add(condition, way, { path: source.path, start, end: start + 1, text: "{ revert(0, 0)" });
      } else if (node.nodeType === "YulIf") {
        add(
          condition,
          way,
          source.replace(node, `switch ${text} case 0 { revert(0, 0) } default ${source.textOf(node.body as Node)}`),
        );
      } else {
        add(condition, way, source.replace(node, `${source.textOf(node)} revert(0, 0)`));
      }
    }
  }
  return branches;
}
