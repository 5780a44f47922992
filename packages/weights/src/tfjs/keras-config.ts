/** The configuration of a TensorFlow.js model as Keras 3 reads it: the other way round of `translateModel`. */
import { isPlainObject } from "../json.ts";
import type { Json } from "../keras/layer-config.ts";

/** All of a configuration, at any depth. */
export function kerasConfig(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kerasConfig);
  if (!isPlainObject(value)) return value;
  const entries = Object.entries(value).map(([key, one]): [string, unknown] => {
    const inner = kerasConfig(one);
    return [
      key,
      WRAPPED.has(key) && isPlainObject(inner) ? { module: "keras.layers", registered_name: null, ...inner } : inner,
    ];
  });
  const object: Json = Object.fromEntries(entries);
  if (object.class_name === "Model") object.class_name = "Functional";
  return Array.isArray(object.layers) ? withCounts(object) : object;
}

/** Layers within layers, whose classes Keras looks up by module. */
const WRAPPED: ReadonlySet<string> = new Set(["layer", "backward_layer", "cell"]);

const MODELS: ReadonlySet<unknown> = new Set(["Sequential", "Functional"]);

/** Calls of models within the model: Keras 3 does not count the one that made them. */
function withCounts(config: Json): Json {
  const layers = config.layers as unknown[];
  const models = new Set(
    layers.flatMap((layer) => {
      if (!isPlainObject(layer) || !MODELS.has(layer.class_name)) return [];
      return [isPlainObject(layer.config) && typeof layer.config.name === "string" ? layer.config.name : layer.name];
    }),
  );
  const counted = (value: unknown): unknown => {
    if (!Array.isArray(value)) return value;
    const [name, node, ...rest] = value;
    if (typeof name === "string" && typeof node === "number")
      return [name, models.has(name) ? node - 1 : node, ...rest];
    return value.map(counted);
  };
  return {
    ...config,
    ...(config.input_layers === undefined ? {} : { input_layers: counted(config.input_layers) }),
    ...(config.output_layers === undefined ? {} : { output_layers: counted(config.output_layers) }),
    layers: layers.map((layer) =>
      isPlainObject(layer) && layer.inbound_nodes !== undefined
        ? { ...layer, inbound_nodes: counted(layer.inbound_nodes) }
        : layer,
    ),
  };
}
