/** The README's table of sizes: what a page or a program pays for each part of h5ts. Part of `npm run size`; `-- --write` puts it in place. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const README = `${root}README.md`;
const BETWEEN = /(?<=<!-- sizes -->\n)[\s\S]*?(?=<!-- \/sizes -->)/;

/** Programs as pages have them: the smallest that does something of use. */
const PROGRAMS: readonly (readonly [what: string, program: string])[] = [
  [
    "a page that reads, through `h5ts/reader`",
    `import { open } from "h5ts/reader"; globalThis.run = async (blob) => (await (await open(blob)).dataset("x")).read();`,
  ],
  [
    "a page that reads and writes, through `h5ts`",
    `import { open } from "h5ts"; globalThis.run = async (handle) => (await open(handle, "a")).createDataset("x", { data: [1] });`,
  ],
  [
    "... and tables, through `@h5ts/arrow-adapter`, without `apache-arrow`",
    `import { open } from "h5ts"; import { toArrow } from "@h5ts/arrow-adapter"; globalThis.run = async (blob) => toArrow(await (await open(blob)).dataset("x"));`,
  ],
  [
    "... and frames, through `@h5ts/pandas-compat`",
    `import { openStore } from "@h5ts/pandas-compat"; globalThis.run = async (blob) => (await openStore(blob)).get("df");`,
  ],
  [
    "... and model weights, through `@h5ts/weights`",
    `import { openWeights } from "@h5ts/weights"; globalThis.run = openWeights;`,
  ],
];

interface Size {
  readonly what: string;
  /** Bytes minified and gzipped, of what is loaded at once, and of what is loaded when a filter needs it. */
  readonly first: number;
  readonly later: number;
}

/** Bundled by esbuild with splitting, as its own page does: codecs are apart, and come when a file needs them. */
async function sizeOf(what: string, program: string): Promise<Size> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: `${root}packages/cli`, loader: "js", sourcefile: "page.js" },
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["apache-arrow", "dataframe-js"],
    metafile: true,
    write: false,
    outdir: "out",
    logLevel: "error",
  });
  const zipped = new Map(
    outputFiles.map(({ path, contents }) => [
      path.slice(path.lastIndexOf("out/")),
      gzipSync(contents, { level: 9 }).length,
    ]),
  );
  const outputs = metafile.outputs;
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint?.endsWith("page.js")) ?? "";
  const first = new Set([entry]);
  for (const path of first)
    for (const { path: imported, kind } of outputs[path]?.imports ?? [])
      if (kind === "import-statement" && outputs[imported] !== undefined) first.add(imported);
  const sum = (paths: readonly string[]): number => paths.reduce((total, path) => total + (zipped.get(path) ?? 0), 0);
  return { what, first: sum([...first]), later: sum(Object.keys(outputs).filter((path) => !first.has(path))) };
}

/** Bytes of the files below a folder. */
const bytesBelow = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !one.name.endsWith(".tsbuildinfo"))
    .reduce((sum, one) => sum + statSync(join(one.parentPath, one.name)).size, 0);

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

/** The table in Markdown, as Biome and Prettier would set it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(head), rule, ...rows.map(line)].join("\n");
}

async function sizeTables(): Promise<string> {
  const sizes: Size[] = [];
  for (const [what, program] of PROGRAMS) sizes.push(await sizeOf(what, program));
  const bundles = sizes.map(({ what, first, later }) => [what, kilobytes(first), later === 0 ? "" : kilobytes(later)]);
  const packages = readdirSync(`${root}packages`)
    .sort()
    .map((name) => {
      const { name: full } = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, "utf8")) as {
        name: string;
      };
      return [`\`${full}\``, kilobytes(bytesBelow(`${root}packages/${name}/dist`))];
    });
  return `\n${table(["minified and gzipped", "at once", "codecs, each when needed"], bundles)}\n\n${table(["installed, `dist` with types and maps", "size"], packages)}\n\n`;
}

const numbers = (text: string): number[] => [...text.matchAll(/(\d+) kB/g)].map((one) => Number(one[1]));

/** Writes the table, or says where the README is off by more than a seventh: what changes daily need not be written daily. */
export async function checkSizeTable(write: boolean): Promise<string[]> {
  const readme = readFileSync(README, "utf8");
  const now = await sizeTables();
  console.log(now);
  if (write) {
    writeFileSync(README, readme.replace(BETWEEN, now));
    return [];
  }
  const told = numbers(BETWEEN.exec(readme)?.[0] ?? "");
  const off = numbers(now).some((bytes, i) => Math.abs(bytes - (told[i] ?? 0)) > Math.max(2, bytes / 7));
  return off ? ["the README's table of sizes is out of date: npm run size -- --write"] : [];
}
