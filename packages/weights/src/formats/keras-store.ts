/** The store of Keras 3: groups by attributes of objects, and in them `vars` with numbered datasets. */
import { type Dataset, FormatError, type Group, type H5File } from "h5ts";
import { attributeText } from "../attribute-text.ts";
import { datasetTensor } from "../hdf5-tensor.ts";
import type { ModelFile, StoredTensor } from "../model-file.ts";

/** Groups of a model file that are no part of the model itself. */
const BESIDE = new Set(["optimizer", "metrics", "losses", "loss_tracker", "compile_metrics"]);

/** Opens a `.weights.h5`, or the one within an archive. Depth first, groups by name, variables by their numbers. */
export async function openKerasStore(file: H5File<"async">, close: () => Promise<void>): Promise<ModelFile> {
  return { format: "keras3-h5", tensors: await storeTensors(file), metadata: {}, close };
}

/** All variables of an open store, or of a group of it. */
export async function storeTensors(group: Group<"async">, path: readonly string[] = []): Promise<StoredTensor[]> {
  const tensors: StoredTensor[] = [];
  await collect(group, path, tensors, new Set());
  return tensors;
}

async function collect(
  group: Group<"async">,
  path: readonly string[],
  to: StoredTensor[],
  seen: Set<number>,
): Promise<void> {
  if (seen.has(group.info.address)) return;
  seen.add(group.info.address);
  const isVars = path.at(-1) === "vars";
  const layer = isVars ? await attributeText(group.attrs, "name") : undefined;
  for (const key of ordered(await group.keys(), isVars)) {
    const link = await group.getLink(key);
    if (link?.type !== "hard")
      throw new FormatError("has a link that Keras does not write", {
        structure: "Keras store",
        path: `/${[...path, key].join("/")}`,
        found: link?.type,
      });
    const object = await group.get(key);
    if (object?.kind === "group") await collect(object, [...path, key], to, seen);
    if (object?.kind !== "dataset") continue;
    const name = [...path, key].join("/");
    const kind = BESIDE.has(path[0]) ? path[0] : "model";
    to.push(
      await datasetTensor(object as Dataset<"async">, { name, ...(layer === undefined ? {} : { layer }), group: kind }),
    );
  }
}

/** Names by their bytes; of variables by number: 10 comes after 9. */
function ordered(keys: readonly string[], numbers: boolean): string[] {
  const sorted = [...keys];
  if (numbers && sorted.every((key) => /^\d+$/.test(key))) return sorted.sort((a, b) => Number(a) - Number(b));
  return sorted.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
