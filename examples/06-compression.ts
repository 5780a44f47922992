/** Filters compared on one dataset: ratios of none, gzip, lzf, szip, zstd, blosc, with and without shuffle; lossy scale-offset. */
import { type DatasetOptions, openSync } from "h5ts";

// What an instrument gives: a smooth signal, digitized.
const data = Int32Array.from({ length: 256 * 256 }, (_, i) =>
  Math.round(1e5 * Math.sin(i / 500) + 50 * Math.sin(i * 7)),
);
const choices: Record<string, DatasetOptions> = {
  none: {},
  gzip4: { compression: "gzip" },
  gzip9: { compression: "gzip", compressionOpts: 9 },
  gzip4_shuffle: { compression: "gzip", shuffle: true },
  lzf: { compression: "lzf" },
  lzf_shuffle: { compression: "lzf", shuffle: true },
  szip: { compression: "szip", compressionOpts: ["nn", 16] },
  zstd_shuffle: { compression: "zstd", shuffle: true },
  checksummed: { compression: "gzip", shuffle: true, fletcher32: true },
  packed: { scaleOffset: true },
};

const file = openSync("compression.h5", "w");
for (const [name, options] of Object.entries(choices)) {
  const dataset = file.createDataset(name, { data, shape: [256, 256], chunks: [64, 256], ...options });
  const ratio = dataset.nbytes / dataset.storageSize();
  console.log(`${name.padEnd(14)} ${ratio.toFixed(2)}`);
}
// | none           1.00
// | gzip4          1.3…
// | gzip9          1.3…
// | gzip4_shuffle  2.7…
// | lzf            1.03
// | lzf_shuffle    2.54
// | szip           3.05
// | zstd_shuffle   2.…
// | checksummed    2.7…
// | packed         1.78
file.close();

// Compression is read without being told: the file says which filters were used, in which order.
const read = openSync("compression.h5");
const dataset = read.dataset("checksummed", "i4");
console.log(dataset.filters.map((filter) => filter.name)); // [ 'shuffle', 'deflate', 'fletcher32' ]
console.log(dataset.compression, dataset.compressionOpts, dataset.shuffle, dataset.fletcher32); // gzip 4 true true
const same = Object.keys(choices).every((name) => {
  const found = read.dataset(name, "i4").read().data;
  return found.every((value, i) => value === data[i]);
});
console.log(same); // true
read.close();
