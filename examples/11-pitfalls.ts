/** What goes wrong with HDF5 files, and what h5ts does about it. */
import { copyFileSync, statSync } from "node:fs";
import { check, isH5Error, open, openSync, withFile } from "h5ts";

// 1. Forgetting to close. What was flushed is safe, whatever happens to the process; the rest is not yet in the file.
const forgotten = openSync("forgotten.h5", "w");
forgotten.createDataset("safe", { data: [1, 2, 3] });
forgotten.flush();
forgotten.createDataset("lost", { data: [4, 5, 6] });
copyFileSync("forgotten.h5", "as_after_a_crash.h5"); // the file as a crash now would leave it
console.log(await withFile("as_after_a_crash.h5", "r", (file) => file.keys())); // [ 'safe' ]
console.log((await check("as_after_a_crash.h5")).ok); // true
forgotten.close();
// `withFile` closes in any case; so do `using` and `await using` where the language has them.
await withFile("closed.h5", "w", (file) => file.attrs.set("answer", 42));

// 2. Using what is closed: an error that says so, not a crash.
const closed = openSync("closed.h5");
closed.close();
try {
  closed.keys();
} catch (error) {
  console.log(isH5Error(error, "ClosedError")); // true
}

// 3. Two writers. The second is told who holds the file.
const first = openSync("shared.h5", "w");
try {
  openSync("shared.h5", "r+");
} catch (error) {
  console.log(isH5Error(error, "LockedError")); // true
}
first.close();

// 4. Calls that are not waited for. Those that change a file run one at a time, in the order in which they were made.
const queue = await open("queue.h5", "w");
const counter = await queue.createDataset("counter", { shape: [0], maxShape: [null], dtype: "i4" });
await Promise.all(Array.from({ length: 10 }, (_, i) => counter.append([i])));
console.log((await counter.read()).data.join(" ")); // 0 1 2 3 4 5 6 7 8 9
await queue.close();

// 5. Many small arrays. Each dataset costs a header and a link; one dataset with one more axis costs them once.
const many = openSync("many.h5", "w");
for (let i = 0; i < 1000; i++) many.createDataset(`event${i}`, { data: Float32Array.of(i, i, i) });
many.close();
const one = openSync("one.h5", "w");
one.createDataset("events", {
  data: Float32Array.from({ length: 3000 }, (_, i) => Math.floor(i / 3)),
  shape: [1000, 3],
});
one.close();
console.log(statSync("many.h5").size > 10 * statSync("one.h5").size); // true

// 6. Chunks that do not suit the reading: a single element of each of 100 rows means unpacking 100 chunks. See 05-chunking.
// 7. Values that do not fit. h5ts refuses them and has changed nothing; h5py would store 255.
const bytes = openSync("bytes.h5", "w");
const small = bytes.createDataset("small", { data: Uint8Array.of(1, 2, 3) });
try {
  small.write([1, 2, 300]);
} catch (error) {
  console.log((error as Error).name, small.read().data); // DTypeError Uint8Array(3) [ 1, 2, 3 ]
}
// 8. Integers beyond 2^53: bigint, so that none is rounded.
bytes.attrs.set("big", 2n ** 60n);
console.log(bytes.attrs.get("big")); // 1152921504606846976n
// 9. A name that is taken, a path that leads nowhere, a selection outside.
for (const wrong of [
  () => bytes.createGroup("small"),
  () => bytes.dataset("smal"),
  () => small.read(7),
  () => bytes.dataset("small", "f4"),
]) {
  try {
    wrong();
  } catch (error) {
    console.log((error as Error).message);
  }
}
// | "/small": the name already exists
// | "/smal": does not exist
// | selection of "/small": has an index out of range along axis 0 (found 7; allowed: -3 to 2: the extent is 3)
// | "/small": is of another datatype (found "|u1"; allowed: <f4 in any order of bytes)
bytes.close();
