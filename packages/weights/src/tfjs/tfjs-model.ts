/** A Keras model as TensorFlow.js runs it: its configuration translated, its weights under the names that are known there. */
import { FormatError, UnsupportedError } from "h5ts";
import { matchTensors, modelConfig } from "../keras/match-tensors.ts";
import type { KerasVariable } from "../keras/variables.ts";
import type { StoredTensor } from "../model-file.ts";
import { tfjsTensor } from "../saving/tfjs-elements.ts";
import { translateModel } from "./translate-model.ts";

/** A variable's name, where its layer may have had to get another. */
function nameOf({ name, key }: KerasVariable, renamed: ReadonlyMap<string, string>): string {
  const layer = renamed.get(key);
  return layer === undefined ? name : `${layer}${name.slice(name.indexOf("/"))}`;
}

/** A Keras model in TensorFlow.js's terms; its tensors have the names and types that it knows. */
export function tfjsModel(
  config: unknown,
  tensors: readonly StoredTensor[],
  metadata: Readonly<Record<string, string>>,
): { readonly topology: object; readonly tensors: StoredTensor[] } {
  if (config === undefined || config === null)
    throw new FormatError("has weights but no model: save the whole model with Keras", { structure: "Keras model" });
  const version = metadata.keras_version ?? "1";
  if (/^[01]\b/.test(version))
    throw new UnsupportedError("is of a version whose layers are others: open it with Keras 2 and save it anew", {
      structure: "Keras model",
      found: `Keras ${version}`,
      allowed: "Keras 2 and 3",
    });
  const model = modelConfig(config);
  const { topology, renamed } = translateModel(model, version);
  const named = matchTensors(model, tensors).map(({ tensor, variable }): StoredTensor => {
    return { ...tfjsTensor(tensor), name: nameOf(variable, renamed) };
  });
  return {
    topology: { ...topology, keras_version: version, backend: metadata.backend ?? "tensorflow" },
    tensors: named,
  };
}
