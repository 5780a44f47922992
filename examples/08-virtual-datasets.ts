/** One dataset over four files: stacked, side by side, with gaps, and growing with its sources. */
import { openSync, slice, VirtualLayout, VirtualSource } from "h5ts";

for (let part = 0; part < 4; part++) {
  const file = openSync(`part${part}.h5`, "w");
  const data = Float32Array.from({ length: 100 }, (_, i) => 1000 * part + i);
  file.createDataset("signal", { data });
  file.close();
}

// Stacked: a new axis, one file a row.
const stacked = new VirtualLayout({ shape: [4, 100], dtype: "f4" });
for (let part = 0; part < 4; part++) {
  stacked.set([part], new VirtualSource(`part${part}.h5`, "signal", { shape: [100] }));
}
// One after the other, every tenth element, with a gap of 10 that is the fill value.
const joined = new VirtualLayout({ shape: [50], dtype: "f4" });
for (let part = 0; part < 4; part++) {
  const tenth = new VirtualSource(`part${part}.h5`, "signal", { shape: [100] }).select([slice(null, null, 10)]);
  joined.set([slice(10 * part, 10 * part + 10)], tenth);
}

const file = openSync("all.h5", "w", { libver: "latest" });
file.createVirtualDataset("stacked", stacked);
file.createVirtualDataset("joined", joined, { fillValue: -1 });
file.close();

const view = openSync("all.h5");
const all = view.dataset("stacked", "f4");
console.log(all.isVirtual, all.shape, all.read([null, 5]).data); // true [ 4, 100 ] Float32Array(4) [ 5, 1005, 2005, 3005 ]
console.log(view.dataset("joined", "f4").read([slice(8, 50, 10)]).data); // Float32Array(5) [ 80, 1080, 2080, 3080, -1 ]
console.log(all.virtualSources().map(({ file, dataset }) => `${file}:${dataset}`)[3]); // part3.h5:signal
view.close();
