/**
 * `npx tsx packages/filters/scripts/bench.ts [FILTER...]`: MB/s of decoded data, one table in Markdown. Each filter
 * encodes and decodes the same chunks here and, with `H5TS_PYTHON` (h5py and hdf5plugin), in libhdf5; best of several
 * rounds of both, in one run.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inflate as inflatePako } from "pako/browser/inflate";
import { inflatePlain } from "../src/codecs/zlib.ts";
import { defaultFilters } from "../src/default.ts";
import type { Codec, ElementType, FilterOptions } from "../src/filter.ts";
import { useKernels } from "../src/kernels/wasm-kernel.ts";
import { loadFilters } from "../src/registry.ts";
import { seeded } from "../test/bytes.ts";

const BYTES = 1 << 20;
const MIN_TIME = 400;

/** A line of the table: a filter with options, as libhdf5 and hdf5plugin know them, on one of the chunks. */
interface Line {
  readonly filter: string;
  readonly options: FilterOptions;
  readonly data: keyof typeof chunks;
}

function walk(): Uint8Array {
  const random = seeded(1);
  let value = 0;
  const words = Int32Array.from({ length: BYTES / 4 }, () => (value += Math.floor(random() * 21) - 10));
  return new Uint8Array(words.buffer);
}

function wave(): Uint8Array {
  const random = seeded(2);
  return new Uint8Array(Float32Array.from({ length: BYTES / 4 }, (_, i) => 100 * Math.sin(i / 50) + random()).buffer);
}

const integer: ElementType = { class: "integer", size: 4, signed: true, order: "le" };
const nibble: ElementType = { ...integer, precision: 17 };
const float: ElementType = { class: "float", size: 4, order: "le" };
const chunks = {
  walk: { bytes: walk(), type: integer, dtype: "<i4" },
  bits: { bytes: walk(), type: nibble, dtype: "<i4" },
  wave: { bytes: wave(), type: float, dtype: "<f4" },
};

const LINES: readonly Line[] = [
  { filter: "deflate", options: 4, data: "walk" },
  { filter: "shuffle", options: undefined, data: "walk" },
  { filter: "fletcher32", options: undefined, data: "walk" },
  { filter: "szip", options: ["nn", 16], data: "walk" },
  { filter: "nbit", options: undefined, data: "bits" },
  { filter: "scaleoffset", options: 0, data: "walk" },
  { filter: "lzf", options: undefined, data: "walk" },
  { filter: "lz4", options: { nbytes: 0 }, data: "walk" },
  { filter: "bitshuffle", options: { cname: "none" }, data: "walk" },
  { filter: "bitshuffle", options: { cname: "lz4" }, data: "walk" },
  { filter: "bitshuffle", options: { cname: "zstd", clevel: 3 }, data: "walk" },
  { filter: "zstd", options: { clevel: 3 }, data: "walk" },
  { filter: "blosc", options: { cname: "blosclz", clevel: 5, shuffle: 1 }, data: "walk" },
  { filter: "blosc", options: { cname: "lz4", clevel: 5, shuffle: 1 }, data: "walk" },
  { filter: "blosc", options: { cname: "zstd", clevel: 5, shuffle: 2 }, data: "walk" },
  { filter: "blosc2", options: { cname: "lz4", clevel: 5, filters: 1 }, data: "walk" },
  { filter: "blosc2", options: { cname: "zstd", clevel: 5, filters: 1 }, data: "walk" },
  { filter: "bzip2", options: { blocksize: 9 }, data: "walk" },
  { filter: "zfp", options: { rate: 16 }, data: "wave" },
  { filter: "zfp", options: { accuracy: 0.01 }, data: "wave" },
  { filter: "zfp", options: { reversible: true }, data: "wave" },
];

/** MB/s of a function that handles `BYTES`: the best of rounds within a time. */
function measure(run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + MIN_TIME;
  for (let n = 0; n < 3 || performance.now() < end; n++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return BYTES / best / 1000;
}

/** What ours does with a line: decode and encode in MB/s, and the ratio. */
function ours({ options, data }: Line, codec: Codec): { decode: number; encode: number; ratio: number } {
  const { bytes, type } = chunks[data];
  const clientData = codec.clientData?.(options, { dims: [1024, BYTES / 4096], type }) ?? [];
  const stored = codec.encode?.(bytes, clientData);
  if (!stored) throw new Error("the chunk does not become smaller");
  return {
    decode: measure(() => codec.decode(stored, clientData, { exact: BYTES, max: BYTES })),
    encode: measure(() => codec.encode?.(bytes, clientData)),
    ratio: BYTES / stored.length,
  };
}

/** The same by libhdf5, for all lines at once; empty without Python. */
function native(lines: readonly Line[]): { decode: number; encode: number; ratio: number }[] {
  const python = process.env.H5TS_PYTHON;
  if (!python) return [];
  const folder = mkdtempSync(join(tmpdir(), "h5ts-bench-"));
  try {
    for (const [name, { bytes }] of Object.entries(chunks)) writeFileSync(join(folder, `${name}.bin`), bytes);
    const heads = lines.map((line) => ({ ...line, options: line.options ?? null, dtype: chunks[line.data].dtype }));
    writeFileSync(join(folder, "lines.json"), JSON.stringify(heads));
    const script = fileURLToPath(new URL("./bench.py", import.meta.url));
    return JSON.parse(execFileSync(python, [script, folder], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const number = (value: number | undefined): string => (value === undefined ? "" : value.toFixed(value < 10 ? 1 : 0));

async function main(): Promise<void> {
  await loadFilters(defaultFilters);
  const wanted = process.argv.slice(2);
  const lines = LINES.filter(({ filter }) => wanted.length === 0 || wanted.includes(filter));
  const theirs = native(lines);
  console.log("| filter | options | decode | libhdf5 | encode | libhdf5 | ratio | libhdf5 |");
  console.log("| --- | --- | --: | --: | --: | --: | --: | --: |");
  for (const [i, line] of lines.entries()) {
    const codec = defaultFilters.get(line.filter)?.codec;
    if (!codec) throw new Error(`no filter ${line.filter}`);
    const one = ours(line, codec);
    const other = theirs[i];
    const options = JSON.stringify(line.options ?? "").replace(/["{}[\]]/g, "");
    const cells = [one.decode, other?.decode, one.encode, other?.encode].map(number);
    console.log(
      `| ${line.filter} | ${options} | ${cells.join(" | ")} | ${one.ratio.toFixed(2)} | ${other?.ratio.toFixed(2) ?? ""} |`,
    );
    if (line.filter !== "deflate") continue;
    const stored = codec.encode?.(chunks[line.data].bytes, [4]) ?? new Uint8Array();
    for (const wasm of [true, false]) {
      useKernels(wasm);
      const plain = measure(() => inflatePlain("deflate", stored, { exact: BYTES, max: BYTES }));
      useKernels(true);
      console.log(`| deflate | in ${wasm ? "WebAssembly" : "TypeScript"} | ${number(plain)} | | | | | |`);
    }
    const pako = measure(() => inflatePako(stored));
    console.log(`| deflate | by pako | ${number(pako)} | | | | | |`);
  }
}

void main();
