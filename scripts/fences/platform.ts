/** Sources run in Node and browsers alike: only the platform files may look for Node. */
import ts from "typescript";
import type { FencesConfig } from "../fences.config.ts";
import { type Import, isBuiltin } from "./imports.ts";
import { type Finding, finding, type Workspace, type WorkspaceFile } from "./workspace.ts";

/** Globals by which code tells platforms apart, or that exist on one of them only. */
const PLATFORM_GLOBALS = new Set([
  "process",
  "window",
  "Buffer",
  "require",
  "global",
  "__dirname",
  "__filename",
  "Deno",
  "Bun",
]);

function isRestricted(file: WorkspaceFile, config: FencesConfig): boolean {
  if (file.isTest || file.package === "" || config.platform.packages.includes(file.package)) return false;
  return !config.platform.files.includes(file.path);
}

/** `globalThis`, also behind parentheses and assertions of type. */
function isGlobalThis(node: ts.Expression): boolean {
  let inner = node;
  while (ts.isParenthesizedExpression(inner) || ts.isAsExpression(inner) || ts.isNonNullExpression(inner)) {
    inner = inner.expression;
  }
  return ts.isIdentifier(inner) && inner.text === "globalThis";
}

/** The platform global that a node uses, by itself or as a member of globalThis. */
function platformGlobal(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (ts.isElementAccessExpression(node) && isGlobalThis(node.expression)) {
    const key = ts.isStringLiteralLike(node.argumentExpression) ? node.argumentExpression.text : "";
    return PLATFORM_GLOBALS.has(key) ? key : undefined;
  }
  if (!ts.isIdentifier(node) || !PLATFORM_GLOBALS.has(node.text)) return undefined;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return isGlobalThis(parent.expression) ? node.text : undefined;
  }
  const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
  return declarations.every(isAmbient) ? node.text : undefined;
}

const isAmbient = (node: ts.Node): boolean =>
  node.getSourceFile().isDeclarationFile ||
  (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Ambient) !== 0;

/** An `await` outside of functions: Node's `require` takes no such module, and every importer would wait for it. */
function* topLevelAwaits(node: ts.Node): Generator<ts.Node> {
  if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return;
  const waits = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);
  if (waits) yield node;
  const inner: ts.Node[] = [];
  ts.forEachChild(node, (child) => void inner.push(child));
  for (const child of inner) yield* topLevelAwaits(child);
}

/** Imports of Node's modules and uses of platform globals outside the platform files. */
export function checkPlatform(workspace: Workspace, imports: readonly Import[], config: FencesConfig): Finding[] {
  const findings: Finding[] = [];
  const where = config.platform.files.join(", ");
  for (const { from, specifier, node } of imports) {
    if (isRestricted(from, config) && isBuiltin(specifier)) {
      findings.push(finding(from, node, "platform", `${specifier} is Node's; only ${where} may use it`));
    }
  }
  const checker = workspace.program.getTypeChecker();
  for (const file of workspace.files.filter((one) => isRestricted(one, config))) {
    const visit = (node: ts.Node): void => {
      const name = platformGlobal(node, checker);
      if (name !== undefined) {
        findings.push(finding(file, node, "platform", `${name} is of one platform; only ${where} may use it`));
      }
      ts.forEachChild(node, visit);
    };
    visit(file.source);
    for (const node of topLevelAwaits(file.source)) {
      findings.push(finding(file, node, "platform", "await at the top level: this module could not be required"));
    }
  }
  return findings;
}
