import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { config, type FencesConfig } from "./fences.config.ts";
import { checkFences } from "./fences.ts";

const roots: string[] = [];
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true });
});

const manifest = (name: string, dependencies: string[], exports: string[] = ["."]): string =>
  JSON.stringify({
    name,
    dependencies: Object.fromEntries(dependencies.map((one) => [one, "1"])),
    exports: Object.fromEntries(exports.map((one) => [one, { "h5ts-source": "./src/index.ts" }])),
  });

/** A small workspace that keeps all fences: three packages and the declaration of Steps. */
const base: Record<string, string> = {
  "packages/filters/package.json": manifest("@h5ts/filters", []),
  "packages/filters/src/index.ts": "export const filter = 1;\n",
  "packages/core/package.json": manifest("@h5ts/core", ["@h5ts/filters"]),
  "packages/core/src/index.ts": 'export { one } from "./bytes/one.ts";\n',
  "packages/core/src/errors.ts": "export class H5Error extends Error {}\n",
  "packages/core/src/bytes/one.ts": "export const one = 1;\nexport interface One { a: 1 }\n",
  "packages/core/src/object/mode.ts": 'export type Mode = "sync" | "async";\n',
  "packages/core/src/steps/steps.ts": `
    export interface Request { readonly kind: "read" }
    export type Steps<T> = Generator<Request, T, unknown>;
    export function* read(): Steps<number> { return (yield { kind: "read" }) as number; }
    export function* all<T>(children: readonly Steps<T>[]): Steps<T[]> {
      const values: T[] = [];
      for (const child of children) values.push(yield* child);
      return values;
    }
    export function runSync<T>(steps: Steps<T>): T { steps.next(); throw new Error(); }
    export async function runAsync<T>(steps: Steps<T>): Promise<T> { steps.next(); throw new Error(); }
  `,
  "packages/h5ts/package.json": manifest("h5ts", ["@h5ts/core", "@h5ts/filters"]),
  "packages/h5ts/src/index.ts": 'export * from "@h5ts/core";\n',
};

function workspace(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "h5ts-fences-"));
  roots.push(root);
  for (const [path, text] of Object.entries({ ...base, ...files })) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(root, "node_modules/@h5ts"), { recursive: true });
  symlinkSync(join(root, "packages/core"), join(root, "node_modules/@h5ts/core"));
  return root;
}

const plain: FencesConfig = { ...config, exceptions: [] };
const offences = (files: Record<string, string>, settings: FencesConfig = plain): string[] =>
  checkFences(workspace(files), settings).map(({ file, line, rule, message }) => `${file}:${line} ${rule}: ${message}`);

it("finds nothing in a workspace that keeps the fences", () => {
  expect(offences({})).toEqual([]);
});

describe("imports", () => {
  const cases: [what: string, path: string, text: string, message: string][] = [
    [
      "a lower layer of a higher one",
      "core/src/bytes/x.ts",
      'import "../steps/steps.ts";',
      "bytes may not import steps",
    ],
    ["errors.ts of anything", "core/src/errors.ts", 'import "./bytes/one.ts";', "errors may not import bytes"],
    ["contract.ts of the engine", "core/src/contract.ts", 'import "./engine/x.ts";', "contract may not import engine"],
    ["a type alone", "core/src/bytes/x.ts", 'export type { Steps } from "../steps/steps.ts";', "may not import steps"],
    [
      "an import type",
      "core/src/bytes/x.ts",
      'export let a: import("../steps/steps.ts").Request;',
      "may not import steps",
    ],
    [
      "a dynamic import",
      "core/src/bytes/x.ts",
      'export const a = import("../steps/steps.ts");',
      "may not import steps",
    ],
    [
      "filters by a layer that may not",
      "core/src/bytes/x.ts",
      'import "@h5ts/filters";',
      "may not import @h5ts/filters",
    ],
    ["the engine by object", "core/src/object/x.ts", 'import "../engine/x.ts";', "object may not import engine"],
    ["a folder that no table names", "core/src/util/x.ts", 'import "../errors.ts";', "folder util of core is missing"],
    ["a package above", "filters/src/x.ts", 'import "@h5ts/core";', "package filters may not import @h5ts/core"],
    ["a package above by a test", "core/src/x.test.ts", 'import "h5ts";', "package core may not import h5ts"],
    ["another package by its files", "h5ts/src/x.ts", 'import "../../core/src/errors.ts";', "leaves the package"],
    ["a package above by its files in a test", "core/src/x.test.ts", 'import "../../h5ts/src/index.ts";', "leaves"],
    ["itself by name", "core/src/bytes/x.ts", 'import "@h5ts/core";', "this package itself"],
    ["what package.json does not name", "filters/src/x.ts", 'import "pako";', "pako is not a dependency"],
    ["a package that no table names", "other/src/x.ts", 'import "pako";', "package other is missing"],
    ["a test", "core/src/bytes/x.ts", 'import "./one.test.ts";', "is a test"],
    ["Mode by the engine", "core/src/engine/x.ts", 'import type { Mode } from "../object/mode.ts";', "import Mode"],
  ];
  it.each(cases)("%s", (_what, path, text, message) => {
    const found = offences({
      [`packages/${path}`]: text,
      "packages/core/src/bytes/one.test.ts": "export {};",
      ...(path.includes("engine/") ? {} : { "packages/core/src/engine/x.ts": "export {};" }),
    });
    expect(found).toContainEqual(expect.stringContaining(message));
    expect(found.every((one) => one.startsWith(`packages/${path}:1 import:`))).toBe(true);
  });

  it("lets tests of a package cross its layers, and packages above name Mode", () => {
    const files = {
      "packages/core/src/bytes/x.test.ts":
        'import type { Mode } from "../object/mode.ts";\nimport "../steps/steps.ts";\n',
      "packages/h5ts/src/x.ts": 'export type { Mode } from "@h5ts/core";\n',
      "packages/core/src/index.ts": 'export type { Mode } from "./object/mode.ts";\n',
      "packages/core/src/y.test.ts": 'import "../../../scripts/sample.ts";\n',
      "scripts/sample.ts": "export {};\n",
      "packages/h5ts/src/y.test.ts": 'import "../../core/src/errors.ts";\n',
    };
    expect(offences(files)).toEqual([]);
  });
});

describe("cycles", () => {
  it("of values", () => {
    const found = offences({
      "packages/core/src/bytes/a.ts": 'import { b } from "./b.ts";\nexport const a = (): unknown => b;\n',
      "packages/core/src/bytes/b.ts": 'import { c } from "./c.ts";\nexport const b = (): unknown => c;\n',
      "packages/core/src/bytes/c.ts": 'import { a } from "./a.ts";\nexport const c = (): unknown => a;\n',
    });
    const path = ["a", "b", "c", "a"].map((name) => `packages/core/src/bytes/${name}.ts`).join(" -> ");
    expect(found).toEqual([`packages/core/src/bytes/a.ts:1 cycle: import cycle: ${path}`]);
  });

  it("of types", () => {
    const found = offences({
      "packages/core/src/bytes/a.ts": 'import type { B } from "./b.ts";\nexport interface A { b: B }\n',
      "packages/core/src/bytes/b.ts": 'import { type A } from "./a.ts";\nexport interface B { a: A }\n',
    });
    expect(found).toEqual([expect.stringContaining("import cycle through types")]);
  });

  it("of types are allowed in listed folders, of values never", () => {
    const settings = { ...plain, typeRings: [{ package: "core", folder: "bytes", reason: "classes of one model" }] };
    const ring = {
      "packages/core/src/bytes/a.ts": 'import { B } from "./b.ts";\nexport class A { b?: B }\nexport const b = B;\n',
      "packages/core/src/bytes/b.ts": 'import type { A } from "./a.ts";\nexport class B { a?: A }\n',
    };
    expect(offences(ring, settings)).toEqual([]);
    expect(offences(ring)).toEqual([expect.stringContaining("import cycle through types")]);
    const values = {
      ...ring,
      "packages/core/src/bytes/b.ts": 'import { A } from "./a.ts";\nexport class B extends A {}\n',
    };
    expect(offences(values, settings)).toEqual([expect.stringContaining("cycle: import cycle: ")]);
  });

  it("between packages", () => {
    const found = offences({
      "packages/filters/src/index.ts": 'export * from "@h5ts/core";\n',
      "packages/core/src/index.ts": 'export * from "@h5ts/filters";\n',
    });
    expect(found).toContainEqual(expect.stringContaining("cycle: import cycle: packages/core/src/index.ts"));
  });
});

describe("Steps", () => {
  const head = 'import { all, read, runAsync, runSync, type Steps } from "../steps/steps.ts";\n';
  const inGenerator = (body: string): string => `${head}export function* f(): Steps<unknown> { ${body} }\n`;
  const lost: [code: string, message: string][] = [
    [inGenerator("read(); return 0;"), "is dropped"],
    [inGenerator("void read(); return 0;"), "is dropped"],
    [inGenerator("yield read() as never; return 0;"), "is yielded itself"],
    [inGenerator("return read();"), "return yield*"],
    [inGenerator("return [...read()];"), "is iterated"],
    [inGenerator("for (const x of read()) return x; return 0;"), "is iterated"],
    [inGenerator("return read().next();"), "driven by hand"],
    [inGenerator("if (read()) return 1; return 0;"), "only tested"],
    [inGenerator("const s = read(); s; return yield* s;"), "is dropped"],
    [inGenerator("const s: unknown = read(); return s;"), "no Steps is expected"],
    [inGenerator("return String(read());"), "no Steps is expected"],
    [inGenerator(["return `a$", "{read()}`;"].join("")), "no Steps is expected"],
    [inGenerator("[1].forEach(() => read()); return 0;"), "no Steps is expected"],
    [inGenerator("[1].forEach((x) => { return x ? read() : null; }); return 0;"), "no Steps is expected"],
    [inGenerator("true && read(); return 0;"), "is dropped"],
    [`${head}export async function f(): Promise<unknown> { return await read(); }`, "is awaited"],
    [`${head}export async function f(): Promise<unknown> { return read(); }`, "async function"],
    [
      `${head}export const f = (): void => { class A { a(): Steps<void> { return [][0]; } } new A().a(); };`,
      "is dropped",
    ],
  ];
  const files = lost.map(([code], i): [string, string] => [`packages/core/src/engine/lost${i}.ts`, code]);
  let found: string[];
  beforeAll(() => {
    found = offences(Object.fromEntries(files));
  });
  const titled = lost.map(([code, message], i) => ({ code: code.slice(head.length).trim(), message, i }));
  it.each(titled)("$code", ({ message, i }) => {
    const path = `packages/core/src/engine/lost${i}.ts`;
    const own = found.filter((one) => one.startsWith(path));
    expect(own).toEqual([expect.stringMatching(/:2 steps: this Steps value /)]);
    expect(own[0]).toContain(message);
  });

  it("finds lost values in tests and packages above", () => {
    const found = offences({
      "packages/core/src/engine/x.test.ts": `${head}export const f = (): void => { read(); };`,
      "packages/core/src/index.ts": 'export * from "./steps/steps.ts";\n',
      "packages/h5ts/src/x.ts": 'import { read } from "@h5ts/core";\nread();\n',
    });
    expect(found).toEqual([
      expect.stringContaining("x.test.ts:2 steps"),
      expect.stringContaining("h5ts/src/x.ts:2 steps"),
    ]);
  });

  it("takes every proper use", () => {
    const code = `${head}
      interface Reader { get(a: number): Steps<number>; close?: () => Steps<void> }
      function* two(a: Steps<number>, b?: Steps<number>): Steps<number> {
        const rest = b === undefined ? 0 : yield* b;
        return (yield* a) + rest;
      }
      const later = (): Steps<number> => read();
      export function* f(reader: Reader): Steps<unknown> {
        yield* read();
        const single = read();
        const sum = yield* two(single, reader.get(1));
        const many = yield* all([1, 2].map((x) => reader.get(x)));
        const mixed = yield* all([later(), two(read())]);
        const list: Steps<number>[] = [];
        for (const x of many) list.push(x > 1 ? reader.get(x) : (read() as Steps<number>));
        if (reader.close) yield* reader.close();
        const made = { steps: read(), again: later };
        return [sum, mixed, yield* all(list), yield* made.steps, yield* made.again()];
      }
      export class Engine implements Reader {
        readonly inner: Reader;
        constructor(inner: Reader) { this.inner = inner; }
        get(a: number): Steps<number> { return this.inner.get(a); }
        sync(): number { return runSync(this.inner.get(1)); }
        async async(): Promise<number> { return runAsync(this.get(1)); }
      }
    `;
    expect(offences({ "packages/core/src/engine/x.ts": code })).toEqual([]);
  });
});

describe("platform", () => {
  const cases: [code: string, message: string][] = [
    ['import { readFileSync } from "node:fs";', "node:fs is Node's"],
    ['export const p = import("fs");', "fs is Node's"],
    ["export const p = process.env;", "process is of one platform"],
    ['export const p = typeof window === "undefined";', "window is of one platform"],
    ["export const p = (globalThis as { process?: object }).process;", "process is of one platform"],
    ['export const p = globalThis["window"];', "window is of one platform"],
    ["export const p = await Promise.resolve(1);", "await at the top level"],
  ];
  it("reports each", () => {
    const files = cases.map(([code], i): [string, string] => [`packages/core/src/storage/x${i}.ts`, code]);
    const expected = cases.map(([, message], i) => `packages/core/src/storage/x${i}.ts:1 platform: ${message}`);
    expect(offences(Object.fromEntries(files))).toEqual(expected.map((one) => expect.stringContaining(one)));
  });

  it("leaves scripts free, and AssemblyScript to its own compiler", () => {
    const files = {
      "packages/core/scripts/x.ts": 'import "node:fs";\nimport "../test/y.ts";\nprocess.exit(await 1);\n',
      "packages/core/test/y.ts": "export {};\n",
      "packages/core/assembly/z.ts": "export const z: u32 = process;\n",
    };
    expect(offences(files)).toEqual([]);
  });

  it("allows them in platform.ts, and names that only look like it", () => {
    const files = {
      "packages/core/src/storage/platform.ts": "export const p = (globalThis as { process?: object }).process;\n",
      "packages/core/src/storage/x.ts":
        "export const f = async (window: number, o: { process: 1 }): Promise<number> => window + (await o.process);\n",
    };
    expect(offences(files)).toEqual([]);
  });
});

describe("size", () => {
  const long = (lines: number): string => `export function f(): void {\n${"  void 0;\n".repeat(lines - 2)}}\n`;
  const path = "packages/core/src/bytes/x.ts";
  const excepting = (name?: string): FencesConfig => ({
    ...plain,
    exceptions: [{ file: path, function: name, reason: "a table" }],
  });

  it.each([
    [long(40), []],
    [long(41), [`${path}:1 size: function f of 41 lines (at most 40)`]],
    ["export {};\n".repeat(300), []],
    ["export {};\n".repeat(301), [`${path}:1 size: file of 301 lines (at most 300)`]],
  ])("case %#", (text, expected) => {
    expect(offences({ [path]: text })).toEqual(expected);
  });

  it("leaves tests free", () => {
    expect(offences({ "packages/core/src/bytes/x.test.ts": long(400) })).toEqual([]);
  });

  it("takes listed exceptions, and reports those no longer needed", () => {
    expect(offences({ [path]: long(41) }, excepting("f"))).toEqual([]);
    expect(offences({ [path]: "export {};\n".repeat(301) }, excepting())).toEqual([]);
    expect(offences({ [path]: long(9) }, excepting("f"))).toEqual([
      expect.stringContaining("f in packages/core/src/bytes/x.ts needs no exception"),
    ]);
  });
});

it("fails the command with exit code 1, naming file and line", () => {
  const root = workspace({ "packages/core/src/bytes/x.ts": '\nimport "../steps/steps.ts";\n' });
  const script = fileURLToPath(new URL("./fences.ts", import.meta.url));
  const command = (): string =>
    execFileSync(process.execPath, ["--import", "tsx", script, root], { encoding: "utf8", stdio: "pipe" });
  expect(command).toThrow(
    expect.objectContaining({
      status: 1,
      stderr: expect.stringContaining("packages/core/src/bytes/x.ts:2 import: bytes may not import steps"),
    }),
  );
});
