/** Chunk shapes: by rows, by columns, by tiles, chosen by h5ts; each suits other reads. 20 GB that take no space until written. */
import { statSync } from "node:fs";
import { openSync, slice } from "h5ts";

const made = openSync("chunking.h5", "w");
const rows = 256;
const columns = 256;
const data = Float32Array.from({ length: rows * columns }, (_, i) => i);
const shape = [rows, columns];
made.createDataset("rows", { data, shape, chunks: [1, columns] });
made.createDataset("columns", { data, shape, chunks: [rows, 1] });
made.createDataset("tiles", { data, shape, chunks: [64, 64] });
made.createDataset("auto", { data, shape, chunks: true }); // h5py's guess
made.createDataset("whole", { data, shape }); // contiguous: no chunks, no filters, not to be resized

// 10,000 images of 1000 x 1000: chunks are allocated when they are written.
const huge = made.createDataset("huge", { shape: [10_000, 1000, 1000], dtype: "u2", chunks: true, compression: "lzf" });
console.log(huge.chunks, huge.nbytes / 1e9, huge.storageSize()); // [ 157, 32, 32 ] 20 0
huge.write(1, [5000, slice(0, 16), slice(0, 16)]);
console.log(huge.chunkInfo().length, huge.read([5000, 3, 3]).item(), huge.read([0, 0, 0]).item()); // 1 1 0
made.close();
console.log(statSync("chunking.h5").size < 2e6); // true

// How many chunks a read has to touch says how well they suit it.
const file = openSync("chunking.h5");
const name = ["rows", "columns", "tiles", "auto"];
for (const each of name) {
  const dataset = file.dataset(each, "f4");
  const touched = (selection: Parameters<typeof dataset.read>[0]) => [...dataset.iterChunks(selection)].length;
  const [row, column, tile] = [[7], [null, 7], [slice(0, 64), slice(0, 64)]].map(touched);
  console.log(each, `[${dataset.chunks}]: a row ${row}, a column ${column}, a tile ${tile} chunks`);
}
// | rows [1,256]: a row 1, a column 256, a tile 64 chunks
// | columns [256,1]: a row 256, a column 1, a tile 64 chunks
// | tiles [64,64]: a row 4, a column 4, a tile 1 chunks
// | auto [32,64]: a row 4, a column 8, a tile 2 chunks
console.log(file.dataset("whole").chunks, file.dataset("whole", "f4").read([7, slice(0, 3)]).data); // undefined Float32Array(3) [ 1792, 1793, 1794 ]
file.close();
