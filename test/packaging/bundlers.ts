/** A page's program, bundled as its author would, and run in Chromium. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { startRangeServer } from "../../packages/core/test/support/range-server.ts";
import { client } from "../support/clients.ts";

export type Bundler = "vite" | "esbuild" | "webpack";

/**
 * Writes a file in memory with a filter that is loaded when needed, reads it with the small entry too and a part of it as a table (of the
 * adapter's optional peers one is not installed), and says what it found.
 */
const PROGRAM = `
import { toArrow } from "@h5ts/arrow-adapter";
import { MemoryStorage, open } from "h5ts";
import { open as openSmall } from "h5ts/reader";

async function main() {
  const storage = new MemoryStorage();
  const file = await open(storage, "w");
  const data = Float32Array.from({ length: 1000 }, (_, i) => i);
  await file.createDataset("x", { data, chunks: [100], compression: "zstd", shuffle: true });
  await file.createDataset("y", { data, chunks: [100], compression: "gzip" });
  await file.createDataset("t", { data: { id: Int32Array.of(1, 2, 3), name: ["a", "b", "c"] } });
  await file.close();
  const read = await open(new Blob([storage.toUint8Array()]));
  const small = await openSmall(storage.toUint8Array());
  const x = (await (await read.dataset("x", "f4")).read(999)).item();
  const y = (await (await small.dataset("y", "f4")).read(42)).item();
  const { numRows } = await toArrow(await read.dataset("t"));
  return x + " " + y + " " + numRows;
}
main().then((found) => { document.title = found; }, (error) => { document.title = String(error); });
`;

const HTML = '<!doctype html><title>waiting</title><script type="module" src="./src/main.js"></script>';

const WEBPACK = `export default {
  mode: "production", entry: "./src/main.js", performance: { hints: false },
  output: { path: import.meta.dirname + "/dist-webpack", filename: "main.js" },
};`;

/** How each is called, and where it puts the page's first module. */
const COMMANDS: Record<Bundler, { readonly words: readonly string[]; readonly out: string }> = {
  vite: { words: ["vite", "build", "--outDir", "dist-vite", "--base", "./", "--logLevel", "error"], out: "dist-vite" },
  esbuild: {
    words: [
      "esbuild",
      "src/main.js",
      "--bundle",
      "--minify",
      "--format=esm",
      "--splitting",
      "--outdir=dist-esbuild",
      "--log-level=error",
    ],
    out: "dist-esbuild",
  },
  webpack: { words: ["webpack", "--config", "webpack.config.js"], out: "dist-webpack" },
};

function filesIn(folder: string, prefix = ""): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() ? filesIn(join(folder, one.name), `${prefix}${one.name}/`) : [prefix + one.name],
  );
}

/** Bundles the program in a folder where the packages are installed; what came of it. */
export async function bundled(bundler: Bundler, folder: string): Promise<string> {
  const { words, out } = COMMANDS[bundler];
  writeFileSync(join(folder, "src/main.js"), PROGRAM);
  writeFileSync(join(folder, "index.html"), HTML);
  writeFileSync(join(folder, "webpack.config.js"), WEBPACK);
  execFileSync("npx", words, { cwd: folder, encoding: "utf8", stdio: "pipe" });
  if (bundler !== "vite") writeFileSync(join(folder, out, "index.html"), HTML.replace("./src/main.js", "./main.js"));
  const names = filesIn(join(folder, out));
  const served = Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, out, name)))]));
  const scripts = names.filter((name) => name.endsWith(".js"));
  const bytes = scripts.reduce((sum, name) => sum + statSync(join(folder, out, name)).size, 0);
  const zipped = scripts.reduce((sum, name) => sum + gzipSync(served[name]).length, 0);
  const size = `${scripts.length} scripts, ${Math.round(bytes / 1024)} KiB, ${Math.round(zipped / 1024)} KiB gzipped`;
  const executablePath = client("chromium");
  if (executablePath === undefined) {
    if (process.env.CI === "true") throw new Error("Chromium is absent");
    return `${size}; not run: there is no Chromium`;
  }
  const title = await titleOf(executablePath, served);
  if (title !== "999 42 3") throw new Error(`the page says ${title}`);
  return `${size}; runs in Chromium`;
}

/** What a page writes into its title. */
async function titleOf(executablePath: string, served: Record<string, Uint8Array>): Promise<string> {
  const server = await startRangeServer(served);
  const browser = await chromium.launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
  try {
    const page = await browser.newPage();
    await page.goto(server.url("index.html"));
    await page.waitForFunction(() => document.title !== "waiting", undefined, { timeout: 30_000 });
    return await page.title();
  } finally {
    await browser.close();
    await server.close();
  }
}
