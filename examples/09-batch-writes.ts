/** Writing row by row against writing in batches: how often chunks are packed anew, and how to avoid it. */
import { openSync, slice } from "h5ts";

const rows = 2000;
const width = 64;
const row = (i: number): Float32Array => new Float32Array(width).fill(i);
const options = { shape: [rows, width], dtype: "f4", chunks: [100, width], compression: "gzip" } as const;
const file = openSync("batches.h5", "w");

function timed(label: string, work: () => void): void {
  const start = performance.now();
  work();
  file.flush();
  console.log(`${label}: ${(performance.now() - start).toFixed(0)} ms`);
}

// One call for all.
timed("at once", () => {
  const data = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) data.set(row(i), i * width);
  file.createDataset("at_once", { ...options, data });
});
// | at once: … ms

// A chunk's worth of rows at a time: each chunk is packed once.
timed("by chunks", () => {
  const dataset = file.createDataset("by_chunks", options);
  const batch = new Float32Array(100 * width);
  for (let first = 0; first < rows; first += 100) {
    for (let i = 0; i < 100; i++) batch.set(row(first + i), i * width);
    dataset.write(batch, [slice(first, first + 100)]);
  }
});
// | by chunks: … ms

// Row by row: h5ts keeps the chunk unpacked until it is full or the file is flushed, so that this costs calls, not packing.
timed("by rows", () => {
  const dataset = file.createDataset("by_rows", options);
  for (let i = 0; i < rows; i++) dataset.write(row(i), i);
});
// | by rows: … ms

const same = ["by_chunks", "by_rows"].every((name) => {
  const { data } = file.dataset(name, "f4").read();
  return data.every((value, i) => value === Math.floor(i / width));
});
console.log(same); // true
file.close();
