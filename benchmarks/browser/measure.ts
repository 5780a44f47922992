/** Workloads in headless Chromium: the same files as `File`s, the libraries bundled; peers take turns within a page. */
import { closeSync, openSync as openFile, readFileSync, readSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Measured, median } from "../measured.ts";

const benchmarks = fileURLToPath(new URL("..", import.meta.url));
const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];

interface Workload {
  readonly name: string;
  /** The file of the data; `chunk` is a chunk of W1. */
  readonly file: string;
  readonly use: string;
  readonly peers: readonly string[];
}

const BOTH = ["h5ts", "h5wasm"];

export const BROWSER_WORKLOADS: readonly Workload[] = [
  { name: "B_inflate", file: "chunk", use: "inflate", peers: ["h5ts", "pako"] },
  { name: "B_contiguous", file: "W1_contig", use: "whole", peers: BOTH },
  { name: "B_gzip", file: "W3a_gzip4_1M", use: "whole", peers: BOTH },
  { name: "B_gzip_shuffle", file: "W4_gzip4_shuf", use: "whole", peers: BOTH },
  { name: "B_crop", file: "W3b_gzip4_64K", use: "crop", peers: BOTH },
  { name: "B_objects", file: "W7e_small", use: "objects", peers: BOTH },
];

/** What the page of `B_first_value` reads. */
const FIRST_FILE = "W3b_gzip4_64K";

interface Run {
  readonly wall: number;
  readonly bytes: number;
  readonly probe: number;
}

declare const take: (name: string, use: string, peer: string) => Promise<Run>;

export async function measureBrowser(executablePath: string, folder: string, rounds: number): Promise<Measured[]> {
  const server = await serving(folder);
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(`${at}/program.html`, { waitUntil: "load" });
    const out: Measured[] = [];
    for (const workload of BROWSER_WORKLOADS) out.push(...(await inTurns(page, workload, rounds)));
    await page.close();
    return [...out, ...(await firstValues(browser, at, rounds))];
  } finally {
    await browser.close();
    server.close();
  }
}

async function inTurns(page: Page, { name, file, use, peers }: Workload, rounds: number): Promise<Measured[]> {
  const runs = peers.map((): Run[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, peer] of peers.entries()) {
      const run = await page.evaluate(([file, use, peer]) => take(file, use, peer), [file, use, peer] as const);
      if (round >= 0) runs[i].push(run);
    }
  }
  return peers.map((peer, i) => lineOf(name, peer, runs[i], runs[0]));
}

function lineOf(workload: string, peer: string, runs: readonly Run[], reference: readonly Run[]): Measured {
  const walls = runs.map(({ wall }) => Number((wall / 1000).toFixed(6)));
  const figures = { walls, seconds: median(walls), min: Math.min(...walls), runs: runs.length, bytes: runs[0].bytes };
  const isSame = runs[0].probe === reference[0].probe && runs[0].bytes === reference[0].bytes;
  const variant = peer === "h5ts" ? "async" : "chromium";
  return {
    peer,
    variant,
    workload,
    ...figures,
    ...(!isSame && { wrong: `read ${runs[0].probe} for ${reference[0].probe}` }),
  };
}

/** Each in a context of its own, which has nothing cached. */
async function firstValues(browser: Browser, at: string, rounds: number): Promise<Measured[]> {
  const runs = BOTH.map((): Run[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, peer] of BOTH.entries()) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(`${at}/empty.html`, { waitUntil: "load" });
      const run = await page.evaluate(firstInPage, [`${at}/first-${peer}.js`, `${at}/${FIRST_FILE}`] as const);
      await context.close();
      if (round >= 0) runs[i].push(run);
    }
  }
  return BOTH.map((peer, i) => lineOf("B_first_value", peer, runs[i], runs[0]));
}

async function firstInPage([program, file]: readonly [string, string]): Promise<Run> {
  const blob = new File([await (await fetch(file)).arrayBuffer()], "first.h5");
  const start = performance.now();
  const { first } = (await import(program)) as { first(blob: File): Promise<number> };
  const probe = await first(blob);
  return { wall: performance.now() - start, bytes: 0, probe };
}

async function serving(folder: string): Promise<Server> {
  const served: Record<string, Uint8Array> = {
    "empty.html": new TextEncoder().encode("<!doctype html><title>bench</title>"),
    "program.html": new TextEncoder().encode(
      `<!doctype html><title>bench</title><script type="module" src="program.js"></script>`,
    ),
    ...(await bundles()),
    chunk: deflateSync(imageChunk(join(folder, "W1_contig.h5")), { level: 4 }),
  };
  const types: Record<string, string> = { html: "text/html", js: "text/javascript" };
  const server = createServer(({ url = "" }, response) => {
    const name = url.slice(1);
    const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    const isData = !(name in served) && /^W\w+$/.test(name);
    const body = isData ? readFileSync(join(folder, `${name}.h5`)) : served[name];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, "cache-control": "no-store" }).end(body);
  });
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
  return server;
}

async function bundles(): Promise<Record<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: ["program", "first-h5ts", "first-h5wasm"].map((name) => `browser/${name}.ts`),
    absWorkingDir: benchmarks,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    outdir: "made/browser",
    write: false,
  });
  return Object.fromEntries(outputFiles.map(({ path, contents }) => [path.slice(path.lastIndexOf("/") + 1), contents]));
}

/** A chunk of the images: bytes from their middle. */
function imageChunk(path: string): Uint8Array {
  const chunk = new Uint8Array(1 << 20);
  const file = openFile(path, "r");
  readSync(file, chunk, 0, chunk.length, statSync(path).size >> 1);
  closeSync(file);
  return chunk;
}
