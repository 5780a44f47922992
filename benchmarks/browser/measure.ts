/** Workloads in headless Chromium: the same files as `File`s, the libraries bundled; peers take turns within a page. */
import { closeSync, openSync as openFile, readSync, statSync } from "node:fs";
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
  /** The file of the data; `chunk` is a chunk of W1, which comes from the server. */
  readonly file: string;
  readonly use: string;
  /** Those that take turns within a page. */
  readonly peers: readonly string[];
  /** Whether jsfive can do it: in a page of its own, as it may take all memory, and seconds. */
  readonly five?: true;
}

const BOTH = ["h5ts", "h5wasm"];
const FIVE = "jsfive";
/** A first run that takes longer, in milliseconds, is the only one. */
const SLOW = 2000;

export const BROWSER_WORKLOADS: readonly Workload[] = [
  { name: "B_inflate", file: "chunk", use: "inflate", peers: ["h5ts", "pako"] },
  { name: "B_contiguous", file: "W1_contig", use: "whole", peers: BOTH, five: true },
  { name: "B_gzip", file: "W3a_gzip4_1M", use: "whole", peers: BOTH, five: true },
  { name: "B_gzip_shuffle", file: "W4_gzip4_shuf", use: "whole", peers: BOTH, five: true },
  { name: "B_crop", file: "W3b_gzip4_64K", use: "crop", peers: BOTH },
  { name: "B_objects", file: "W7e_small", use: "objects", peers: BOTH, five: true },
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
    const opened = async (): Promise<Page> => {
      const page = await browser.newPage();
      await page.goto(`${at}/program.html`, { waitUntil: "load" });
      return page;
    };
    const page = await opened();
    const out: Measured[] = [];
    for (const workload of BROWSER_WORKLOADS) {
      await choose(page, folder, workload.file);
      const runs = await inTurns(page, workload, rounds);
      out.push(...workload.peers.map((peer, i) => lineOf(workload.name, peer, runs[i], runs[0])));
      if (workload.five) out.push(await byFive(opened, folder, workload, rounds, runs[0]));
    }
    await page.close();
    return [...out, ...(await firstValues(browser, at, folder, rounds))];
  } finally {
    await browser.close();
    server.close();
  }
}

/** Gives the page a file of the disk, as whoever uses a page does. */
async function choose(page: Page, folder: string, name: string): Promise<void> {
  if (name !== "chunk") await page.setInputFiles("input", join(folder, `${name}.h5`));
}

async function inTurns(page: Page, { file, use, peers }: Workload, rounds: number): Promise<Run[][]> {
  const runs = peers.map((): Run[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, peer] of peers.entries()) {
      const run = await page.evaluate(([file, use, peer]) => take(file, use, peer), [file, use, peer] as const);
      if (round >= 0) runs[i].push(run);
    }
  }
  return runs;
}

async function byFive(
  opened: () => Promise<Page>,
  folder: string,
  { name: workload, file, use }: Workload,
  rounds: number,
  reference: readonly Run[],
): Promise<Measured> {
  const page = await opened();
  try {
    await choose(page, folder, file);
    const one = (): Promise<Run> =>
      page.evaluate(([file, use, peer]) => take(file, use, peer), [file, use, FIVE] as const);
    return lineOf(workload, FIVE, await runsOf(one, rounds), reference);
  } catch (error) {
    return { peer: FIVE, variant: "chromium", workload, unsupported: String(error).slice(0, 160) };
  } finally {
    await page.close();
  }
}

/** One to warm up, which is all where it is slow. */
async function runsOf(one: () => Promise<Run>, rounds: number): Promise<Run[]> {
  const first = await one();
  if (first.wall > SLOW) return [first];
  const runs: Run[] = [];
  while (runs.length < rounds) runs.push(await one());
  return runs;
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
async function firstValues(browser: Browser, at: string, folder: string, rounds: number): Promise<Measured[]> {
  const runs = BOTH.map((): Run[] => []);
  const one = async (peer: string): Promise<Run> => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${at}/empty.html`, { waitUntil: "load" });
    await choose(page, folder, FIRST_FILE);
    const run = await page.evaluate(firstInPage, `${at}/first-${peer}.js`);
    await context.close();
    return run;
  };
  for (let round = -1; round < rounds; round++) {
    for (const [i, peer] of BOTH.entries()) {
      const run = await one(peer);
      if (round >= 0) runs[i].push(run);
    }
  }
  const five = await runsOf(() => one(FIVE), rounds);
  return [...BOTH, FIVE].map((peer, i) => lineOf("B_first_value", peer, [...runs, five][i], runs[0]));
}

async function firstInPage(program: string): Promise<Run> {
  const [blob] = document.querySelector("input")!.files!;
  const start = performance.now();
  const { first } = (await import(program)) as { first(blob: File): Promise<number> };
  const probe = await first(blob);
  return { wall: performance.now() - start, bytes: 0, probe };
}

const INPUT = `<input type="file">`;

async function serving(folder: string): Promise<Server> {
  const served: Record<string, Uint8Array> = {
    "empty.html": new TextEncoder().encode(`<!doctype html><title>bench</title>${INPUT}`),
    "program.html": new TextEncoder().encode(
      `<!doctype html><title>bench</title>${INPUT}<script type="module" src="program.js"></script>`,
    ),
    ...(await bundles()),
    chunk: deflateSync(imageChunk(join(folder, "W1_contig.h5")), { level: 4 }),
  };
  const types: Record<string, string> = { html: "text/html", js: "text/javascript" };
  const server = createServer(({ url = "" }, response) => {
    const name = url.slice(1);
    const type = types[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    const body = served[name];
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type, "cache-control": "no-store" }).end(body);
  });
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
  return server;
}

async function bundles(): Promise<Record<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: ["program", "first-h5ts", "first-h5wasm", "first-jsfive"].map((name) => `browser/${name}.ts`),
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
