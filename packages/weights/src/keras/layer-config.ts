/** The configuration of a Keras model as JSON: what all versions have in common. */
import { FormatError } from "h5ts";
import { isPlainObject } from "../json.ts";

export type Json = Record<string, unknown>;

/** A layer, or a model that is one, as configurations describe it. */
export interface LayerConfig {
  readonly className: string;
  readonly name: string;
  readonly config: Json;
  /** All of the description. */
  readonly whole: Json;
}

/** Nesting of layers at most. */
export const MOST_DEPTH = 50;

/** A description of a layer. FormatError where it is none. */
export function layerConfig(value: unknown): LayerConfig {
  if (!isPlainObject(value) || typeof value.class_name !== "string")
    throw new FormatError("describes no layer", {
      structure: "Keras config",
      found: JSON.stringify(value)?.slice(0, 80),
    });
  // Sequential models of old have a bare list of layers.
  const config = Array.isArray(value.config) ? { layers: value.config } : value.config;
  if (!isPlainObject(config))
    throw new FormatError("has a layer without configuration", { structure: "Keras config", found: value.class_name });
  const name = config.name ?? value.name;
  const className = value.class_name;
  return { className, name: typeof name === "string" ? name : snakeCase(className), config, whole: value };
}

/** Classes of models, which hold layers; and, in newer files, the class that stands for a functional one. */
export const isModel = ({ className, config }: LayerConfig): boolean =>
  (className === "Sequential" || className === "Functional" || className === "Model") && Array.isArray(config.layers);

/** Layers of a model, in its own order. */
export const layersOf = ({ config }: LayerConfig): LayerConfig[] => (config.layers as unknown[]).map(layerConfig);

/** Names as Keras makes them of classes: `Conv2DTranspose` is `conv2d_transpose`. */
export function snakeCase(name: string): string {
  const spaced = name.replaceAll(/\W+/g, "").replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2");
  return spaced.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}

/** Classes of layers that have no variables at all. */
const PLAIN =
  /^(?:InputLayer|Activation|Activity.*|ReLU|LeakyReLU|ELU|Softmax|ThresholdedReLU|Dropout|AlphaDropout|Gaussian(?:Dropout|Noise)|SpatialDropout[123]D|Flatten|Reshape|Permute|RepeatVector|Masking|Lambda|Identity|Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate|Dot|Merge|Rescaling|Resizing|CenterCrop|CategoryEncoding|Discretization|Random.*|(?:Max|Average)Pooling[123]D|Global(?:Max|Average)Pooling[123]D|AdaptiveM.*|AdaptiveA.*|ZeroPadding[123]D|Cropping[123]D|UpSampling[123]D|UnitNormalization)$/;

/** Whether a class has no variables: known layers that only compute, and operations on tensors. */
export const isPlain = (className: string): boolean => PLAIN.test(className);
