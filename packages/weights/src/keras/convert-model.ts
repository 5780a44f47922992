/** Keras models from one of its formats to another: each names the same weights in its own way. */
import { isPlainObject } from "../json.ts";
import type { StoredTensor, WeightsFormat } from "../model-file.ts";
import type { ModelToSave } from "../saving/settings.ts";
import { type Json, layerConfig } from "./layer-config.ts";
import { isLayersModel, type Matched, matchTensors, modelConfig } from "./match-tensors.ts";

const STORES: ReadonlySet<WeightsFormat> = new Set(["keras3-h5", "keras-archive"]);

/** Whether a model changes between Keras's formats, so that its weights are to be called otherwise. */
export function isConversion(from: WeightsFormat | undefined, to: WeightsFormat, { config }: ModelToSave): boolean {
  if (from === undefined || !isLayersModel(config)) return false;
  return (from === "keras-legacy-h5" && STORES.has(to)) || (STORES.has(from) && to === "keras-legacy-h5");
}

/** The model in the terms of another of Keras's formats. What is no weight of the model itself, an optimizer's state, stays behind. */
export function convertedModel(model: ModelToSave, to: WeightsFormat): ModelToSave {
  const matched = matchTensors(modelConfig(model.config), model.tensors);
  const { trainingConfig: _, ...rest } = model;
  if (STORES.has(to)) return { ...rest, config: withModules(model.config), tensors: matched.map(storeTensor) };
  return { ...rest, tensors: matched.map(layerTensor) };
}

const storeTensor = ({ tensor, variable }: Matched): StoredTensor => ({
  ...tensor,
  name: variable.path,
  layer: variable.owner,
});

const layerTensor = ({ tensor, variable }: Matched): StoredTensor => {
  const { layer, name } = variable;
  return { ...tensor, name: name.startsWith(`${layer}/`) ? name : `${layer}/${name}`, layer };
};

/** Where Keras finds the classes of a configuration; `.h5` leaves that out of layers, and of models. */
function withModules(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withModules);
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => [key, withModules(one)]);
  const object: Json = Object.fromEntries(entries);
  const isLayer = typeof object.class_name === "string" && isPlainObject(object.config) && object.module === undefined;
  if (!isLayer || /^__/.test(object.class_name as string)) return object;
  return { module: moduleOf(layerConfig(object).className), registered_name: null, ...object };
}

function moduleOf(className: string): string {
  if (className === "Sequential") return "keras";
  return className === "Functional" || className === "Model" ? "keras.src.models.functional" : "keras.layers";
}
