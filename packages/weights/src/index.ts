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
export { saveWeights, WRITABLE_FORMATS } from "./saving/save-weights.ts";
export type {
  SavedWeights,
  SaveWeightsOptions,
  SiblingTargets,
  StorageOptions,
  WritableFormat,
} from "./saving/settings.ts";
export type { TensorBytes, TensorToSave } from "./saving/tensors-to-save.ts";
export type { SiblingFiles } from "./siblings.ts";
export { type PieceOptions, type ReadOptions, Tensor, type TensorArray, type TensorInfo } from "./tensor.ts";
export { h5Handler } from "./tfjs/h5-handler.ts";
export type { LoadHandler, ModelArtifacts, SaveHandler, SaveResult, WeightSpec } from "./tfjs/io-handler.ts";
export { saveHandler } from "./tfjs/save-handler.ts";
export { Weights } from "./weights.ts";
