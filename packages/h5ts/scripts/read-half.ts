/**
 * The reading half of layout functions. A layout function `(f: Fields, v?: T) => T` serves reading, writing and sizing; a
 * bundle that only reads never passes a value, so `v` is `undefined` in it: what depends on it folds away.
 */
import { transformSync } from "esbuild";
import ts from "typescript";
import { apply, type Edit, edit, parse } from "./edits.ts";

/** Methods of `Fields` whose only argument is the value to write. */
const VALUE_ONLY = new Set(["u8", "u16", "u24", "u32", "u64", "i32", "address", "length", "cstring"]);
/** Methods of `Fields` whose first argument is. */
const VALUE_FIRST = new Set(["uint", "bytes", "text"]);

/** A module of layout functions, in JavaScript, without what only writes. */
export function readHalf(source: string): string {
  const folded = transformSync(withoutValues(source), { loader: "ts", target: "es2022", minifySyntax: true }).code;
  return withoutArguments(folded);
}

/** The optional parameter `v` of each function is `undefined`, and `f.reading` is true. */
function withoutValues(source: string): string {
  const file = parse(source);
  const edits: Edit[] = [];
  const visit = (node: ts.Node, absent: boolean): void => {
    if (ts.isFunctionLike(node)) absent = node.parameters.some(isValue) || (absent && !node.parameters.some(isNamedV));
    if (ts.isTypeNode(node)) return;
    if (ts.isPropertyAccessExpression(node) && node.getText() === "f.reading") edits.push(edit(node, "true"));
    else if (absent && ts.isShorthandPropertyAssignment(node) && node.name.text === "v") {
      edits.push(edit(node, "v: void 0"));
    } else if (absent && ts.isIdentifier(node) && node.text === "v" && isReference(node))
      edits.push(edit(node, "(void 0 as any)"));
    ts.forEachChild(node, (child) => visit(child, absent));
  };
  visit(file, false);
  return apply(source, edits);
}

const isNamedV = ({ name }: ts.ParameterDeclaration): boolean => ts.isIdentifier(name) && name.text === "v";

/** Optional; or, in a layout whose type is given elsewhere, behind the fields. */
function isValue(parameter: ts.ParameterDeclaration): boolean {
  if (!isNamedV(parameter)) return false;
  const { type, parent } = parameter;
  if (type === undefined) return parameter.questionToken !== undefined || parent.parameters[0].name.getText() === "f";
  return parameter.questionToken !== undefined || /\|\s*undefined\b/.test(type.getText());
}

function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isParameter(parent)) return parent.name !== node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isPropertyAssignment(parent)) return parent.name !== node;
  return !ts.isBindingElement(parent);
}

/** Values handed to a `Fields` are not looked at; nor is a trailing `undefined` handed to a function. */
function withoutArguments(source: string): string {
  const file = parse(source);
  const edits: Edit[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) edits.push(...argumentEdits(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return apply(source, edits);
}

function argumentEdits({ expression, arguments: values }: ts.CallExpression): Edit[] {
  if (values.length === 0) return [];
  if (ts.isPropertyAccessExpression(expression) && expression.expression.getText() === "f") {
    const method = expression.name.text;
    if (VALUE_ONLY.has(method)) return [{ from: values[0].getStart(), to: values[values.length - 1].end, text: "" }];
    return VALUE_FIRST.has(method) ? [edit(values[0], "0")] : [];
  }
  if (!ts.isIdentifier(expression)) return [];
  let kept = values.length;
  while (kept > 0 && values[kept - 1].getText() === "void 0") kept--;
  if (kept === values.length) return [];
  return [
    { from: kept === 0 ? values[0].getStart() : values[kept - 1].end, to: values[values.length - 1].end, text: "" },
  ];
}
