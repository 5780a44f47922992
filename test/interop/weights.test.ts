/**
 * Weights that h5ts writes, loaded by those for whom they are: Keras (torch backend), torch, safetensors, h5py; and models of Keras's run by
 * TensorFlow.js, whose predictions are Keras's own to 1e-5.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { h5Handler, openWeights, saveHandler, saveWeights, type WritableFormat } from "@h5ts/weights";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { type LayersModel, loadLayersModel } from "@tensorflow/tfjs-layers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const MODELS = [
  "dense",
  "conv",
  "lstm",
  "embedding",
  "bidirectional",
  "timedistributed",
  "nested",
  "shared",
  "residual",
] as const;
const TOLERANCE = 1e-5;

interface Expected {
  readonly inputs: readonly { readonly shape: number[]; readonly data: number[]; readonly dtype: string }[];
  readonly output: { readonly data: number[] };
}

const script = (name: string): string => fileURLToPath(new URL(`./weights/${name}.py`, import.meta.url));

/** How a file is made from one of Keras's, and what Keras is asked for of it. */
const CONVERSIONS: readonly [from: string, to: string, format: WritableFormat, weights: boolean][] = [
  [".h5", "-same.h5", "keras-legacy-h5", false],
  [".keras", "-same.keras", "keras-archive", false],
  [".h5", "-from-h5.keras", "keras-archive", false],
  [".keras", "-from-keras.h5", "keras-legacy-h5", false],
  [".weights.h5", "-same.weights.h5", "keras3-h5", true],
  [".h5", "-from-h5.weights.h5", "keras3-h5", true],
];

async function convert(from: string, to: string, format: WritableFormat, nested = false): Promise<void> {
  const weights = await openWeights(from);
  try {
    await saveWeights(to, weights, { format, nested });
  } finally {
    await weights.close();
  }
}

describeWith("pythonWeights", "weights", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-weights-"));
  const path = (name: string): string => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeAll(async () => {
    await tf.setBackend("cpu");
    execFileSync(python, [script("make_models"), folder], { stdio: ["ignore", "inherit", "ignore"] });
  }, 300_000);

  const expectedOf = (name: string): Expected => JSON.parse(readFileSync(path(`${name}.json`), "utf8")) as Expected;

  async function difference(model: LayersModel, { inputs, output }: Expected): Promise<number> {
    const given = inputs.map(({ data, shape, dtype }) =>
      tf.tensor(data, shape, dtype.includes("int") ? "int32" : "float32"),
    );
    const found = await (model.predict(given.length > 1 ? given : given[0]) as tf.Tensor).data();
    expect(found.length).toBe(output.data.length);
    return Math.max(...output.data.map((value, i) => Math.abs(value - found[i])));
  }

  it.each(MODELS.flatMap((name) => [".h5", ".keras"].map((ending) => [name, ending] as const)))(
    "%s%s predicts in TensorFlow.js what it does in Keras",
    async (name, ending) => {
      const model = await loadLayersModel(h5Handler(path(`${name}${ending}`)));
      const apart = await difference(model, expectedOf(name));
      console.log(`${name}${ending}: ${apart}`);
      expect(apart).toBeLessThan(TOLERANCE);
      await model.save(saveHandler(path(`${name}-tfjs${ending === ".h5" ? "" : "-keras"}.h5`)));
      await convert(path(`${name}${ending}`), path(`${name}${ending}.json`), "tfjs");
      const files = JSON.parse(readFileSync(path(`${name}${ending}.json`), "utf8")) as {
        modelTopology: object;
        weightsManifest: [{ paths: string[]; weights: [] }];
      };
      const [{ paths, weights }] = files.weightsManifest;
      const shards = paths.map((shard) => new Uint8Array(readFileSync(path(shard))).buffer);
      const load = async (): Promise<object> => ({
        modelTopology: files.modelTopology,
        weightSpecs: weights,
        weightData: shards,
      });
      expect(await difference(await loadLayersModel({ load }), expectedOf(name))).toBeLessThan(TOLERANCE);
    },
  );

  it("files that h5ts wrote are Keras's, torch's, safetensors' and h5py's", async () => {
    const keras: { file: string; like: string; weights: boolean }[] = [];
    for (const like of MODELS) {
      for (const [from, to, format, weights] of CONVERSIONS) {
        await convert(path(`${like}${from}`), path(`${like}${to}`), format);
        keras.push({ file: `${like}${to}`, like, weights });
      }
      for (const ending of ["-tfjs.h5", "-tfjs-keras.h5"])
        keras.push({ file: `${like}${ending}`, like, weights: false });
    }
    const states = ["ours.safetensors", "ours.h5", "through.safetensors"];
    await convert(path("state.pt"), path(states[0]), "safetensors");
    await convert(path("state.safetensors"), path(states[1]), "hdf5-state-dict");
    await convert(path(states[1]), path(states[2]), "safetensors");
    writeFileSync(path("tasks.json"), JSON.stringify({ keras, states }));
    execFileSync(python, [script("judge"), folder], { stdio: ["ignore", "inherit", "ignore"] });
    const judged = JSON.parse(readFileSync(path("judged.json"), "utf8")) as {
      keras: Record<string, number | string>;
      states: Record<string, string[]>;
    };
    const wrong = Object.entries(judged.keras).filter(([, found]) => !(typeof found === "number" && found < TOLERANCE));
    console.log(`Keras opens ${keras.length - wrong.length} / ${keras.length}`);
    expect(wrong).toEqual([]);
    expect(judged.states).toEqual(Object.fromEntries(states.map((name) => [name, []])));
    // Of the same tensors the file is that of the reference implementation, to the byte.
    expect(readFileSync(path(states[0])).equals(readFileSync(path("state.safetensors")))).toBe(true);
  }, 300_000);
});
