/** TensorFlow.js models saved as Keras's `.h5`. */
import { FormatError, type Source } from "h5ts";
import { bytesOf, isElementType } from "../dtypes.ts";
import { isPlainObject } from "../json.ts";
import { type Json, layerConfig } from "../keras/layer-config.ts";
import { modelConfig } from "../keras/match-tensors.ts";
import { modelVariables } from "../keras/variables.ts";
import { saveWeights } from "../saving/save-weights.ts";
import type { SaveWeightsOptions } from "../saving/settings.ts";
import type { TensorToSave } from "../saving/tensors-to-save.ts";
import type { ModelArtifacts, SaveHandler, WeightSpec } from "./io-handler.ts";
import { kerasConfig } from "./keras-config.ts";

/**
 * Where `model.save` of TensorFlow.js saves a model as `.h5`, for Keras to open.
 *
 * ```ts
 * await model.save(saveHandler("model.h5"));
 * ```
 */
export function saveHandler(target: Source, options: Pick<SaveWeightsOptions, "dataset" | "signal"> = {}): SaveHandler {
  return {
    async save(artifacts) {
      const { topology, version, backend } = topologyOf(artifacts);
      const tensors = tensorsOf(artifacts, topology);
      const metadata = { keras_version: version, backend };
      const { bytes } = await saveWeights(target, tensors, {
        ...options,
        format: "keras-legacy-h5",
        config: topology,
        metadata,
      });
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON", weightDataBytes: bytes } };
    },
  };
}

/** The version in whose terms models are written. */
const KERAS = "3.0.0";

interface Topology {
  readonly topology: Json;
  readonly version: string;
  readonly backend: string;
}

/** The description of a model, which the library's own version is no part of. */
function topologyOf({ modelTopology: given }: ModelArtifacts): Topology {
  const whole = isPlainObject(given) && isPlainObject(given.model_config) ? given.model_config : given;
  if (!isPlainObject(whole)) throw new FormatError("has no topology", { structure: "TensorFlow.js model" });
  const { keras_version: _version, backend: _backend, ...topology } = whole;
  return { topology: kerasConfig(topology) as Json, version: KERAS, backend: "tensorflow" };
}

/** Weights layer by layer, in the order that Keras expects. */
function tensorsOf({ weightSpecs = [], weightData }: ModelArtifacts, topology: Json): TensorToSave[] {
  const bytes = joinedData(weightData);
  const found = new Map<string, TensorToSave>();
  let at = 0;
  for (const spec of weightSpecs) {
    const tensor = tensorOf(spec, bytes, at);
    at += (tensor.data as Uint8Array).length;
    if (spec.group !== "optimizer") found.set(spec.name, tensor);
  }
  const variables = [...modelVariables(modelConfig(layerConfig(topology).whole)).values()].flat();
  return variables.map(({ layer, name }) => {
    const tensor = found.get(name);
    if (tensor !== undefined) return { ...tensor, name: `${name}:0`, layer, group: "model" };
    throw new FormatError("lacks a weight", { structure: "TensorFlow.js model", path: layer, found: name });
  });
}

function tensorOf({ name, shape, dtype }: WeightSpec, data: Uint8Array, at: number): TensorToSave {
  if (!isElementType(dtype))
    throw new FormatError("has a weight of an unknown type", {
      structure: "TensorFlow.js model",
      path: name,
      found: dtype,
    });
  const bytes = bytesOf(dtype, shape);
  if (at + bytes > data.length)
    throw new FormatError("has fewer bytes than its weights need", { structure: "TensorFlow.js model", path: name });
  return { name, shape, dtype, data: data.subarray(at, at + bytes) };
}

function joinedData(data: ModelArtifacts["weightData"]): Uint8Array {
  const parts = data === undefined ? [] : Array.isArray(data) ? data : [data];
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), at);
    at += part.byteLength;
  }
  return bytes;
}
