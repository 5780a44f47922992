/** What TensorFlow.js hands over and takes: the part of its types that is used, so that it need not be installed. */

/** A weight in TensorFlow.js's terms. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: number[];
  readonly dtype: "float32" | "int32" | "bool" | "complex64" | "string";
  readonly group?: "model" | "optimizer";
}

/** A model in TensorFlow.js's terms. */
export interface ModelArtifacts {
  modelTopology?: object;
  weightSpecs?: WeightSpec[];
  weightData?: ArrayBuffer | ArrayBuffer[];
  format?: string;
  generatedBy?: string;
  convertedBy?: string | null;
}

/** What `tf.loadLayersModel` takes. */
export interface LoadHandler {
  load(): Promise<ModelArtifacts>;
}

/** What `model.save` takes. */
export interface SaveHandler {
  save(
    artifacts: ModelArtifacts,
  ): Promise<{ modelArtifactsInfo: { dateSaved: Date; modelTopologyType: "JSON"; weightDataBytes: number } }>;
}
