/**
 * `npm start`: builds the packages, then shows what h5ts is for: writes the file of an experiment, reads it back, changes it, and asks
 * libhdf5 and `h5ts check` about it. `npm start -- PATH or URL` prints the tree of a file that is there.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Steps } from "./steps-shown.ts";
import type { Tour } from "./tour.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const style = (code: string, text: string): string =>
  process.stdout.isTTY && !process.env.NO_COLOR ? `\x1b[${code}m${text}\x1b[0m` : text;
const strong = (text: string): string => style("1", text);
const faint = (text: string): string => style("2", text);

/** `npm run build`; `built` is told of each package when it is done. Rejects with what was printed where it fails. */
function build(built: (name: string) => void): Promise<void> {
  const child = spawn("npm", ["run", "build", "--", "--outputStyle=static"], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let printed = "";
  const seen = new Set<string>();
  const listen = (part: Buffer): void => {
    printed += part;
    for (const [, name] of printed.matchAll(/^(?:>|[✔✓]) +nx run (\S+):build\b.*\n/gm)) {
      if (name === undefined || seen.has(name)) continue;
      seen.add(name);
      built(name);
    }
  };
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`the build failed:\n${printed}`))));
  });
}

/** The packages are there, and as new as their sources: nx looks, and makes what is missing. */
async function builtPackages(steps: Steps): Promise<void> {
  await steps.run("Building the packages", 9, (advance) => build(advance));
}

function report({ path, written, read, changed, tree, libhdf5, checked }: Tour): void {
  const section = (title: string, lines: readonly string[]): void =>
    console.log(`\n${strong(title)}\n${lines.map((line) => `  ${line}`).join("\n")}`);
  section("1. h5ts wrote the file of an experiment", [`${path}: ${written}`]);
  section("2. read it back", read);
  section("3. changed it in place", changed);
  section("4. This is in it now (h5ts tree)", tree);
  section("5. What libhdf5, the reference implementation, reads in it (through h5wasm)", libhdf5);
  section("6. What h5ts check says of its structures", checked);
}

/** What all of it means to somebody who has never seen HDF5. */
function summary({ path, ok, agreed }: Tour, seconds: number): void {
  const file = relative(process.cwd(), path).startsWith("..") ? path : relative(process.cwd(), path);
  const mark = (good: boolean): string => (good ? style("32", "✔") : style("31", "✘"));
  const examples = readdirSync(join(root, "examples")).filter((name) => /^\d\d-/.test(name)).length;
  const next: readonly (readonly [command: string, purpose: string])[] = [
    [`npx h5ts preview ${file}:/raw/images`, "its measurements as a picture, in the terminal"],
    ["npm start -- FILE", "what is in an HDF5 file of yours, or at a URL"],
    ["npx tsx examples/04-partial-reads.ts", `one of ${examples} example programs, a page each`],
    ["docs/getting-started.md", "a first program, in ten minutes"],
    ["docs/h5py.md", "for those who come from Python: every name of h5py, and what does the same here"],
  ];
  console.log(`
${strong("In short")}
  HDF5 is the file format in which science and machine learning keep arrays:
  images, simulations, model weights. h5ts reads and writes it in TypeScript
  alone, in Node and in browsers. Here it
  ${mark(true)} wrote a file with compressed images, a table, text, links and references,
  ${mark(true)} read parts of it without loading the rest,
  ${mark(true)} added to it, changed and deleted in place,
  ${mark(agreed)} ${agreed ? "and libhdf5, the C library behind h5py, reads the same values from it," : "but libhdf5 does not read the same values from it;"}
  ${mark(ok)} ${ok ? "every structure of the file is in order." : "structures of the file are not in order."}
  It took ${seconds.toFixed(0)} s, ${faint("most of them the build, which is kept")}.

${strong("Next")}
${next.map(([command, purpose]) => `  ${command}\n      ${faint(purpose)}`).join("\n")}`);
}

async function main(): Promise<number> {
  const [given] = process.argv.slice(2);
  const started = performance.now();
  const steps = new Steps(given === undefined ? "h5ts: HDF5 for TypeScript" : `h5ts: ${given}`);
  await builtPackages(steps);
  const { tour, treeOf } = await import("./tour.ts");
  if (given !== undefined) {
    steps.end();
    return treeOf(given);
  }
  const path = join(mkdtempSync(join(tmpdir(), "h5ts-")), "experiment.h5");
  const shown = await steps.run("Showing what it does", 6, (advance) => tour(path, advance));
  steps.end();
  report(shown);
  summary(shown, (performance.now() - started) / 1000);
  return shown.ok && shown.agreed ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
