/** Datasets that grow: resize, append, batches from a generator, and a log that is written while it happens. */
import { open, openSync } from "h5ts";

const file = openSync("growing.h5", "w");
const log = file.createDataset("log", { shape: [0, 3], maxShape: [null, 3], dtype: "f8", chunks: [1024, 3] });
console.log(log.shape, log.maxShape); // [ 0, 3 ] [ null, 3 ]

log.append([1, 2, 3]); // a row
log.append([
  [4, 5, 6],
  [7, 8, 9],
]); // rows
log.append(Float64Array.of(10, 11, 12, 13, 14, 15)); // rows, one after the other
console.log(log.shape, log.read(-1).data); // [ 5, 3 ] Float64Array(3) [ 13, 14, 15 ]

// h5py's way: resize, then write.
log.resize(7, 0);
log.write(0.5, [5]);
console.log(log.read([[5, 6], 0]).data); // Float64Array(2) [ 0.5, 0 ]
log.resize([4, 3]); // what is cut off is gone
console.log(log.shape); // [ 4, 3 ]
try {
  log.resize(4, 1);
} catch (error) {
  console.log((error as Error).name); // ShapeError
}

// Names and times of events beside the numbers.
const events = file.createDataset("events", { shape: [0], maxShape: [null], dtype: "string" });
for (const name of ["started", "beam on", "beam off"]) events.append([name]);
console.log(events.read().data); // [ 'started', 'beam on', 'beam off' ]
file.close();

// Batches as they come, from anything that can be iterated over; one commit at the end, or as often as `flush` is called.
async function* batches(): AsyncGenerator<Float32Array> {
  for (let i = 0; i < 10; i++) yield new Float32Array(100).fill(i);
}
const stream = await open("stream.h5", "w");
const signal = await stream.createDataset("signal", { shape: [0], maxShape: [null], dtype: "f4", compression: "gzip" });
console.log(await signal.appendAll(batches())); // 1000
await stream.flush(); // whatever happens now, the file holds these 1000
console.log((await signal.read([[0, 500, 999]])).data); // Float32Array(3) [ 0, 5, 9 ]
await stream.close();
