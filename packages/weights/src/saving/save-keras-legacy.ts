/** Writes Keras's `.h5`: a group for each layer, whose attributes name its weights in their order; with the model where it is known. */
import { dtype, FormatError, type Group, type H5File, type Source } from "h5ts";
import type { StoredTensor } from "../model-file.ts";
import { escaped, isName, type Place, Places } from "./hdf5-places.ts";
import { TensorWriter } from "./hdf5-tensors.ts";
import { textBytes } from "./output-file.ts";
import { withNewFile } from "./save-state-dict.ts";
import type { ModelToSave, SaveProgress, SaveWeightsOptions } from "./settings.ts";

/** Bytes of an attribute at most, as Keras has it: below what an object header can hold. */
const MOST_ATTRIBUTE = 64512;
const OWN = "top_level_model_weights";
const OPTIMIZER = "optimizer_weights";

export async function saveKerasLegacy(
  target: Source,
  model: ModelToSave,
  options: SaveWeightsOptions,
  progress: SaveProgress,
): Promise<string[]> {
  await withNewFile(target, {}, async (file) => {
    await describe(file, model);
    const isModel = model.config !== undefined;
    const root = isModel ? await file.createGroup("model_weights") : file;
    if (isModel) await versions(root, model);
    const writer = new TensorWriter(file, "keras", options.dataset ?? {}, progress);
    const optimizer = model.tensors.filter(({ group }) => group === "optimizer");
    const layers = layersOf(model);
    const places = new Places();
    await setTexts(
      root,
      "layer_names",
      layers.filter(({ name }) => name !== OWN).map(({ path }) => path),
    );
    // Groups are made in the order of their names, as Keras makes them.
    for (const layer of [...layers].sort((a, b) => (a.path < b.path ? -1 : 1))) {
      const base = isModel ? ["model_weights"] : [];
      await saveGroup(
        await root.createGroup(layer.path),
        layer.tensors,
        [...base, ...layer.path.split("/")],
        places,
        writer,
      );
    }
    if (optimizer.length > 0)
      await saveGroup(await file.createGroup(OPTIMIZER), optimizer, [OPTIMIZER], places, writer);
    await writer.finish();
  });
  return [];
}

async function describe(file: H5File<"async">, model: ModelToSave): Promise<void> {
  await versions(file, model);
  if (model.config !== undefined) await file.attrs.set("model_config", JSON.stringify(model.config));
  if (model.trainingConfig !== undefined) await file.attrs.set("training_config", JSON.stringify(model.trainingConfig));
}

async function versions(group: Group<"async">, { metadata }: ModelToSave): Promise<void> {
  await group.attrs.set("keras_version", metadata.keras_version ?? "2.15.0");
  await group.attrs.set("backend", metadata.backend ?? "tensorflow");
}

interface Layer {
  readonly name: string;
  readonly path: string;
  readonly tensors: StoredTensor[];
}

/** Layers in the model's order: those that the tensors name, and those of the description that have no weights. */
function layersOf({ tensors, config }: ModelToSave): Layer[] {
  const layers = new Map<string, Layer>();
  const paths = new Set<string>();
  const layer = (name: string): Layer => {
    let found = layers.get(name);
    if (found === undefined) {
      found = { name, path: uniquePath(name, paths), tensors: [] };
      layers.set(name, found);
    }
    return found;
  };
  for (const name of configLayers(config)) layer(name);
  for (const tensor of tensors) if (tensor.group !== "optimizer") layer(layerOf(tensor)).tensors.push(tensor);
  layer(OWN);
  return [...layers.values()];
}

/** A layer's path: its name, where no other layer stands below it or above. */
function uniquePath(name: string, taken: Set<string>): string {
  const natural = name.split("/").every(isName) ? name : escaped(name);
  const clashes = (path: string): boolean =>
    [...prefixes(path)].some((prefix) => taken.has(prefix)) || taken.has(`${path}/`) || path === OPTIMIZER;
  let path = natural;
  for (let i = 0; clashes(path); i++) path = i === 0 ? escaped(name) : `${escaped(name)}~${i}`;
  taken.add(path);
  for (const prefix of prefixes(path)) taken.add(`${prefix}/`);
  return path;
}

function* prefixes(path: string): Generator<string> {
  const parts = path.split("/");
  for (let i = 1; i <= parts.length; i++) yield parts.slice(0, i).join("/");
}

/** Names of the layers of a model's description; none where it is not known. */
function configLayers(config: unknown): string[] {
  const inner = (config as { config?: unknown } | undefined)?.config;
  const list = Array.isArray(inner) ? inner : (inner as { layers?: unknown } | undefined)?.layers;
  if (!Array.isArray(list)) return [];
  return list.flatMap((layer: { name?: unknown; config?: { name?: unknown } }) => {
    const name = layer.config?.name ?? layer.name;
    return typeof name === "string" ? [name] : [];
  });
}

/** The layer that a tensor says it belongs to; else what stands before the last part of its name. */
export function layerOf({ name, layer }: StoredTensor): string {
  if (layer !== undefined) return layer;
  const slash = name.indexOf("/");
  if (slash > 0) return name.slice(0, slash);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(0, dot) : name;
}

async function saveGroup(
  group: Group<"async">,
  tensors: readonly StoredTensor[],
  base: readonly string[],
  places: Places,
  writer: TensorWriter,
): Promise<void> {
  const all = tensors.map(({ name }): Place => places.take([...base, ...name.split("/")], base.length));
  const above = base.join("/").length + 1;
  await setTexts(
    group,
    "weight_names",
    all.map(({ path }) => path.slice(above)),
  );
  for (const [i, tensor] of tensors.entries()) await writer.make(tensor, all[i]);
}

/** A list of texts as an attribute, or as several with numbers behind the name where one would be too long. */
async function setTexts(group: Group<"async">, name: string, texts: readonly string[]): Promise<void> {
  if (texts.length === 0) {
    await group.attrs.set(name, new Float64Array(0));
    return;
  }
  const length = Math.max(1, ...texts.map((text) => textBytes(text).length));
  if (length > MOST_ATTRIBUTE)
    throw new FormatError("has a name that is too long for Keras", {
      structure: `Keras ${name}`,
      found: length,
      allowed: `at most ${MOST_ATTRIBUTE} bytes`,
    });
  const type = dtype.string({ length });
  const pieces = piecesFor(texts.length, length);
  if (pieces === 1) return group.attrs.create(name, texts, { dtype: type });
  for (const [i, piece] of split(texts, pieces).entries())
    await group.attrs.create(`${name}${i}`, piece, { dtype: type });
}

/** As few pieces as there can be, when they are nearly equal. */
function piecesFor(count: number, length: number): number {
  let pieces = 1;
  while (Math.ceil(count / pieces) * length > MOST_ATTRIBUTE) pieces++;
  return pieces;
}

/** NumPy's `array_split`: the first pieces are one longer where it does not divide. */
function split<T>(list: readonly T[], pieces: number): T[][] {
  const size = Math.floor(list.length / pieces);
  const longer = list.length % pieces;
  return Array.from({ length: pieces }, (_, i) => {
    const at = i * size + Math.min(i, longer);
    return list.slice(at, at + size + (i < longer ? 1 : 0));
  });
}
