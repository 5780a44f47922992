/** Saving tensors, in any format that is written. */
import { PolicyError, type Source } from "h5ts";
import { convertedModel, isConversion } from "../keras/convert-model.ts";
import { isLayersModel } from "../keras/match-tensors.ts";
import { tfjsModel } from "../tfjs/tfjs-model.ts";
import { Weights } from "../weights.ts";
import { saveKerasArchive } from "./save-keras-archive.ts";
import { saveKerasLegacy } from "./save-keras-legacy.ts";
import { saveKerasStore } from "./save-keras-store.ts";
import { checkSafetensors, saveSafetensors } from "./save-safetensors.ts";
import { saveStateDict } from "./save-state-dict.ts";
import { saveTfjs } from "./save-tfjs.ts";
import {
  type ModelToSave,
  type SavedWeights,
  SaveProgress,
  type SaveWeightsOptions,
  type WritableFormat,
} from "./settings.ts";
import { listed, type TensorToSave } from "./tensors-to-save.ts";
import { tfjsTensor } from "./tfjs-elements.ts";

interface Saver {
  /** Throws before anything is written where the format cannot hold the model. */
  check?(model: ModelToSave): void;
  save(target: Source, model: ModelToSave, options: SaveWeightsOptions, progress: SaveProgress): Promise<string[]>;
}

const SAVERS: Readonly<Record<WritableFormat, Saver>> = {
  safetensors: { check: checkSafetensors, save: saveSafetensors },
  "hdf5-state-dict": { save: saveStateDict },
  "keras-legacy-h5": { save: saveKerasLegacy },
  "keras3-h5": { save: saveKerasStore },
  "keras-archive": { save: saveKerasArchive },
  tfjs: { check: ({ tensors }) => void tensors.map(tfjsTensor), save: saveTfjs },
};

/** Formats that `saveWeights` writes. */
export const WRITABLE_FORMATS: readonly WritableFormat[] = Object.keys(SAVERS) as WritableFormat[];

/**
 * Saves tensors to a path, file handle or writable storage, in place of whatever was there: all those of an open file of weights, or
 * others that are given. They are read as they are written, in pieces: a model may be larger than memory.
 *
 * ```ts
 * const weights = await openWeights("model.h5");
 * await saveWeights("model.safetensors", weights, { format: "safetensors" });
 * await saveWeights("small.h5", [{ name: "fc.bias", shape: [2], data: Float32Array.of(0, 1) }], { format: "hdf5-state-dict" });
 * ```
 *
 * Between Keras's own formats, and from them to TensorFlow.js, models of known layers change their terms, so that they can be opened there;
 * with `config: null` the weights go as they are, alone.
 *
 * UnsupportedError, before anything is written, where the format cannot hold a tensor; FormatError where one's elements are not as many
 * as its type and shape need: the target is then not to be used.
 */
export async function saveWeights(
  target: Source,
  tensors: Weights | Iterable<TensorToSave>,
  options: SaveWeightsOptions,
): Promise<SavedWeights> {
  const { format } = options;
  const saver = Object.hasOwn(SAVERS, format) ? SAVERS[format] : undefined;
  if (saver === undefined)
    throw new PolicyError("is no format that is written", { found: format, allowed: WRITABLE_FORMATS.join(", ") });
  const model = modelOf(tensors, options);
  saver.check?.(model);
  const total = model.tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = new SaveProgress(total, options);
  const files = await saver.save(target, model, options, progress);
  return { format, tensors: model.tensors.length, bytes: progress.done, files };
}

function modelOf(tensors: Weights | Iterable<TensorToSave>, options: SaveWeightsOptions): ModelToSave {
  const own = tensors instanceof Weights ? tensors : undefined;
  const { metadata = own?.metadata ?? {}, config = own?.config, trainingConfig = own?.trainingConfig } = options;
  const list = tensors instanceof Weights ? tensors.stored() : listed(tensors);
  const model: ModelToSave = {
    tensors: list,
    metadata,
    ...(config === undefined || config === null ? {} : { config }),
    ...(trainingConfig === undefined || trainingConfig === null || options.config === null ? {} : { trainingConfig }),
  };
  if (isConversion(own?.format, options.format, model)) return convertedModel(model, options.format);
  return options.format === "tfjs" && KERAS.has(own?.format) && isLayersModel(config) ? forTfjs(model) : model;
}

const KERAS: ReadonlySet<string | undefined> = new Set(["keras-legacy-h5", "keras3-h5", "keras-archive"]);

/** A Keras model as TensorFlow.js runs it. */
function forTfjs(model: ModelToSave): ModelToSave {
  const { topology, tensors } = tfjsModel(model.config, model.tensors, model.metadata);
  return { tensors, config: topology, metadata: { generatedBy: "keras", convertedBy: "h5ts" } };
}
