/** The configuration of a single layer as TensorFlow.js reads it: for inference. */
import { isPlainObject } from "../json.ts";
import type { Json, LayerConfig } from "../keras/layer-config.ts";
import { activationName } from "./activation-name.ts";
import { layerProblems } from "./layer-problems.ts";

/** Translates; what TensorFlow.js would compute otherwise is added to the problems. `inner` translates a layer within. */
export function translateLayer(layer: LayerConfig, problems: string[], inner: (value: unknown) => Json): Json {
  problems.push(...layerProblems(layer).map((problem) => `${layer.name}: ${problem}`));
  const config: Json = {};
  for (const [key, value] of Object.entries(layer.config)) {
    if (DROPPED.has(key)) continue;
    config[key] = translatedValue(key, value, inner);
  }
  const { batch_shape: shape } = layer.config;
  if (layer.className === "InputLayer" && shape !== undefined) {
    config.batch_input_shape = shape;
    delete config.batch_shape;
  }
  if (layer.className === "LeakyReLU" && layer.config.negative_slope !== undefined)
    config.alpha = layer.config.negative_slope;
  return config;
}

/** Without meaning there, or for training alone. */
const DROPPED: ReadonlySet<string> = new Set([
  "module",
  "registered_name",
  "build_config",
  "compile_config",
  "shared_object_id",
  "lora_rank",
  "quantization_config",
  "seed",
  "synchronized",
  "renorm",
  "renorm_clipping",
  "renorm_momentum",
  "fused",
  "virtual_batch_size",
  "optional",
  "time_major",
  "use_cudnn",
  "zero_output_for_mask",
  "negative_slope",
  "batch_size",
]);

function translatedValue(key: string, value: unknown, inner: (value: unknown) => Json): unknown {
  if (key === "layer" || key === "backward_layer" || key === "cell") return isPlainObject(value) ? inner(value) : value;
  if (key === "cells" && Array.isArray(value)) return value.map(inner);
  if (key === "dtype" || key === "input_dtype") return dtypeName(value);
  if (/_(?:regularizer|constraint)$/.test(key)) return null;
  if (/_initializer$/.test(key)) return ZEROS;
  if (/(?:^|_)activation$/.test(key)) return activationName(value);
  if (key === "axis" && Array.isArray(value) && value.length === 1) return value[0];
  return plain(value);
}

/** The values are replaced: what they would have been is not worth computing. */
const ZEROS: Json = { class_name: "Zeros", config: {} };

/** The name of a type, or of a policy's. There are no floats but those of 32 bits. */
function dtypeName(value: unknown): unknown {
  const name = isPlainObject(value) ? (value.config as Json | undefined)?.name : value;
  if (typeof name !== "string") return name ?? null;
  return /float|mixed/.test(name) ? "float32" : /^u?int/.test(name) ? "int32" : name;
}

/** What Python serializes as objects with a class, as the values that they hold. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isPlainObject(value)) return value;
  if (value.class_name === "__tuple__" || value.class_name === "TensorShape") return plain(value.items);
  if (value.type === "ndarray" || value.class_name === "__numpy__")
    return plain(value.value ?? (value.config as Json)?.value);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
