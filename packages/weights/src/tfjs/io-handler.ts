/** A weight in TensorFlow.js's terms: where it stands in {@link ModelArtifacts.weightData} follows from the order and the sizes. */
export interface WeightSpec {
  /** As the model's topology calls it: `"dense/kernel"`. */
  readonly name: string;
  /** Elements along each axis; of a scalar none. */
  readonly shape: number[];
  /** What the bytes are; complex64 has real and imaginary parts by turns, string a length of four bytes before each text. */
  readonly dtype: "float32" | "int32" | "bool" | "complex64" | "string";
  /** Whose it is. Default: the model's. */
  readonly group?: "model" | "optimizer";
}

/** A model in TensorFlow.js's terms. */
export interface ModelArtifacts {
  /** The layers, as Keras's JSON has them: `{ model_config: ... }` or the configuration itself. Absent: weights alone. */
  modelTopology?: object;
  /** What the weights are, in the order in which their bytes stand. */
  weightSpecs?: WeightSpec[];
  /** The bytes of all weights one behind the other, little-endian, in one piece or several. */
  weightData?: ArrayBuffer | ArrayBuffer[];
  /** `"layers-model"`, or `"graph-model"`. */
  format?: string;
  /** What made the model: `"keras v3.15.1"`. */
  generatedBy?: string;
  /** What brought it into this form, if it was not made in it. */
  convertedBy?: string | null;
}

/** What `tf.loadLayersModel` takes. */
export interface LoadHandler {
  /** Reads the model. Rejects with an `H5Error` where that cannot be done. */
  load(): Promise<ModelArtifacts>;
}

/** What TensorFlow.js is told of a model that was saved. */
export interface SaveResult {
  /** By the names that TensorFlow.js gives them. */
  readonly modelArtifactsInfo: {
    /** When it was saved. */
    dateSaved: Date;
    /** How the topology was written: always as JSON. */
    modelTopologyType: "JSON";
    /** Bytes of all weights, as they were handed over. */
    weightDataBytes: number;
  };
}

/** What `model.save` takes. */
export interface SaveHandler {
  /** Writes the model. Rejects with an `H5Error` where that cannot be done. */
  save(artifacts: ModelArtifacts): Promise<SaveResult>;
}
