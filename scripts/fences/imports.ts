/** Who imports whom: the graph of modules, and the rules of one table (fences.config.ts) over it. */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import ts from "typescript";
import type { FencesConfig } from "../fences.config.ts";
import { type Finding, finding, type Workspace, type WorkspaceFile, type WorkspacePackage } from "./workspace.ts";

export interface Import {
  readonly from: WorkspaceFile;
  readonly specifier: string;
  readonly node: ts.Node;
  readonly typeOnly: boolean;
  /** Names as the imported module knows them. */
  readonly names: readonly string[];
  /** The file of this workspace that it leads to. */
  readonly to?: WorkspaceFile;
  /** The package of this workspace that it names; absent for relative and outside imports. */
  readonly toPackage?: WorkspacePackage;
}

type Found = Pick<Import, "specifier" | "node" | "typeOnly" | "names">;

const textOf = (node: ts.Node | undefined): string | undefined =>
  node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined;

function ofImport(node: ts.ImportDeclaration): Found {
  const clause = node.importClause;
  const named = clause?.namedBindings;
  const elements = named !== undefined && ts.isNamedImports(named) ? named.elements : undefined;
  const wholeIsType = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const allTypes =
    elements !== undefined && elements.length > 0 && elements.every((e) => e.isTypeOnly) && !clause?.name;
  const names = (elements ?? []).map((e) => (e.propertyName ?? e.name).text);
  return { specifier: textOf(node.moduleSpecifier) ?? "", node, typeOnly: wholeIsType || allTypes, names };
}

function ofExport(node: ts.ExportDeclaration, specifier: string): Found {
  const clause = node.exportClause;
  const elements = clause !== undefined && ts.isNamedExports(clause) ? clause.elements : undefined;
  const allTypes = elements !== undefined && elements.length > 0 && elements.every((e) => e.isTypeOnly);
  const names = (elements ?? []).map((e) => (e.propertyName ?? e.name).text);
  return { specifier, node, typeOnly: node.isTypeOnly || allTypes, names };
}

function ofNode(node: ts.Node): Found | undefined {
  if (ts.isImportDeclaration(node)) return ofImport(node);
  if (ts.isExportDeclaration(node)) {
    const specifier = textOf(node.moduleSpecifier);
    return specifier === undefined ? undefined : ofExport(node, specifier);
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    const last = node.qualifier === undefined ? [] : [node.qualifier.getText().split(".")[0] ?? ""];
    return { specifier: textOf(node.argument.literal) ?? "", node, typeOnly: true, names: last };
  }
  if (!ts.isCallExpression(node)) return undefined;
  const called = node.expression;
  const loads = called.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(called) && called.text === "require");
  const specifier = loads ? textOf(node.arguments[0]) : undefined;
  return specifier === undefined ? undefined : { specifier, node, typeOnly: false, names: [] };
}

/** All imports, re-exports, import types, dynamic imports and requires of the workspace. */
export function readImports(workspace: Workspace): Import[] {
  const byPath = new Map(workspace.files.map((file) => [file.path, file]));
  const imports: Import[] = [];
  for (const from of workspace.files) {
    const visit = (node: ts.Node): void => {
      const found = ofNode(node);
      if (found !== undefined) imports.push({ from, ...found, ...resolve(from, found.specifier, workspace, byPath) });
      ts.forEachChild(node, visit);
    };
    visit(from.source);
  }
  return imports;
}

function resolve(
  from: WorkspaceFile,
  specifier: string,
  workspace: Workspace,
  byPath: ReadonlyMap<string, WorkspaceFile>,
): Pick<Import, "to" | "toPackage"> {
  if (specifier.startsWith(".")) {
    return { to: byPath.get(posix.join(posix.dirname(from.path), specifier)) };
  }
  const toPackage = workspace.packages.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (toPackage === undefined) return {};
  const source = toPackage.exports[`.${specifier.slice(toPackage.name.length)}`];
  return { toPackage, to: source === undefined ? undefined : byPath.get(source) };
}

/** Every import that the table does not allow. */
export function checkImports(workspace: Workspace, imports: readonly Import[], config: FencesConfig): Finding[] {
  const findings: Finding[] = [];
  for (const item of imports) {
    const { from } = item;
    const report = (message: string): number => findings.push(finding(from, item.node, "import", message));
    for (const rule of from.isTest
      ? [packageRule]
      : [packageRule, dependencyRule, layerRule, restrictedRule, testRule]) {
      const message = rule(item, config, workspace);
      if (message !== undefined) report(message);
    }
  }
  return findings;
}

type Rule = (item: Import, config: FencesConfig, workspace: Workspace) => string | undefined;

const packageRule: Rule = ({ from, to, toPackage, specifier }, config) => {
  if (from.package === "") return undefined;
  const allowed = config.packages[from.package];
  if (allowed === undefined) return `package ${from.package} is missing in scripts/fences.config.ts`;
  if (specifier.startsWith(".")) {
    if (to === undefined || to.package === from.package) return undefined;
    // Tests may use what serves the tests of all packages, and look inside those below.
    const below = from.isTest && (to.package === "" || allowed.includes(to.package));
    return below ? undefined : `${specifier} leaves the package; import it by name`;
  }
  if (toPackage === undefined || toPackage.folder === from.package || allowed.includes(toPackage.folder))
    return undefined;
  return `package ${from.package} may not import ${toPackage.name} (allowed: ${list(allowed)})`;
};

const dependencyRule: Rule = ({ from, toPackage, specifier }, _config, workspace) => {
  if (from.package === "" || specifier.startsWith(".") || isBuiltin(specifier)) return undefined;
  if (toPackage?.folder === from.package) return `${specifier} is this package itself; import the file`;
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  const own = workspace.packages.find(({ folder }) => folder === from.package);
  return own?.dependencies.includes(name)
    ? undefined
    : `${name} is not a dependency in package.json of ${from.package}`;
};

const layerRule: Rule = ({ from, to, toPackage }, config) => {
  const layers = config.layers[from.package];
  if (layers === undefined || (to === undefined && toPackage === undefined)) return undefined;
  const allowed = layers[from.folder];
  if (allowed === undefined) return `folder ${from.folder} of ${from.package} is missing in scripts/fences.config.ts`;
  const target = toPackage !== undefined ? toPackage.name : (to?.folder ?? "");
  if (target === from.folder || allowed.includes(target)) return undefined;
  return `${from.folder} may not import ${target} (allowed: ${list(allowed)})`;
};

const restrictedRule: Rule = ({ from, names }, config) => {
  for (const { name, package: owner, folders } of config.restricted) {
    if (from.package === owner && names.includes(name) && !folders.includes(from.folder)) {
      return `${from.folder} may not import ${name} (allowed in: ${list(folders)})`;
    }
  }
  return undefined;
};

const testRule: Rule = ({ to }) => (to?.isTest ? `${to.path} is a test; sources may not import it` : undefined);

/** Whether a specifier names a module of Node. */
export const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith("node:") || builtinModules.includes(specifier.split("/")[0] ?? "");

const list = (names: readonly string[]): string => (names.length === 0 ? "nothing" : names.join(", "));
