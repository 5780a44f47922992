/** Tensors of a Keras model beside the variables that its configuration tells: by position, since names differ between versions. */
import { FormatError, UnsupportedError } from "h5ts";
import { isPlainObject } from "../json.ts";
import type { StoredTensor } from "../model-file.ts";
import { isModel, type LayerConfig, layerConfig } from "./layer-config.ts";
import { type KerasVariable, modelVariables } from "./variables.ts";

/** A tensor and the variable that it is the value of. */
export interface Matched {
  readonly tensor: StoredTensor;
  readonly variable: KerasVariable;
}

/** Whether a parsed configuration is one of a model of layers; subclasses have none. */
export function isLayersModel(config: unknown): boolean {
  return isPlainObject(config) && typeof config.class_name === "string" && isModel(layerConfig(config));
}

/** The model of a configuration. UnsupportedError where it is a class of its own. */
export function modelConfig(config: unknown): LayerConfig {
  const model = layerConfig(config);
  if (isModel(model)) return model;
  throw new UnsupportedError("is a model of a class of its own, which no configuration tells", {
    structure: "Keras config",
    found: model.className,
  });
}

/** Of each layer of the model its tensors in the order of its weights. FormatError where there are others than it has. */
export function matchTensors(model: LayerConfig, tensors: readonly StoredTensor[]): Matched[] {
  const variables = modelVariables(model);
  const own = tensors.filter(({ group }) => group === undefined || group === "model");
  return own.some(({ name }) => /(?:^|\/)vars\/\d+$/.test(name)) ? byPath(variables, own) : byLayer(variables, own);
}

/** Tensors of a store. */
function byPath(variables: ReadonlyMap<string, readonly KerasVariable[]>, tensors: readonly StoredTensor[]): Matched[] {
  const found = new Map(
    tensors.map((tensor) => [tensor.name.replaceAll("_layer_checkpoint_dependencies", "layers"), tensor]),
  );
  const matched = [...variables.values()].flat().map((variable): Matched => {
    const tensor = found.get(variable.path);
    if (tensor === undefined) throw wrong(variable.layer, "nothing", variable.path);
    found.delete(variable.path);
    return { tensor, variable };
  });
  // Random generators keep a state there, which is no weight.
  const left = [...found.keys()].find((name) => !/(?:^|\/)seed_generators?\//.test(name));
  if (left === undefined) return matched;
  throw new UnsupportedError("has weights that its configuration does not tell", {
    structure: "Keras model",
    found: left,
  });
}

/** Tensors of `.h5`, which are listed layer by layer. */
function byLayer(
  variables: ReadonlyMap<string, readonly KerasVariable[]>,
  tensors: readonly StoredTensor[],
): Matched[] {
  const lists = new Map<string, StoredTensor[]>();
  for (const tensor of tensors) {
    const layer = tensor.layer ?? "";
    lists.set(layer, [...(lists.get(layer) ?? []), tensor]);
  }
  const matched: Matched[] = [];
  for (const [layer, list] of lists) {
    const own = variables.get(layer) ?? [];
    if (own.length !== list.length) throw wrong(layer, `${list.length} weights`, `${own.length}`);
    matched.push(...list.map((tensor, i) => ({ tensor, variable: own[i] })));
  }
  for (const [layer, own] of variables)
    if (own.length > 0 && !lists.has(layer)) throw wrong(layer, "no weights", `${own.length}`);
  return matched;
}

const wrong = (path: string, found: string, allowed: string): FormatError =>
  new FormatError("has other weights than its configuration tells", { structure: "Keras model", path, found, allowed });
