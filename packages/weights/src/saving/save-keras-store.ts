/** Writes the store of Keras 3: groups by attributes of objects, and in each `vars` with numbered datasets. */
import type { H5File, Source } from "h5ts";
import type { StoredTensor } from "../model-file.ts";
import { isName, type Place, Places } from "./hdf5-places.ts";
import { TensorWriter } from "./hdf5-tensors.ts";
import { layerOf } from "./save-keras-legacy.ts";
import { withNewFile } from "./save-state-dict.ts";
import type { ModelToSave, SaveProgress, SaveWeightsOptions } from "./settings.ts";

/** A name that is a path in the store already. */
const IN_STORE = /^(?:.+\/)?vars\/(?:0|[1-9]\d*)$/;

export async function saveKerasStore(
  target: Source,
  model: ModelToSave,
  options: SaveWeightsOptions,
  progress: SaveProgress,
): Promise<string[]> {
  await withNewFile(target, {}, (file) => fillStore(file, model, options, progress));
  return [];
}

/** Writes all tensors to a store that was made for them. */
export async function fillStore(
  file: H5File<"async">,
  { tensors }: ModelToSave,
  options: SaveWeightsOptions,
  progress: SaveProgress,
): Promise<void> {
  const places = storePlaces(tensors);
  const writer = new TensorWriter(file, "keras", options.dataset ?? {}, progress);
  const named = new Set<string>();
  for (const [i, tensor] of tensors.entries()) {
    await writer.make(tensor, places[i]);
    const vars = places[i].path.slice(0, places[i].path.lastIndexOf("/"));
    if (tensor.layer === undefined || named.has(vars)) continue;
    named.add(vars);
    await (await file.group(vars)).attrs.set("name", tensor.layer);
  }
  await writer.finish();
}

/** Names that are paths of a store stay; others become variables of a layer, numbered, and their names stand beside them. */
function storePlaces(tensors: readonly StoredTensor[]): Place[] {
  const places = new Places();
  const found = new Map<StoredTensor, Place>();
  for (const tensor of tensors) {
    const parts = tensor.name.split("/");
    if (!IN_STORE.test(tensor.name) || !parts.every(isName)) continue;
    const place = places.take(parts);
    if (place.isNatural) found.set(tensor, place);
  }
  const numbers = new Map<string, number>();
  return tensors.map((tensor) => found.get(tensor) ?? numbered(tensor, places, numbers));
}

function numbered(tensor: StoredTensor, places: Places, numbers: Map<string, number>): Place {
  const layer = pathPart(layerOf(tensor));
  for (let i = numbers.get(layer) ?? 0; ; i++) {
    const place = places.take(["layers", layer, "vars", String(i)]);
    numbers.set(layer, i + 1);
    if (place.isNatural) return { path: place.path, isNatural: false };
  }
}

/** Layers of names that cannot stand in a path have others. */
const pathPart = (name: string): string =>
  isName(name) && name !== "vars" ? name : `layer_${[...name].map((sign) => (/\w/.test(sign) ? sign : "_")).join("")}`;
