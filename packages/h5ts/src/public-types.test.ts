import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const HEAD = `
  import { dtype, open, openSync, slice, type Dataset, type H5File } from "./index.ts";
  const now = openSync("a.h5");
  const later = await open("a.h5");
`;

/** Compiles lines behind {@link HEAD}; gives the program and the file. */
function compile(lines: readonly string[]): { program: ts.Program; source: ts.SourceFile } {
  const path = join(here, "compiled-by-a-test.ts");
  const text = `${HEAD}${lines.join("\n")}\n`;
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    customConditions: ["h5ts-source"],
    allowImportingTsExtensions: true,
    strict: true,
    noEmit: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === path || fileExists(name);
  host.getSourceFile = (name, target, ...rest) =>
    name === path ? ts.createSourceFile(name, text, target) : getSourceFile(name, target, ...rest);
  const program = ts.createProgram([path], options, host);
  const source = program.getSourceFile(path);
  if (source === undefined) throw new Error("not compiled");
  return { program, source };
}

/** The type of each expression, as the compiler writes it; or what it says against it. */
function typesOf(expressions: readonly string[]): Map<string, string> {
  const { program, source } = compile(expressions.map((expression, i) => `export const t${i} = ${expression};`));
  const checker = program.getTypeChecker();
  const problems = ts.getPreEmitDiagnostics(program, source);
  const types = new Map<string, string>();
  for (const statement of source.statements.filter(ts.isVariableStatement)) {
    const [declaration] = statement.declarationList.declarations;
    const number = /^t(\d+)$/.exec(declaration.name.getText(source))?.[1];
    if (number === undefined) continue;
    const inside = ({ start = 0 }): boolean => start >= statement.getStart(source) && start < statement.getEnd();
    const problem = problems.find(inside);
    const flags = ts.TypeFormatFlags.NoTruncation;
    const type = checker.typeToString(checker.getTypeAtLocation(declaration), declaration, flags);
    const text = problem && ts.flattenDiagnosticMessageText(problem.messageText, " ");
    types.set(
      expressions[Number(number)],
      text === undefined ? type.replaceAll('import("./index.ts").', "") : `error: ${text}`,
    );
  }
  return types;
}

const DTYPES = [
  '"i1"',
  '"i2"',
  '"i4"',
  '"i8"',
  '"u1"',
  '"u2"',
  '"u4"',
  '"u8"',
  '"f2"',
  '"f4"',
  '"f8"',
  '"f16"',
  '"<i4"',
  '">f8"',
  '"int8"',
  '"int64"',
  '"uint8"',
  '"uint64"',
  '"float32"',
  '"float64"',
  '"bfloat16"',
  '"float8_e4m3"',
  '"c8"',
  '"complex128"',
  '"bool"',
  '"?"',
  '"S20"',
  '"string"',
  '"V5"',
  '"<M8[ns]"',
  '"datetime64[D]"',
  "dtype.string()",
  'dtype.string({ length: 20, encoding: "ascii" })',
  'dtype.compound({ x: "f8", label: "S20" })',
  'dtype.enum({ RED: 0, GREEN: 1 }, "u1")',
  'dtype.vlen("i4")',
  'dtype.array("f4", [3])',
  "dtype.opaque(5)",
  "dtype.reference",
  "dtype.regionReference",
  'dtype.complex("f4")',
  'now.dataset("x").dtype',
];

const METHODS = [
  'FILE.get("x")',
  'FILE.group("x")',
  'FILE.dataset("x")',
  'FILE.dataset("x", "f4")',
  'FILE.has("x")',
  "FILE.keys()",
  "FILE.values()",
  "FILE.entries()",
  "FILE.count()",
  'FILE.getLink("x")',
  "FILE.links()",
  "FILE.visit((path) => path.length)",
  "FILE.visit(() => {})",
  "FILE.visitItems((path, object) => object.kind)",
  "FILE.name",
  "FILE.parent",
  "FILE.file",
  "FILE.ref",
  "FILE.get(FILE.ref)",
  "FILE.pathOf(FILE.ref)",
  "FILE.flush()",
  "FILE.close()",
  "FILE.mode",
  "FILE.libver",
  "FILE.superblock",
  "FILE[Symbol.iterator]",
  "FILE[Symbol.asyncIterator]",
  "FILE[Symbol.dispose]",
  "FILE[Symbol.asyncDispose]",
  'FILE.attrs.get("x")',
  'FILE.attrs.has("x")',
  "FILE.attrs.keys()",
  "FILE.attrs.entries()",
  "FILE.attrs.toObject()",
  "FILE.attrs.count()",
  'FILE.attrs.info("x")',
  "FILE.attrs.infos()",
  "DATASET.shape",
  "DATASET.dtype",
  "DATASET.ndim",
  "DATASET.size",
  "DATASET.nbytes",
  "DATASET.maxShape",
  "DATASET.layout",
  "DATASET.chunks",
  "DATASET.compression",
  "DATASET.compressionOpts",
  "DATASET.shuffle",
  "DATASET.fletcher32",
  "DATASET.scaleOffset",
  "DATASET.filters",
  "DATASET.fillValue",
  "DATASET.external",
  "DATASET.isVirtual",
  "DATASET.dims",
  "DATASET.read()",
  "DATASET.read([slice(1, 2), [0, 4], null])",
  "DATASET.readInto(new Float32Array(3), 1, { at: 2 })",
  "DATASET.iterChunks()",
  "DATASET.chunkInfo()",
  "DATASET.chunkInfo([0])",
  "DATASET.readChunk([0])",
  "DATASET.storageSize()",
  "DATASET.virtualSources()",
  "DATASET.refresh()",
  'DATASET.asType("f8")',
  'DATASET.asType("number")',
  "DATASET.asBytes()",
  'DATASET.asType("f2", { array: Uint16Array })',
  'FILE.createGroup("x")',
  'FILE.requireGroup("x")',
  'FILE.createDataset("x", { shape: [3], dtype: "f4" })',
  'FILE.createDataset("x", { data: new Uint16Array(3), shape: [3] })',
  "FILE.createDataset(null, { data: [1, 2, 3] })",
  'FILE.requireDataset("x", { shape: [3], dtype: "f4", exact: true })',
  'FILE.requireDataset("x", { shape: [3], dtype: "f4" })',
  'FILE.createDatasetLike("x", DATASET)',
  'FILE.commitDatatype("x", "f4")',
  'FILE.createHardLink("x", DATASET)',
  'FILE.createSoftLink("x", "/y")',
  'FILE.createExternalLink("x", "y.h5", "/y")',
  'FILE.delete("x")',
  'FILE.move("x", "y")',
  'FILE.copy("x", FILE, { name: "y", expandRefs: true })',
  'FILE.attrs.set("x", [1, 2])',
  'FILE.attrs.create("x", [1, 2], { dtype: "i4", shape: [1, 2] })',
  'FILE.attrs.modify("x", 1)',
  'FILE.attrs.delete("x")',
  "DATASET.write(1, [null, 2])",
  'DATASET.fields("x").write(1)',
  "DATASET.append([1, 2])",
  "DATASET.appendAll([[1], [2]])",
  "DATASET.resize([3, 4])",
  "DATASET.resize(3, 1)",
  "DATASET.writeChunk([0], new Uint8Array(4), 1)",
  "DATASET.makeScale()",
  "DATASET.flush()",
  "DATASET.dims[0].attachScale(DATASET)",
  "DATASET.dims[0].detachScale(DATASET)",
  'DATASET.dims[0].setLabel("x")',
  "DATASET.dims[0].label()",
  "DATASET.dims[0].scales()",
  "DATASET.dims[0].keys()",
  'DATASET.dims[0].scale("x")',
];

const inSync = METHODS.map((one) => one.replaceAll("FILE", "now").replaceAll("DATASET", 'now.dataset("x", "f4")'));
const inAsync = METHODS.map((one) =>
  one.replaceAll("FILE", "later").replaceAll("DATASET", '(await later.dataset("x", "f4"))'),
);
const byDtype = DTYPES.map((one) => `now.dataset("x", ${one}).read().data`);

const TABLE = 'now.dataset("x", dtype.compound({ x: "f8", label: "S20", n: "i8" }))';
const VIEWS = [
  `${TABLE}.fields("x").read().data`,
  `${TABLE}.fields(["x", "label"]).read().data.label`,
  `${TABLE}.read().item()`,
  'now.dataset("x").fields("x").read().data',
  'now.dataset("x").fields(["x"]).read().data.x',
  'now.dataset("x", "i8").asType("number").read().data',
];

const WRONG: readonly (readonly [what: string, expression: string])[] = [
  ["openSync of what is async only", "openSync(new Blob([]))"],
  ["a value where there is a promise", 'later.dataset("x").shape'],
  ["a promise where there is a value", "now.keys().then((x) => x)"],
  ["sync iteration in async mode", "[...later]"],
  ["a dtype that there is none of", 'now.dataset("x", "f5")'],
  ["a dataset as one of another data type", 'now.dataset("x", "f4") satisfies Dataset<"sync", Float64Array>'],
  ["a file of the other mode", 'now satisfies H5File<"async">'],
  ["setting a property", '(now.name = "x")'],
  ["a dataset of a datatype that there is none of", 'now.createDataset("x", { shape: [1], dtype: "f5" })'],
  ["an option that there is none of", 'now.createDataset("x", { shape: [1], dtype: "f4", maxshape: [null] })'],
  ["async batches in sync mode", 'now.dataset("x").appendAll((async function* () {})())'],
  ["a copy into a file of the other mode", 'now.copy("x", later)'],
  ["a member that is not known", 'now.dataset("x", dtype.compound({ x: "f8" })).fields("y").read().data.fill(0)'],
];

const RIGHT = [
  'now.dataset("x", "f4") satisfies Dataset<"sync">',
  'now.dataset("x", "f4") satisfies Dataset<"sync" | "async", unknown>',
  'now satisfies H5File<"sync" | "async">',
  'now.dataset("x", "f4").read().data satisfies Float32Array',
];

let types: Map<string, string>;
beforeAll(() => {
  types = typesOf([...byDtype, ...inSync, ...inAsync, ...VIEWS, ...WRONG.map(([, one]) => one), ...RIGHT]);
});

const listed = (expressions: readonly string[]): string =>
  expressions.map((expression) => `${expression}\n    ${types.get(expression)}`).join("\n");

describe("types", () => {
  it("of data, by dtype", () => {
    expect(listed(byDtype)).toMatchSnapshot();
  });

  it("of what there is in sync mode", () => {
    expect(listed(inSync)).toMatchSnapshot();
  });

  it("of what there is in async mode", () => {
    expect(listed(inAsync)).toMatchSnapshot();
  });

  it("of views", () => {
    expect(listed(VIEWS)).toMatchSnapshot();
  });
});

it.each(WRONG)("does not compile: %s", (_, expression) => {
  expect(types.get(expression)).toMatch(/^error: /);
});

it.each(RIGHT)("compiles: %s", (expression) => {
  expect(types.get(expression)).not.toMatch(/^error: /);
});
