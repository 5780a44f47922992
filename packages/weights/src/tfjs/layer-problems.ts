/** What TensorFlow.js 4.22 has not, or computes otherwise than Keras: said of a layer, so that nothing is wrong silently. */
import type { LayerConfig } from "../keras/layer-config.ts";
import { activationName } from "./activation-name.ts";

const CLASSES: ReadonlySet<string> = new Set(
  `Activation Add AlphaDropout Average AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization BatchNormalizationV1
  BatchNormalizationV2 Bidirectional CategoryEncoding CenterCrop Concatenate Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose
  ConvLSTM2D ConvLSTM2DCell Cropping2D Dense DepthwiseConv2D Dot Dropout ELU Embedding Flatten GRU GRUCell GRUV1 GRUV2 GaussianDropout
  GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D InputLayer LSTM LSTMCell LSTMV1
  LSTMV2 LayerNormalization LeakyReLU Masking MaxPooling1D MaxPooling2D MaxPooling3D Maximum Minimum Multiply PReLU Permute RNN
  RandomWidth ReLU RepeatVector Rescaling Reshape Resizing SeparableConv2D SimpleRNN SimpleRNNCell Softmax SpatialDropout1D
  StackedRNNCells ThresholdedReLU TimeDistributed UnifiedGRU UnifiedLSTM UpSampling2D ZeroPadding2D`.split(/\s+/),
);

const ACTIVATIONS: ReadonlySet<unknown> = new Set([
  "elu",
  "relu",
  "relu6",
  "linear",
  "sigmoid",
  "softplus",
  "softsign",
  "tanh",
  "softmax",
  "log_softmax",
  "swish",
  "mish",
  "gelu",
  "gelu_new",
  "selu",
  "hard_sigmoid",
]);

/** All that is wrong with a layer; nothing where it can be had. */
export function layerProblems(layer: LayerConfig): string[] {
  const { className, config, whole } = layer;
  if (!CLASSES.has(className)) return [`no layer ${className}`];
  const registered = whole.registered_name;
  if (typeof registered === "string" && registered.includes(">")) return [`a class of its own, ${registered}`];
  const problems: string[] = [];
  for (const key of ["activation", "recurrent_activation"]) problems.push(...activationProblems(layer, key));
  for (const [key, wrong] of Object.entries(OPTIONS)) {
    if (config[key] !== undefined && config[key] !== null && wrong(config[key], layer))
      problems.push(`${key}: ${JSON.stringify(config[key])}`);
  }
  return problems;
}

function activationProblems({ config, whole }: LayerConfig, key: string): string[] {
  const value = activationName(config[key]);
  if (value === undefined || value === null) return [];
  if (!ACTIVATIONS.has(value)) return [`no ${key} ${JSON.stringify(value)}`];
  // Keras 3 made it another function of the same name; its own layers are told by their module, or by the shape of inputs.
  const isKeras3 = whole.module !== undefined || config.dtype instanceof Object;
  return value === "hard_sigmoid" && isKeras3 ? [`${key} "hard_sigmoid" is another function since Keras 3`] : [];
}

/** Options, and when they mean what TensorFlow.js ignores or refuses. */
const OPTIONS: Readonly<Record<string, (value: unknown, layer: LayerConfig) => boolean>> = {
  reset_after: (value, { className }) => value === true && /^(?:UnifiedGRU|GRU)/.test(className),
  groups: (value, { className }) => value !== 1 && /Conv/.test(className),
  keepdims: (value) => value === true,
  negative_slope: (value, { className }) => className === "ReLU" && value !== 0,
  threshold: (value, { className }) => className === "ReLU" && value !== 0,
  time_major: (value) => value === true,
  rms_scaling: (value) => value === true,
  padding: (value, { className }) => value === "causal" && /Conv[23]D/.test(className),
  approximate: () => false,
};
