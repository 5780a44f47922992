/** T28: gzip in Chromium: our inflate beside pako's, and a dataset read by h5ts beside h5wasm. */
import { closeSync, openSync as openFile, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { BYTES, CHUNKS } from "./chunks.ts";
import { withPage } from "./page.ts";

/** Chunks of the codec's part. */
const COUNT = 16;

const PROGRAM = `
  import { open } from "h5ts/reader";
  import { readerFilters } from "@h5ts/filters/reader";
  import { inflate } from "pako";
  import { File, FS, ready } from "h5wasm";

  const bytesOf = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
  async function speed(bytes, run) {
    await run();
    let best = Infinity;
    for (let n = 0; n < 4; n++) {
      const start = performance.now();
      await run();
      best = Math.min(best, performance.now() - start);
    }
    return bytes / best / 1000;
  }
  globalThis.codecs = async (exact, count) => {
    const stored = await bytesOf("chunk.bin");
    const { codec } = readerFilters.get(1);
    const times = (run) => () => { for (let n = 0; n < count; n++) run(); };
    return {
      h5ts: await speed(count * exact, times(() => codec.decode(stored, [4], { exact, max: exact }))),
      pako: await speed(count * exact, times(() => inflate(stored))),
    };
  };
  globalThis.files = async () => {
    const bytes = await bytesOf("data.h5");
    await ready;
    FS.writeFile("data.h5", bytes);
    let size = 0;
    const byH5ts = async () => {
      const file = await open(bytes);
      size = (await (await file.dataset("data")).read()).data.byteLength;
      await file.close();
    };
    const byH5wasm = () => {
      const file = new File("data.h5", "r");
      size = file.get("data").value.byteLength;
      file.close();
    };
    await byH5ts();
    return { h5ts: await speed(size, byH5ts), h5wasm: await speed(size, byH5wasm) };
  };
`;

/** MB/s, by the page's clock. */
export interface BrowserFigures {
  readonly codecs: { readonly h5ts: number; readonly pako: number };
  /** Of `W3a_gzip4_1M.h5`, where there is such a file. */
  readonly files?: { readonly h5ts: number; readonly h5wasm: number };
}

declare const codecs: (exact: number, count: number) => Promise<BrowserFigures["codecs"]>;
declare const files: () => Promise<NonNullable<BrowserFigures["files"]>>;

/** A chunk of the images: bytes from their middle. */
function imageChunk(path: string): Uint8Array {
  const chunk = new Uint8Array(BYTES);
  const file = openFile(path, "r");
  readSync(file, chunk, 0, BYTES, 50 * BYTES);
  closeSync(file);
  return chunk;
}

export async function measureBrowser(chromium: string, data: string | undefined): Promise<BrowserFigures> {
  const chunk = data === undefined ? CHUNKS.walk.bytes : imageChunk(join(data, "W1_contig.h5"));
  const served: Record<string, Uint8Array> = { "chunk.bin": deflateSync(chunk, { level: 4 }) };
  if (data !== undefined) served["data.h5"] = readFileSync(join(data, "W3a_gzip4_1M.h5"));
  return withPage(chromium, PROGRAM, served, async (page) => {
    const found = await page.evaluate(([exact, count]) => codecs(exact, count), [BYTES, COUNT] as const);
    return { codecs: found, files: data === undefined ? undefined : await page.evaluate(() => files()) };
  });
}
