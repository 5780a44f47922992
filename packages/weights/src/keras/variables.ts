/** The variables of a Keras model, as its configuration tells them: where each store has them, and what TensorFlow.js calls them. */
import { LimitError, UnsupportedError } from "h5ts";
import {
  isModel,
  isPlain,
  type Json,
  type LayerConfig,
  layerConfig,
  layersOf,
  MOST_DEPTH,
  snakeCase,
} from "./layer-config.ts";

/** A variable of a model. */
export interface KerasVariable {
  /** Layer of the model itself that it belongs to, be it deep within that. */
  readonly layer: string;
  /** Its path in the store of Keras 3: `"layers/dense/vars/0"`. */
  readonly path: string;
  /** Object that has it: the cell of a recurrent layer, a layer of a nested model. */
  readonly owner: string;
  /** Its name by layers, as TensorFlow.js has it: `"dense/kernel"`. */
  readonly name: string;
  /** The layer that the name begins with, behind the models around it: `"inner/dense"`. */
  readonly key: string;
  readonly trainable: boolean;
}

/** The variables of each layer of a model, in the order of `Layer.weights`: those that are trained first. */
export function modelVariables(model: LayerConfig): Map<string, KerasVariable[]> {
  const byLayer = new Map<string, KerasVariable[]>();
  for (const [path, layer] of storePaths(model, "")) {
    const found = [
      ...variablesOf(layer, {
        ...TOP,
        layer: layer.name,
        path,
        scope: [layer.name],
        key: layer.name,
        frozen: isFrozen(model),
      }),
    ];
    byLayer.set(layer.name, [...found.filter((one) => one.trainable), ...found.filter((one) => !one.trainable)]);
  }
  return byLayer;
}

/** Layers of a model with their paths in the store: by class, numbered. */
function storePaths(model: LayerConfig, base: string): [string, LayerConfig][] {
  const counts = new Map<string, number>();
  return layersOf(model).flatMap((layer): [string, LayerConfig][] => {
    // A sequential model does not count the layer that stands for its input.
    if (layer.className === "InputLayer" && model.className === "Sequential") return [];
    const key = snakeCase(layer.className);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return [[`${base}layers/${key}${count === 0 ? "" : `_${count}`}`, layer]];
  });
}

interface Within {
  readonly layer: string;
  readonly path: string;
  readonly scope: readonly string[];
  readonly key: string;
  /** Names of the layers around, each with a slash behind. */
  readonly around: string;
  readonly frozen: boolean;
  readonly depth: number;
}

const TOP = { around: "", depth: 0 } as const;

const isFrozen = ({ config }: LayerConfig): boolean => config.trainable === false;

function* variablesOf(layer: LayerConfig, within: Within): Generator<KerasVariable> {
  if (within.depth > MOST_DEPTH)
    throw new LimitError("is nested too deeply", { structure: "Keras config", allowed: `${MOST_DEPTH} levels` });
  const around = `${within.around}${layer.name}/`;
  const inner = { ...within, around, frozen: within.frozen || isFrozen(layer), depth: within.depth + 1 };
  if (isModel(layer)) {
    for (const [path, one] of storePaths(layer, `${within.path}/`))
      yield* variablesOf(one, { ...inner, path, scope: [one.name], key: `${around}${one.name}` });
    return;
  }
  for (const [part, one, scope] of partsOf(layer, within.scope))
    yield* variablesOf(one, { ...inner, path: `${within.path}/${part}`, scope });
  yield* ownVariables(layer, inner);
}

type Part = readonly [path: string, layer: LayerConfig, scope: readonly string[]];

/** Layers and cells within a layer: the path of each, and the names that its variables have before them. */
function partsOf({ className, config, name }: LayerConfig, scope: readonly string[]): Part[] {
  if (className === "Bidirectional") {
    const forward = layerConfig(config.layer);
    const backward =
      config.backward_layer === undefined || config.backward_layer === null
        ? forward
        : layerConfig(config.backward_layer);
    const called = (direction: string, layer: LayerConfig): string[] => [
      name,
      `${direction}_${layer.name.replace(/^(?:forward|backward)_/, "")}`,
    ];
    return [
      ["forward_layer", forward, called("forward", forward)],
      ["backward_layer", backward, called("backward", forward)],
    ];
  }
  if (className === "TimeDistributed") {
    const layer = layerConfig(config.layer);
    return [["layer", layer, scope]];
  }
  if (className === "RNN") return [["cell", layerConfig(config.cell), scope]];
  if (className === "StackedRNNCells" && Array.isArray(config.cells)) return stacked(config.cells, scope);
  if (RECURRENT.has(className))
    return [["cell", { className: `${className}Cell`, name: snakeCase(`${className}Cell`), config, whole: {} }, scope]];
  return [];
}

function stacked(cells: readonly unknown[], scope: readonly string[]): Part[] {
  const counts = new Map<string, number>();
  return cells.map((value, i): Part => {
    const cell = layerConfig(value);
    const key = snakeCase(cell.className);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return [`cells/${key}${count === 0 ? "" : `_${count}`}`, cell, [...scope, `RNNCell_${i}`]];
  });
}

const RECURRENT: ReadonlySet<string> = new Set([
  "SimpleRNN",
  "LSTM",
  "GRU",
  "ConvLSTM1D",
  "ConvLSTM2D",
  "ConvLSTM3D",
  "CuDNNLSTM",
  "CuDNNGRU",
  "LSTMV2",
  "GRUV2",
  "LSTMV1",
  "GRUV1",
]);

function* ownVariables(layer: LayerConfig, { layer: top, path, scope, key, frozen }: Within): Generator<KerasVariable> {
  let i = 0;
  for (const { name, trained } of ownNames(layer)) {
    const full = [...scope, name].join("/");
    yield {
      layer: top,
      path: `${path}/vars/${i++}`,
      owner: layer.name,
      name: full,
      key,
      trainable: trained && !frozen,
    };
  }
}

interface Own {
  readonly name: string;
  readonly trained: boolean;
}

const trained = (...names: (string | false)[]): Own[] =>
  names.filter((name) => name !== false).map((name) => ({ name, trained: true }));

/** What a layer has itself, in the order in which it makes them. UnsupportedError of classes that are not known. */
function ownNames({ className, config, name }: LayerConfig): Own[] {
  const bias = config.use_bias !== false && (config as Json).bias !== false && "bias";
  if (/^(?:Dense|Conv[123]D|Conv[123]DTranspose|Convolution[123]D)$/.test(className)) return trained("kernel", bias);
  if (/^(?:SimpleRNN|LSTM|GRU|ConvLSTM[123]D|CuDNNLSTM|CuDNNGRU|LSTMV\d|GRUV\d)Cell$/.test(className))
    return trained("kernel", "recurrent_kernel", bias);
  if (/^DepthwiseConv[12]D$/.test(className)) return trained("depthwise_kernel", bias);
  if (/^Separable(?:Conv|Convolution)[12]D$/.test(className))
    return trained("depthwise_kernel", "pointwise_kernel", bias);
  if (/^BatchNormalization(?:V[12])?$/.test(className))
    return [
      ...trained(config.scale !== false && "gamma", config.center !== false && "beta"),
      ...["moving_mean", "moving_variance"].map((one) => ({ name: one, trained: false })),
    ];
  if (className === "LayerNormalization" || className === "GroupNormalization")
    return trained(config.scale !== false && "gamma", config.center !== false && "beta");
  if (className === "Embedding") return trained("embeddings");
  if (className === "PReLU") return trained("alpha");
  if (WITHOUT.has(className) || isPlain(className)) return [];
  throw new UnsupportedError("has a layer whose weights are not known", {
    structure: "Keras config",
    path: name,
    found: className,
  });
}

/** Layers without variables of their own that no pattern tells. */
const WITHOUT: ReadonlySet<string> = new Set([
  "Bidirectional",
  "TimeDistributed",
  "RNN",
  "StackedRNNCells",
  ...RECURRENT,
]);
