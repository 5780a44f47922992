/** Keras models for TensorFlow.js, straight from their files. */
import type { Source } from "h5ts";
import { type OpenWeightsOptions, openWeights } from "../open-weights.ts";
import type { Weights } from "../weights.ts";
import type { LoadHandler, ModelArtifacts, WeightSpec } from "./io-handler.ts";
import { tfjsModel } from "./tfjs-model.ts";

/**
 * A Keras model as `tf.loadLayersModel` loads it: `.h5` of Keras 2 and 3, or `.keras`, Sequential or Functional. Its configuration is
 * translated for inference, and weights are matched by their position.
 *
 * ```ts
 * const model = await tf.loadLayersModel(h5Handler("model.keras"));
 * ```
 *
 * `load` throws an UnsupportedError that lists what TensorFlow.js cannot express.
 */
export function h5Handler(source: Source, options: OpenWeightsOptions = {}): LoadHandler {
  return {
    async load() {
      const weights = await openWeights(source, options);
      try {
        return await artifactsOf(weights, options.signal);
      } finally {
        await weights.close();
      }
    },
  };
}

async function artifactsOf(weights: Weights, signal?: AbortSignal): Promise<ModelArtifacts> {
  const { topology, tensors } = tfjsModel(weights.config, weights.stored(), weights.metadata);
  const weightData: ArrayBuffer[] = [];
  for (const tensor of tensors) {
    const bytes = await tensor.read(signal);
    weightData.push(bytes.slice().buffer as ArrayBuffer);
  }
  const weightSpecs = tensors.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype }) as WeightSpec);
  return {
    modelTopology: topology,
    weightSpecs,
    weightData,
    format: "layers-model",
    generatedBy: "keras",
    convertedBy: "h5ts",
  };
}
