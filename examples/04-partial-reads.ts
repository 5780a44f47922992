/** Reading what one needs: an image, slices, crops across frames, lists of indices, masks, into memory of one's own. */
import { openSync, slice } from "h5ts";

const made = openSync("images.h5", "w");
made.createDataset("images", {
  data: Uint16Array.from({ length: 100 * 32 * 32 }, (_, i) => (i >> 10) * 10 + (i % 10)),
  shape: [100, 32, 32],
  chunks: [10, 32, 32],
  compression: "gzip",
});
made.createDataset("temperatures", { data: Float64Array.of(20.5, 25.1, 19.8, 30.2, 28.7) });
made.close();

const file = openSync("images.h5");
const images = file.dataset("images", "u2");
console.log(images.read(42).shape); // [ 32, 32 ]
console.log(images.read(-1).data.subarray(0, 4)); // Uint16Array(4) [ 996, 997, 998, 999 ]
console.log(images.read([slice(10, 20)]).shape); // [ 10, 32, 32 ]
console.log(images.read([slice(null, null, 25), 0, 0]).data); // Uint16Array(4) [ 0, 250, 500, 750 ]
console.log(images.read([null, slice(8, 24), slice(8, 24)]).shape); // [ 100, 16, 16 ]
console.log(images.read(["...", slice(0, 2)]).shape); // [ 100, 32, 2 ]
console.log(images.read([99, 31, 31]).item()); // 999
console.log(images.read([[0, 5, 42, 99], 0, 0]).data); // Uint16Array(4) [ 0, 50, 428, 996 ]

// A mask of booleans, over one axis or over everything.
const temperatures = file.dataset("temperatures", "f8");
const all = temperatures.read().data;
console.log(temperatures.read(Array.from(all, (t) => t > 25)).data); // Float64Array(3) [ 25.1, 30.2, 28.7 ]

// Blocks: two of three frames, every tenth.
const blocks = images.read([slice({ start: 0, count: 2, stride: 10, block: 3 }), 0, 0]);
console.log(blocks.data); // Uint16Array(6) [ 0, 14, 28, 100, 114, 128 ]

// Into memory that is there already, converted on the way: h5py's read_direct.
const buffer = new Float32Array(2 * 32 * 32);
images.readInto(buffer, [slice(4, 5)]);
images.readInto(buffer, [slice(8, 9)], { at: 1024 });
console.log(buffer[0], buffer[1024]); // 46 82

// Results are typed arrays with shape and strides.
const { data, shape, stride } = images.read([slice(0, 2), slice(0, 2), slice(0, 3)]);
console.log(shape, stride, data[1 * stride[0] + 1 * stride[1] + 2 * stride[2]]); // [ 2, 2, 3 ] [ 6, 3, 1 ] 18
console.log(images.read([0, slice(0, 2), slice(0, 3)]).toNested()); // [ [ 0, 1, 2 ], [ 2, 3, 4 ] ]

// A chunk at a time, for sums over what does not fit into memory.
let sum = 0;
for (const chunk of images.iterChunks()) for (const value of images.read(chunk).data) sum += value;
console.log(sum / images.size); // 499.5
file.close();
