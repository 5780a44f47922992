import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readCommands, readExamples } from "./readme-examples.ts";
import { writeSample } from "./sample-file.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const candidates = ["README.md", ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`)];
const pages = candidates.filter((path) => existsSync(join(root, path)));
const examples = pages.flatMap((path) =>
  readExamples(readFileSync(join(root, path), "utf8")).map((one) => ({ path, ...one })),
);

const commands = pages.flatMap((path) =>
  readCommands(readFileSync(join(root, path), "utf8")).map((one) => ({ path, command: one.words.join(" "), ...one })),
);

it("finds commands and what they print", () => {
  expect(readCommands("A\n\n```console\n$ h5ts ls a.h5\nx\n\ny\n$ h5ts stat\n```\n")).toEqual([
    { line: 4, words: ["h5ts", "ls", "a.h5"], prints: "x\n\ny\n" },
    { line: 8, words: ["h5ts", "stat"], prints: "" },
  ]);
});

it("finds examples and what they print", () => {
  const page =
    "# A\n\n```ts\nconst a = 1;\nconsole.log(a); // 1\nconsole.log([a, 2]);   // [ 1, 2 ]\n```\n\n```sh\nls\n```\n";
  expect(readExamples(page)).toEqual([
    {
      line: 4,
      code: "const a = 1;\nconsole.log(a); // 1\nconsole.log([a, 2]);   // [ 1, 2 ]\n",
      prints: ["1", "[ 1, 2 ]"],
    },
  ]);
});

/** Examples run as a user's program would, in a folder with the sample file, from the packages' sources. */
describe("examples of the readmes", () => {
  let folder: string;
  beforeAll(async () => {
    mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
    folder = mkdtempSync(join(root, "node_modules/.cache/readme-"));
    await writeSample(join(folder, "sample.h5"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("compile", { timeout: 300_000 }, () => {
    const files = examples.map(({ path, line, code }) => {
      const file = join(folder, `${path.replaceAll("/", "-")}-${line}.mts`);
      writeFileSync(file, code);
      return file;
    });
    const program = ts.createProgram(files, {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      module: ts.ModuleKind.NodeNext,
      customConditions: ["h5ts-source"],
      allowImportingTsExtensions: true,
      strict: true,
      noEmit: true,
      types: [],
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ file, messageText }) => ({ file: file?.fileName, messageText }));
    expect(problems).toEqual([]);
  });

  it.each(examples)("$path, line $line", ({ code, line, prints }) => {
    writeFileSync(join(folder, `example-${line}.mts`), code);
    const command = ["--conditions=h5ts-source", "--import", "tsx", `example-${line}.mts`];
    const output = execFileSync(process.execPath, command, { cwd: folder, encoding: "utf8" });
    expect(prints.length).toBeGreaterThan(0);
    expect(output.trim().split("\n")).toEqual(prints);
  });

  it.each(commands)("$path, line $line: $command", ({ words: [name, ...words], prints }) => {
    expect(name).toBe("h5ts");
    const program = join(root, "packages/cli/src/main.ts");
    const options = ["--conditions=h5ts-source", "--import", "tsx", program];
    const output = execFileSync(process.execPath, [...options, ...words], { cwd: folder, encoding: "utf8" });
    expect(output).toBe(prints);
  });
});
