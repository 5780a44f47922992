/** Keras's formats as they are written, and models that TensorFlow.js cannot have. */
import { MemoryStorage, openSync, type Result } from "h5ts";
import { describe, expect, it } from "vitest";
import { h5Handler, saveWeights, type TensorToSave } from "../src/index.ts";

const layer = (class_name: string, config: object, inbound?: unknown): object => ({
  class_name,
  config,
  ...(inbound === undefined ? {} : { name: (config as { name: string }).name, inbound_nodes: inbound }),
});
const sequential = (...layers: object[]): object => ({ class_name: "Sequential", config: { name: "model", layers } });
const input = layer("InputLayer", { name: "input", batch_shape: [null, 2], dtype: "float32" });
const dense = layer("Dense", { name: "dense", units: 1, use_bias: true, activation: "relu" });
const weights: TensorToSave[] = [
  { name: "dense/kernel", layer: "dense", shape: [2, 1], data: Float32Array.of(1, 2) },
  { name: "dense/bias", layer: "dense", shape: [1], data: Float32Array.of(3) },
];

async function modelOf(config: object, tensors: readonly TensorToSave[], version = "3.15.1"): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  await saveWeights(storage, tensors, { format: "keras-legacy-h5", config, metadata: { keras_version: version } });
  return storage;
}

describe("Keras's .h5", () => {
  it("numbers the attributes that would be too long, as NumPy splits them", async () => {
    const tensors = Array.from({ length: 301 }, (_, i): TensorToSave => {
      const name = `layer_${String(i).padStart(244, "0")}`;
      return { name: `${name}/kernel:0`, layer: name, shape: [1], data: Float32Array.of(i) };
    });
    const storage = new MemoryStorage();
    await saveWeights(storage, tensors, { format: "keras-legacy-h5" });
    const file = openSync(storage);
    expect(file.attrs.has("layer_names")).toBe(false);
    const pieces = [0, 1].map((i) => (file.attrs.get(`layer_names${i}`) as Result<string[]>).data);
    expect(pieces.map(({ length }) => length)).toEqual([151, 150]);
    expect(pieces.flat()).toEqual(tensors.map((tensor) => tensor.layer));
    expect(file.attrs.has("layer_names2")).toBe(false);
    file.close();
  });

  it("has the layers of the model in its order, those without weights too", async () => {
    const flatten = layer("Flatten", { name: "a_flatten" });
    const file = openSync(await modelOf(sequential(input, dense, flatten), weights));
    const group = file.group("model_weights");
    expect((group.attrs.get("layer_names") as Result<string[]>).data).toEqual(["input", "dense", "a_flatten"]);
    expect((group.group("dense").attrs.get("weight_names") as Result<string[]>).data).toEqual([
      "dense/kernel",
      "dense/bias",
    ]);
    expect((group.group("a_flatten").attrs.get("weight_names") as Result).data).toEqual(new Float64Array(0));
    expect(JSON.parse(file.attrs.get("model_config") as string)).toEqual(sequential(input, dense, flatten));
    file.close();
  });
});

describe("for TensorFlow.js", () => {
  it("a model has its names, in Keras 2's terms", async () => {
    const { modelTopology, weightSpecs, weightData } = await h5Handler(
      await modelOf(sequential(input, dense), weights),
    ).load();
    expect(weightSpecs).toEqual([
      { name: "dense/kernel", shape: [2, 1], dtype: "float32" },
      { name: "dense/bias", shape: [1], dtype: "float32" },
    ]);
    expect((weightData as ArrayBuffer[]).map((bytes) => [...new Float32Array(bytes)])).toEqual([[1, 2], [3]]);
    expect(modelTopology).toMatchObject({
      class_name: "Sequential",
      config: {
        layers: [{ config: { batch_input_shape: [null, 2] } }, { class_name: "Dense", config: { activation: "relu" } }],
      },
    });
  });

  const refused: [what: string, layer: object, said: string][] = [
    ["a layer that it lacks", layer("Lambda", { name: "odd" }), "odd: no layer Lambda"],
    ["GRU with reset_after", layer("GRU", { name: "odd", reset_after: true }), "odd: reset_after: true"],
    ["groups of a convolution", layer("Conv2D", { name: "odd", groups: 2 }), "odd: groups: 2"],
    ["keepdims", layer("GlobalMaxPooling2D", { name: "odd", keepdims: true }), "odd: keepdims: true"],
    ["an activation", layer("Dense", { name: "odd", activation: "celu" }), 'odd: no activation "celu"'],
    ["a slope of ReLU", layer("ReLU", { name: "odd", negative_slope: 0.1 }), "odd: negative_slope: 0.1"],
    [
      "hard_sigmoid of Keras 3",
      { module: "keras.layers", ...layer("Dense", { name: "odd", activation: "hard_sigmoid" }) },
      "another function",
    ],
  ];
  it.each(refused)("%s is refused by name, with all others", async (_, odd, said) => {
    const model = await modelOf(sequential(input, odd, layer("TextVectorization", { name: "second" })), weights);
    await expect(h5Handler(model).load()).rejects.toMatchObject({
      name: "UnsupportedError",
      found: expect.stringContaining(said),
    });
    await expect(h5Handler(model).load()).rejects.toMatchObject({ found: expect.stringContaining("second: no layer") });
  });

  it("Keras 1, weights alone, and weights that are not the model's are refused", async () => {
    await expect(h5Handler(await modelOf(sequential(input, dense), weights, "1.2.2")).load()).rejects.toMatchObject({
      name: "UnsupportedError",
    });
    const alone = new MemoryStorage();
    await saveWeights(alone, weights, { format: "keras-legacy-h5" });
    await expect(h5Handler(alone).load()).rejects.toMatchObject({ name: "FormatError" });
    const fewer = await modelOf(sequential(input, dense), weights.slice(1));
    await expect(h5Handler(fewer).load()).rejects.toMatchObject({ name: "FormatError", path: "dense" });
  });
});

describe("tensors that are given", () => {
  const cases: [what: string, tensor: TensorToSave][] = [
    ["fewer bytes than they need", { name: "x", dtype: "float32", shape: [3], data: new Uint8Array(8) }],
    ["more bytes", { name: "x", dtype: "float32", shape: [1], data: () => new Uint8Array(8) }],
    ["numbers of another type", { name: "x", dtype: "float16", shape: [1], data: Float32Array.of(1) }],
    ["no type", { name: "x", shape: [1], data: () => new Uint8Array(8) }],
    ["half a byte", { name: "x", dtype: "int4", shape: [1], data: new Uint8Array(1) }],
    ["no shape", { name: "x", dtype: "int8", shape: [-1], data: new Uint8Array(1) }],
  ];
  it.each(cases)("are refused with %s", async (_, tensor) => {
    for (const format of ["safetensors", "hdf5-state-dict"] as const)
      await expect(saveWeights(new MemoryStorage(), [tensor], { format })).rejects.toMatchObject({
        name: expect.stringMatching(/FormatError|UnsupportedError/),
        path: "x",
      });
  });
});
