/**
 * Weights of neural networks without Python: Keras, PyTorch, safetensors, TensorFlow.js and plain HDF5 files, opened by one
 * function.
 *
 * ```ts
 * import { openWeights } from "@h5ts/weights";
 *
 * const weights = await openWeights("model.keras");
 * const { shape } = await weights.tensor("layers/dense/vars/0");
 * await weights.close();
 * ```
 */
export { ELEMENT_TYPES, type ElementType } from "./dtypes.ts";
export type { WeightsFormat } from "./model-file.ts";
export { type OpenWeightsOptions, openWeights } from "./open-weights.ts";
export type { SiblingFiles } from "./siblings.ts";
export { type ReadOptions, Tensor, type TensorArray, type TensorInfo } from "./tensor.ts";
export { Weights } from "./weights.ts";
