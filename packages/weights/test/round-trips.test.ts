/** A state dict through every pair of formats that are written: names, types, shapes and bytes stay. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bytesOf, ELEMENT_TYPES, type ElementType } from "../src/dtypes.ts";
import { openWeights, saveWeights, type TensorToSave, WRITABLE_FORMATS, type WritableFormat } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-weights-"));
afterAll(() => rmSync(folder, { recursive: true }));

const EXTENSIONS: Record<WritableFormat, string> = {
  safetensors: "safetensors",
  "hdf5-state-dict": "h5",
  "keras-legacy-h5": "keras.h5",
  "keras3-h5": "weights.h5",
  "keras-archive": "keras",
  tfjs: "json",
};

const NAMES = [
  "layer1.0.weight",
  "layer1.0.bias",
  "layer1",
  "layer1.0",
  "encoder/dense/kernel:0",
  "encoder/dense",
  "/leading//double/",
  ".",
  "..",
  "a/./b",
  "a.b..c.",
  "%2F",
  "__proto__",
  "constructor",
  "toString.hasOwnProperty",
  "vars/0",
  "layers/dense/vars/10",
  "layers/dense/vars/9",
  "optimizer_weights",
  "model_weights",
  "ünïcödé.重み.🙂",
  " spaces and\nlines ",
  "nul\0byte",
  "x".repeat(3000),
];

/** Bytes that are all there could be: also those of NaN, of every kind. */
function bytesFor(dtype: ElementType, shape: readonly number[], seed: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(bytesOf(dtype, shape)));
  for (let i = 0; i < bytes.length; i++) bytes[i] = dtype === "bool" ? (i * seed) & 1 : (i * 151 + seed * 31) & 0xff;
  return bytes;
}

const tensor = (name: string, dtype: ElementType, shape: readonly number[], seed: number): TensorToSave => ({
  name,
  dtype,
  shape,
  data: bytesFor(dtype, shape, seed),
});

/** Every type, scalars and none, awkward names, and two names for one tensor. */
function stateDict(types: readonly ElementType[]): TensorToSave[] {
  const whole = types.filter((type) => ELEMENT_TYPES[type].bits >= 8);
  const tensors = [
    ...types.map((type, i) => tensor(`type.${type}`, type, [4, 3, 2], i)),
    ...whole.map((type, i) => tensor(`scalar.${type}`, type, [], i + 100)),
    ...whole.map((type, i) => tensor(`none.${type}`, type, [3, 0, 2], i)),
    ...NAMES.map((name, i) => tensor(name, types.includes("float32") ? "float32" : types[0], [i + 1], i)),
  ];
  const tied: TensorToSave = { ...tensors[0], name: "tied.weight", sharedWith: tensors[0].name };
  return [...tensors, tied, tensor("last", types[0], [2, 2], 77)];
}

/** What each format has types for. */
const ALL = Object.keys(ELEMENT_TYPES) as ElementType[];
const TYPES: Record<WritableFormat, readonly ElementType[]> = {
  safetensors: ALL.filter((type) => !["complex128", "int4", "uint4"].includes(type)),
  "hdf5-state-dict": ALL,
  "keras-legacy-h5": ALL,
  "keras3-h5": ALL,
  "keras-archive": ALL,
  tfjs: ["float32", "int32", "bool", "complex64"],
};

interface Found {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly hex: string;
}

async function contents(path: string): Promise<Map<string, Found>> {
  const weights = await openWeights(path);
  const found = new Map<string, Found>();
  for await (const { name, dtype, shape, data } of weights)
    found.set(name, { dtype, shape, hex: Buffer.from(data).toString("hex") });
  await weights.close();
  return found;
}

const expected = (tensors: readonly TensorToSave[]): Map<string, Found> =>
  new Map(
    tensors.map(({ name, dtype, shape, data }) => {
      return [name, { dtype: dtype as string, shape, hex: Buffer.from(data as Uint8Array).toString("hex") }];
    }),
  );

async function convert(from: string, to: string, format: WritableFormat): Promise<void> {
  const weights = await openWeights(from);
  await saveWeights(to, weights, { format });
  await weights.close();
}

const pairs = WRITABLE_FORMATS.flatMap((first) => WRITABLE_FORMATS.map((second) => [first, second] as const));

describe("a state dict of every type and of awkward names", () => {
  it.each(pairs)("%s -> %s -> and back", async (first, second) => {
    const types = TYPES[first].filter((type) => TYPES[second].includes(type));
    const tensors = stateDict(types);
    const wanted = expected(tensors);
    const path = (step: string, format: WritableFormat): string =>
      join(folder, `${first}-${second}-${step}.${EXTENSIONS[format]}`);
    await saveWeights(path("1", first), tensors, { format: first });
    expect(await contents(path("1", first))).toEqual(wanted);
    await convert(path("1", first), path("2", second), second);
    expect(await contents(path("2", second))).toEqual(wanted);
    await convert(path("2", second), path("3", first), first);
    expect(await contents(path("3", first))).toEqual(wanted);
  });

  it.each(WRITABLE_FORMATS)("%s refuses what it has no type for, by name, before it writes", async (format) => {
    const refused = ALL.filter((type) => !TYPES[format].includes(type) && format === "safetensors");
    for (const type of refused) {
      const saving = saveWeights(join(folder, "refused", "none"), [tensor("odd", type, [2], 1)], { format });
      await expect(saving).rejects.toMatchObject({ name: "UnsupportedError", path: "odd", found: type });
    }
    const twice = saveWeights(
      join(folder, "refused", "none"),
      [tensor("a", "bool", [1], 1), tensor("a", "bool", [1], 1)],
      {
        format,
      },
    );
    await expect(twice).rejects.toMatchObject({ name: "FormatError", path: "a" });
  });
});

describe("5,000 tensors", () => {
  const tensors = Array.from({ length: 5000 }, (_, i) =>
    tensor(`block.${i >> 3}.part${i & 7}.weight`, "float32", [3], i),
  );
  it.each(WRITABLE_FORMATS)("%s", async (format) => {
    const path = join(folder, `many.${EXTENSIONS[format]}`);
    await saveWeights(path, tensors, { format });
    const found = await contents(path);
    expect(found).toEqual(expected(tensors));
    if (format === "hdf5-state-dict" || format === "keras-legacy-h5")
      expect([...found.keys()]).toEqual(tensors.map(({ name }) => name));
  });
});
