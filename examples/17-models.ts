/** Weights of neural networks: a PyTorch state dict in HDF5, weights for Keras, and safetensors, written and read without Python. */
import { openWeights, saveWeights } from "@h5ts/weights";
import { open, openSync } from "h5ts";

const kernel = Float32Array.from({ length: 12 }, (_, i) => i / 10);
const stateDict = [
  { name: "fc1.weight", shape: [3, 4], data: kernel },
  { name: "fc1.bias", shape: [3], data: Float32Array.of(0.5, 0, -0.5) },
  { name: "norm.num_batches_tracked", shape: [], data: BigInt64Array.of(7n) },
];

// A dataset for each tensor, as `f[name] = tensor.numpy()` writes a state dict in h5py.
const saved = await saveWeights("state.h5", stateDict, {
  format: "hdf5-state-dict",
  metadata: { epoch: "12" },
  dataset: { compression: "gzip", shuffle: true },
});
console.log(saved.tensors, saved.bytes); // 3 68

const file = openSync("state.h5"); // it is a file like any other
console.log(file.keys(), file.dataset("fc1.weight").compression); // [ 'fc1.weight', 'fc1.bias', 'norm.num_batches_tracked' ] gzip
file.close();

// Whatever the format, one view: what there is, then the tensors that are asked for.
const weights = await openWeights("state.h5");
console.log(weights.format, weights.tensors.length); // hdf5-state-dict 3
console.log((await weights.tensor("fc1.bias")).array()); // Float32Array(3) [ 0.5, 0, -0.5 ]

// Into other formats, a piece at a time: models may be larger than memory.
await saveWeights("model.safetensors", weights, { format: "safetensors" });
const floats = [
  { name: "dense/kernel:0", shape: [4, 3], data: kernel },
  { name: "dense/bias:0", shape: [3], data: Float32Array.of(1, 2, 3) },
];
await saveWeights("keras.weights.h5", floats, { format: "keras-legacy-h5" });
await weights.close();

const keras = await open("keras.weights.h5");
console.log((await keras.attrs.get("layer_names")) !== undefined); // true
await keras.close();
for (const path of ["model.safetensors", "keras.weights.h5"]) {
  const again = await openWeights(path);
  console.log(again.format, again.tensors.map(({ name, shape }) => `${name} [${shape}]`).join("; "));
  await again.close();
}
// | safetensors …fc1.weight [3,4]…
// | keras-legacy-h5 dense/kernel:0 [4,3]; dense/bias:0 [3]
