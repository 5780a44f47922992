/** Writes a state dict as an HDF5 file: a dataset for each tensor, in the model's order. */
import { type H5File, open, type Source } from "h5ts";
import { type Place, Places } from "./hdf5-places.ts";
import { TensorWriter } from "./hdf5-tensors.ts";
import type { ModelToSave, SaveProgress, SaveWeightsOptions } from "./settings.ts";

export async function saveStateDict(
  target: Source,
  model: ModelToSave,
  options: SaveWeightsOptions,
  progress: SaveProgress,
): Promise<string[]> {
  const places = new Places();
  const all = model.tensors.map(({ name }) => placeOf(places, name, options.nested === true));
  await withNewFile(target, { trackOrder: true }, async (file) => {
    for (const [name, value] of Object.entries(model.metadata)) await file.attrs.set(name, value);
    const groups = new Set<string>();
    const writer = new TensorWriter(file, "state-dict", options.dataset ?? {}, progress);
    for (const [i, tensor] of model.tensors.entries()) {
      await makeGroups(file, all[i], groups);
      await writer.make(tensor, all[i]);
    }
    await writer.finish();
  });
  return [];
}

const placeOf = (places: Places, name: string, nested: boolean): Place =>
  places.take(nested ? name.split(".") : [name]);

/** Groups on the way, which keep the order in which their members are made. */
async function makeGroups(file: H5File<"async">, { path }: Place, made: Set<string>): Promise<void> {
  const parts = path.split("/");
  for (let i = 1; i < parts.length; i++) {
    const group = parts.slice(0, i).join("/");
    if (made.has(group)) continue;
    made.add(group);
    await file.createGroup(group, { trackOrder: true });
  }
}

/** Makes an HDF5 file, hands it to `use`, and closes it, whatever happens. */
export async function withNewFile(
  target: Source,
  options: { readonly trackOrder?: boolean },
  use: (file: H5File<"async">) => Promise<void>,
): Promise<void> {
  const file = await open(target, "w", { ...options, workers: false });
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
