/** Writes TensorFlow.js's `model.json`, and the weights in shards beside it. */
import type { Source } from "h5ts";
import type { StoredTensor } from "../model-file.ts";
import { PIECE, piecesOf } from "../pieces.ts";
import { sibling } from "../siblings.ts";
import { OutputFile, textBytes } from "./output-file.ts";
import { type ModelToSave, type SaveProgress, type SaveWeightsOptions, wrongLength } from "./settings.ts";
import { tfjsTensor } from "./tfjs-elements.ts";

/** Bytes of a shard, as the converter has it: what browsers keep in their caches. */
const SHARD = 4 << 20;

export async function saveTfjs(
  target: Source,
  model: ModelToSave,
  options: SaveWeightsOptions,
  progress: SaveProgress,
): Promise<string[]> {
  const tensors = model.tensors.map(tfjsTensor);
  const total = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  const size = Math.max(1, options.shardBytes ?? SHARD);
  const count = Math.max(1, Math.ceil(total / size));
  const prefix = shardPrefix(target);
  const paths = Array.from({ length: count }, (_, i) => `${prefix}group1-shard${i + 1}of${count}.bin`);
  const stream = elements(tensors, progress);
  let rest: Uint8Array = new Uint8Array(0);
  for (const path of paths) {
    await OutputFile.with(await sibling(target, path, options.files), async (file) => {
      while (file.position < size) {
        if (rest.length === 0) {
          const { done, value } = await stream.next();
          if (done === true) break;
          rest = value;
        }
        const part = rest.subarray(0, size - file.position);
        rest = rest.subarray(part.length);
        await file.write(part);
      }
    });
  }
  // What is left has no bytes: it is read for the sake of what it may say of itself.
  await stream.next();
  await OutputFile.with(target, (file) => file.write(textBytes(JSON.stringify(modelJson(model, tensors, paths)))));
  return paths;
}

/** Shards of a `model.json` are called as the converter calls them; of others they have the name before it, so that no two are one. */
function shardPrefix(target: Source): string {
  if (typeof target !== "string" && !(target instanceof URL)) return "";
  const stem = (String(target).split(/[/\\]/).at(-1) as string).replace(/\.json$/, "");
  return stem === "model" ? "" : `${stem}-`;
}

/** All bytes of all tensors. */
async function* elements(tensors: readonly StoredTensor[], progress: SaveProgress): AsyncGenerator<Uint8Array, void> {
  for (const tensor of tensors) {
    let given = 0;
    for await (const piece of piecesOf(tensor, PIECE)) {
      given += piece.length;
      if (given > tensor.bytes) break;
      if (piece.length > 0) yield piece;
      progress.add(piece.length, tensor.name);
    }
    if (given !== tensor.bytes) throw wrongLength(tensor, `${given} bytes`);
  }
}

function modelJson(
  { metadata, config, trainingConfig }: ModelToSave,
  tensors: readonly StoredTensor[],
  paths: readonly string[],
): object {
  const weights = tensors.map(({ name, shape, dtype, group }) => ({
    name,
    shape,
    dtype,
    ...(group === "optimizer" || group === "model" ? { group } : {}),
  }));
  return {
    format: metadata.format === "graph-model" ? "graph-model" : "layers-model",
    generatedBy: metadata.generatedBy ?? "h5ts",
    convertedBy: metadata.convertedBy ?? null,
    ...(config === undefined ? {} : { modelTopology: config }),
    ...(trainingConfig === undefined ? {} : { trainingConfig }),
    weightsManifest: [{ paths, weights }],
  };
}
