import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCli } from "@h5ts/cli";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compiled, inFolder, ran } from "../test/support/programs.ts";
import { programOf } from "./h5py-page.ts";
import { asAnnounced, readCommands, readExamples } from "./readme-examples.ts";
import { writeSample } from "./sample-file.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const candidates = [
  "README.md",
  ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`),
  ...readdirSync(join(root, "docs"), { encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && name !== "h5py.md")
    .map((name) => `docs/${name}`),
];
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
      compileOnly: false,
    },
  ]);
});

/**
 * Examples run in this process, in a folder with the sample file, from the packages' sources; with them compiles the program of the page
 * about h5py.
 */
describe("examples of readmes and pages", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "h5ts-pages-"));
    await writeSample(join(folder, "sample.h5"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("compile", { timeout: 300_000 }, () => {
    const programs = examples.map(({ path, line, code }) => [`${path.replaceAll("/", "-")}-${line}.mts`, code]);
    const h5py = programOf(readFileSync(join(root, "docs/h5py.md"), "utf8"));
    expect(compiled({ ...Object.fromEntries(programs), "h5py.mts": h5py })).toEqual([]);
  });

  it.each(examples.filter((one) => !one.compileOnly))("$path, line $line", async ({ code, prints }) => {
    expect(prints.length).toBeGreaterThan(0);
    expect(asAnnounced(prints, await ran(code, folder))).toEqual(prints);
  });

  it("docs/h5py.md, line by line", async () => {
    const lines = await ran(programOf(readFileSync(join(root, "docs/h5py.md"), "utf8")), folder);
    expect(lines.at(-1)).toBe("done");
  });

  it.each(commands)("$path, line $line: $command", async ({ words: [name, ...words], prints }) => {
    expect(name).toBe("h5ts");
    const out: string[] = [];
    const output = { out: (text: string) => void out.push(`${text}\n`), err: expect.fail, isTerminal: false };
    await inFolder(folder, () => runCli(words, output));
    expect(out.join("")).toBe(prints);
  });
});
