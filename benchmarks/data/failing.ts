/** Files with a chunk that cannot be read, written anew each time: small. */
import { closeSync, openSync as openFile, writeSync } from "node:fs";
import { join } from "node:path";
import { type ChunkInfo, openSync } from "h5ts";
import type { FAILING } from "../workloads.ts";

const ROWS = 64;
const COLUMNS = 1024;
/** A number that the HDF Group has given to nobody. */
const NOBODY = 32_699;

/** Where chunk 3 stands in a file with gzip data. */
function writeGzip(path: string): ChunkInfo {
  const file = openSync(path, "w");
  const data = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => 1 + (i % 97));
  file.createDataset("data", { data, shape: [ROWS, COLUMNS], chunks: [8, COLUMNS], compression: "gzip" });
  const chunk = file.dataset("data").chunkInfo([24, 0]);
  file.close();
  return chunk!;
}

function overwrite(path: string, at: number, bytes: Uint8Array): void {
  const file = openFile(path, "r+");
  writeSync(file, bytes, 0, bytes.length, at);
  closeSync(file);
}

const MAKERS: Readonly<Record<(typeof FAILING)[number], (path: string) => void>> = {
  F_damaged(path) {
    const { address, size } = writeGzip(path);
    overwrite(path, address + (size >> 1), new Uint8Array(16).fill(0xff));
  },
  F_cut(path) {
    const { address, size } = writeGzip(path);
    overwrite(path, address + (size >> 1), new Uint8Array(size - (size >> 1)));
  },
  F_unknown_filter(path) {
    const file = openSync(path, "w");
    const options = { compression: NOBODY, compressionOpts: [], allowUnknownFilter: true };
    const dataset = file.createDataset("data", {
      shape: [ROWS, COLUMNS],
      chunks: [8, COLUMNS],
      dtype: "f4",
      ...options,
    });
    for (let row = 0; row < ROWS; row += 8) dataset.writeChunk([row, 0], new Uint8Array(100).fill(7));
    file.close();
  },
};

export function makeFailing(folder: string): void {
  for (const [name, make] of Object.entries(MAKERS)) make(join(folder, `${name}.h5`));
}
