/** The configuration of a Keras model as TensorFlow.js reads it. */
import { LimitError, UnsupportedError } from "h5ts";
import { isPlainObject } from "../json.ts";
import { isModel, type Json, type LayerConfig, layerConfig, layersOf, MOST_DEPTH } from "../keras/layer-config.ts";
import { translateLayer } from "./translate-layer.ts";
import { inboundNodes, isDescribed, type Names, references } from "./translate-nodes.ts";

/** What was found on the way that TensorFlow.js cannot express, by layer. */
type Problems = string[];

/** How deep a model is in others, and what its layers are called so far. */
interface Within {
  readonly depth: number;
  /** Names of all layers of the whole model: TensorFlow.js keeps weights by name alone. */
  readonly taken: Set<string>;
  readonly problems: Problems;
  /** New names of layers of nested models, by their path. */
  readonly renamed: Map<string, string>;
  readonly path: string;
  readonly isKeras3: boolean;
}

export interface Translated {
  /** `{ class_name, config }`, in Keras 2's terms. */
  readonly topology: Json;
  /** Names of layers that had to be changed, by the names of the models around them and their own: `"inner/dense"`. */
  readonly renamed: ReadonlyMap<string, string>;
}

/**
 * Translates a model. UnsupportedError lists every layer, and what it is, that TensorFlow.js does not have or would compute
 * otherwise.
 */
export function translateModel(model: LayerConfig, version: string): Translated {
  const problems: Problems = [];
  const renamed = new Map<string, string>();
  const topology = translated(model, {
    depth: 0,
    taken: new Set(),
    problems,
    renamed,
    path: "",
    isKeras3: /^[3-9]\./.test(version),
  });
  if (problems.length === 0) return { topology, renamed };
  throw new UnsupportedError("uses what TensorFlow.js does not have", {
    structure: "Keras model",
    path: model.name,
    found: problems.join("; "),
  });
}

function translated(model: LayerConfig, within: Within): Json {
  if (within.depth > MOST_DEPTH)
    throw new LimitError("is nested too deeply", { structure: "Keras config", allowed: `${MOST_DEPTH} levels` });
  const own = layersOf(model);
  // Keras 3 does not count the call that made a model within the model.
  const counted = within.isKeras3 || isDescribed(own);
  const names: Names = new Map(
    own.map((layer) => [layer.name, { name: newName(layer.name, within), first: counted && isModel(layer) ? 1 : 0 }]),
  );
  const layers = own.map((layer) => {
    const { name } = names.get(layer.name) as { name: string };
    const config = { ...inner(layer, within), name };
    return { layer, json: { class_name: classOf(layer), config } as Json };
  });
  if (model.className === "Sequential")
    return { class_name: "Sequential", config: { name: model.name, layers: withInput(model, layers) } };
  const all = layers.map(({ layer, json }) => ({
    ...json,
    name: (json.config as Json).name,
    inbound_nodes: inboundNodes(layer, names, within.problems),
  }));
  const ends = {
    input_layers: references(model.config.input_layers, names),
    output_layers: references(model.config.output_layers, names),
  };
  return { class_name: "Model", config: { name: model.name, layers: all, ...ends } };
}

/** The configuration of a layer: of a model within the model that of all its layers. */
function inner(layer: LayerConfig, within: Within): Json {
  if (!isModel(layer)) return translateLayer(layer, within.problems, (one) => wrapped(one, within, layer.name));
  const path = `${within.path}${layer.name}/`;
  return translated(layer, { ...within, depth: within.depth + 1, path }).config as Json;
}

/** A layer within another that is no model: of `TimeDistributed`, of `Bidirectional`. */
function wrapped(value: unknown, within: Within, around: string): Json {
  const layer = layerConfig(value);
  const deeper = { ...within, depth: within.depth + 1, path: `${within.path}${around}/` };
  const config = isModel(layer)
    ? (translated(layer, { ...deeper, path: `${deeper.path}${layer.name}/` }).config as Json)
    : inner(layer, deeper);
  return { class_name: classOf(layer), config: { ...config, name: layer.name.replace(/^(?:forward|backward)_/, "") } };
}

const RENAMED: Readonly<Record<string, string>> = {
  Functional: "Model",
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
  UnifiedGRU: "GRU",
  UnifiedLSTM: "LSTM",
  GRUV2: "GRU",
  LSTMV2: "LSTM",
  GRUV1: "GRU",
  LSTMV1: "LSTM",
};

const classOf = ({ className }: LayerConfig): string =>
  Object.hasOwn(RENAMED, className) ? RENAMED[className] : className;

/** Layers of different models within one may have the same name: the later ones get others. */
function newName(name: string, { taken, renamed, path }: Within): string {
  let found = name;
  for (let i = 1; taken.has(found); i++) found = `${path.replaceAll("/", "_")}${name}${i === 1 ? "" : `_${i}`}`;
  taken.add(found);
  if (found !== name) renamed.set(`${path}${name}`, found);
  return found;
}

interface TranslatedLayer {
  readonly layer: LayerConfig;
  readonly json: Json;
}

/** The first layer says the shape of the input, where no layer stands for it. */
function withInput(model: LayerConfig, layers: readonly TranslatedLayer[]): Json[] {
  const [first, ...rest] = layers.map(({ json }) => json);
  if (first === undefined) return [];
  const config = first.config as Json;
  const known = config.batch_input_shape ?? config.input_shape;
  if (first.class_name === "InputLayer" || (known !== undefined && known !== null)) return [first, ...rest];
  const shape = model.config.build_input_shape ?? buildShape(layers[0].layer);
  if (shape === undefined || shape === null) return [first, ...rest];
  return [{ ...first, config: { ...config, batch_input_shape: shape } }, ...rest];
}

const buildShape = ({ whole }: LayerConfig): unknown =>
  isPlainObject(whole.build_config) ? whole.build_config.input_shape : undefined;
