/** The files of the workspace: which package and folder each belongs to, and the program that the compiler makes of them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ts from "typescript";

/** One offence. Lines count from 1. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

export interface WorkspaceFile {
  /** From the root, with slashes. */
  readonly path: string;
  /** Folder below packages/, or "" for scripts and the like. */
  readonly package: string;
  /** First folder, or file without ending, below src/; "" elsewhere. */
  readonly folder: string;
  /** Of a package: its tests and the scripts that only its developers run. */
  readonly isTest: boolean;
  readonly source: ts.SourceFile;
}

export interface WorkspacePackage {
  readonly name: string;
  readonly folder: string;
  /** Names of dependencies and peers in package.json. */
  readonly dependencies: readonly string[];
  /** Path of the source behind each export, by its subpath (".", "./reader"). */
  readonly exports: Readonly<Record<string, string>>;
}

export interface Workspace {
  readonly root: string;
  readonly files: readonly WorkspaceFile[];
  readonly packages: readonly WorkspacePackage[];
  readonly program: ts.Program;
}

/** AssemblyScript in assembly/ is another language. */
const SKIPPED = new Set(["node_modules", "dist", "fixtures", "assembly"]);

function* typescriptFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED.has(entry.name)) yield* typescriptFiles(path);
    } else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) yield path;
  }
}

function* codeFiles(root: string): Generator<string> {
  for (const name of ["packages", "scripts", "test", "benchmarks", "apps"]) {
    if (existsSync(join(root, name))) yield* typescriptFiles(join(root, name));
  }
}

const COMPILER_OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ["h5ts-source"],
  allowImportingTsExtensions: true,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  exports?: Record<string, { "h5ts-source"?: string } | string>;
}

function readPackage(root: string, folder: string): WorkspacePackage {
  const manifest = JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as Manifest;
  const exports: Record<string, string> = {};
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    const source = typeof target === "string" ? undefined : target["h5ts-source"];
    if (source !== undefined) exports[subpath] = `packages/${folder}/${source.replace(/^\.\//, "")}`;
  }
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return { name: manifest.name, folder, dependencies, exports };
}

function describeFile(path: string, source: ts.SourceFile): WorkspaceFile {
  const [top, name, part, ...rest] = path.split("/");
  const inPackage = top === "packages";
  const folder = inPackage && part === "src" ? (rest[0] ?? "").replace(/(\.test)?\.ts$/, "") : "";
  const isTest = path.endsWith(".test.ts") || (inPackage && (part === "test" || part === "scripts")) || top === "test";
  return { path, package: inPackage ? (name ?? "") : "", folder, isTest, source };
}

const libraries = new Map<string, ts.SourceFile | undefined>();

/** A host that parses the compiler's own libraries once a process: tests check many small workspaces. */
function compilerHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const folder = host.getDefaultLibLocation?.() ?? "";
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) => {
    if (!path.startsWith(folder)) return parse(path, ...rest);
    if (!libraries.has(path)) libraries.set(path, parse(path, ...rest));
    return libraries.get(path);
  };
  return host;
}

/** Reads all TypeScript files below packages/, scripts/, test/, benchmarks/ and apps/ of `root`. */
export function readWorkspace(root: string): Workspace {
  const paths = [...codeFiles(root)].sort();
  const typeRoots = [join(root, "node_modules/@types")].filter(existsSync);
  const options = { ...COMPILER_OPTIONS, typeRoots, types: typeRoots.length > 0 ? ["node"] : [] };
  const program = ts.createProgram(paths, options, compilerHost(options));
  program.getTypeChecker(); // binds: only then nodes know their parents
  const files = paths.map((path) => {
    const source = program.getSourceFile(path);
    if (source === undefined) throw new Error(`${path} could not be read`);
    return describeFile(relative(root, path).split(sep).join("/"), source);
  });
  const folders = existsSync(join(root, "packages")) ? readdirSync(join(root, "packages")) : [];
  const packages = folders
    .filter((folder) => existsSync(join(root, "packages", folder, "package.json")))
    .map((folder) => readPackage(root, folder));
  return { root, files, packages, program };
}

/** A finding at a node. */
export function finding(file: WorkspaceFile, node: ts.Node, rule: string, message: string): Finding {
  const { line } = file.source.getLineAndCharacterOfPosition(node.getStart(file.source));
  return { file: file.path, line: line + 1, rule, message };
}
