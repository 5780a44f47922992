/** Where the inputs of layers come from: Keras 3 describes tensors, TensorFlow.js has Keras 2's lists. */
import { isPlainObject } from "../json.ts";
import type { Json, LayerConfig } from "../keras/layer-config.ts";

/** What layers are called, and where the calls of each begin: of models in Keras 2's count the first is that which made them. */
export type Names = ReadonlyMap<string, { readonly name: string; readonly first: number }>;

/** Whether the inputs of layers are described, as Keras 3 does. */
export const isDescribed = (layers: readonly LayerConfig[]): boolean =>
  layers.some(({ whole }) => Array.isArray(whole.inbound_nodes) && whole.inbound_nodes.some(isPlainObject));

const renamed = (names: Names, [layer, node, tensor]: History): History => {
  const { name, first } = names.get(layer) ?? { name: layer, first: 0 };
  return [name, node + first, tensor];
};

/** A tensor: layer, call of it, and which of its outputs; and what else the call was given. */
type Reference = [layer: string, node: number, tensor: number, kwargs: Json];

/** Calls of a layer, each with its inputs. Problems are added where a call takes what cannot be said. */
export function inboundNodes(layer: LayerConfig, names: Names, problems: string[]): Reference[][] {
  const nodes = layer.whole.inbound_nodes;
  if (!Array.isArray(nodes)) return [];
  return nodes.map((node: unknown) =>
    isPlainObject(node) ? newNode(layer, node, names, problems) : oldNode(node, names),
  );
}

/** Keras 2: a list of tensors, or a single one. */
function oldNode(node: unknown, names: Names): Reference[] {
  if (!Array.isArray(node)) return [];
  const list = typeof node[0] === "string" ? [node] : node;
  return list.map(([name, at, tensor, kwargs]: [string, number, number, unknown]) => {
    return [...renamed(names, [name, at, tensor]), isPlainObject(kwargs) ? kept(kwargs) : {}];
  });
}

function newNode({ name }: LayerConfig, { args, kwargs }: Json, names: Names, problems: string[]): Reference[] {
  const given = isPlainObject(kwargs) ? kept(kwargs) : {};
  const odd = Object.entries(given).find(([, value]) => tensorsIn(value).length > 0);
  if (odd !== undefined) problems.push(`${name}: a tensor as the argument ${odd[0]}`);
  const [first, ...more] = Array.isArray(args) ? args : [];
  if (more.some((value) => value !== null)) problems.push(`${name}: a call with more than one argument`);
  return tensorsIn(first).map((history) => [...renamed(names, history), given]);
}

/** Arguments that mean something to inference. */
function kept(kwargs: Json): Json {
  const entries = Object.entries(kwargs).filter(
    ([key, value]) => value !== null && key !== "mask" && key !== "training",
  );
  return Object.fromEntries(entries);
}

type History = [layer: string, node: number, tensor: number];

function tensorsIn(value: unknown): History[] {
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (!isPlainObject(value)) return [];
  if (value.class_name === "__keras_tensor__" && isPlainObject(value.config))
    return [value.config.keras_history as History];
  return Object.values(value).flatMap(tensorsIn);
}

/** Inputs and outputs of a model, however they are written: one, a list, or by name. */
export function references(value: unknown, names: Names): History[] {
  if (isPlainObject(value)) return Object.values(value).flatMap((one) => references(one, names));
  if (!Array.isArray(value)) return [];
  const [name, node, tensor] = value;
  if (typeof name === "string" && typeof node === "number") return [renamed(names, [name, node, tensor as number])];
  return value.flatMap((one) => references(one, names));
}
