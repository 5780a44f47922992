/** Files and functions stay small enough to read at once; what may be larger is listed with its reason. */
import ts from "typescript";
import type { FencesConfig } from "../fences.config.ts";
import { type Finding, finding, type Workspace, type WorkspaceFile } from "./workspace.ts";

function nameOf(node: ts.FunctionLikeDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  if (ts.isConstructorDeclaration(node)) return "constructor";
  const { parent } = node;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) {
    return parent.name.getText();
  }
  return "(anonymous)";
}

const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration =>
  ts.isFunctionLike(node) && "body" in node && node.body !== undefined;

function* functionsOf(
  file: WorkspaceFile,
): Generator<{ node: ts.FunctionLikeDeclaration; name: string; lines: number }> {
  const stack: ts.Node[] = [file.source];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isFunction(node)) {
      const lineAt = (position: number): number => file.source.getLineAndCharacterOfPosition(position).line;
      const lines = lineAt(node.getEnd()) - lineAt(node.getStart(file.source)) + 1;
      yield { node, name: nameOf(node), lines };
    }
    ts.forEachChild(node, (child) => void stack.push(child));
  }
}

/** Files and functions of sources above the limits, and exceptions that are no longer needed. Tests are free. */
export function checkSize(workspace: Workspace, config: FencesConfig): Finding[] {
  const { fileLines, functionLines } = config.limits;
  const findings: Finding[] = [];
  const unused = new Set(config.exceptions);
  const excepted = (file: string, name?: string): boolean => {
    const found = config.exceptions.find((one) => one.file === file && one.function === name);
    if (found !== undefined) unused.delete(found);
    return found !== undefined;
  };
  for (const file of workspace.files.filter(({ isTest }) => !isTest)) {
    const { text } = file.source;
    const lines = text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
    if (lines > fileLines && !excepted(file.path)) {
      findings.push(finding(file, file.source, "size", `file of ${lines} lines (at most ${fileLines})`));
    }
    for (const { node, name, lines: length } of functionsOf(file)) {
      if (length <= functionLines || excepted(file.path, name)) continue;
      findings.push(finding(file, node, "size", `function ${name} of ${length} lines (at most ${functionLines})`));
    }
  }
  for (const { file, function: name } of unused) {
    const what = name === undefined ? file : `${name} in ${file}`;
    findings.push({ file: "scripts/fences.config.ts", line: 1, rule: "size", message: `${what} needs no exception` });
  }
  return findings;
}
