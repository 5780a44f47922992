/**
 * The reading half of the object model: a bundle that only reads has no writer, so that what is asked of one is never asked. The calls
 * that would change the file stay, and say that it is open for reading.
 */
import { transformSync } from "esbuild";
import ts from "typescript";
import { apply, type Edit, edit, parse } from "./edits.ts";

/** A module of the object model, in JavaScript: functions of a `writer` are gone, and every `writer` is `undefined`. The class of each that asks for a writer has a method `change`. */
export function readObjects(source: string): string {
  const file = parse(source);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isMethodDeclaration(node) && node.body !== undefined && isChange(node.body)) {
      edits.push({ from: node.parameters.pos, to: node.end, text: ") { return this.change(); }" });
      return;
    }
    if (isOfWriter(node) || isWriter(node)) {
      edits.push(edit(node, "(void 0 as any)"));
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return transformSync(apply(source, edits), { loader: "ts", target: "es2022", minifySyntax: true }).code;
}

/** A `return` of what is done by a writer, perhaps behind constants. */
function isChange({ statements }: ts.Block): boolean {
  const last = statements.at(-1);
  if (last === undefined || !ts.isReturnStatement(last)) return false;
  if (!statements.slice(0, -1).every(ts.isVariableStatement)) return false;
  const call = last.expression && (ts.isAsExpression(last.expression) ? last.expression.expression : last.expression);
  return call !== undefined && ts.isCallExpression(call) && call.arguments.some(isOfWriter);
}

/** `(writer) => ...` */
const isOfWriter = (node: ts.Node): boolean =>
  ts.isArrowFunction(node) && node.parameters.length === 1 && node.parameters[0].name.getText() === "writer";

/** `session.writer` where it is read, or the name alone. */
function isWriter(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(node)) return node.name.text === "writer" && !isAssigned(node);
  return ts.isIdentifier(node) && node.text === "writer" && ts.isExpression(node) && isValue(node, parent);
}

const isAssigned = ({ parent }: ts.Node): boolean =>
  ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;

function isValue(node: ts.Node, parent: ts.Node): boolean {
  if (ts.isBinaryExpression(parent)) return true;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return ts.isCallExpression(parent);
}
