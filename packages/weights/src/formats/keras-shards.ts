/** A store of Keras 3 in several files, with an index that names the file of each group; and `tf_model.h5` in shards. */
import { type Dataset, FormatError, type H5File, open } from "h5ts";
import { storageOf } from "../byte-source.ts";
import { datasetTensor } from "../hdf5-tensor.ts";
import type { ModelFile, Siblings, StoredTensor } from "../model-file.ts";
import { storeTensors } from "./keras-store.ts";

/** Tensors shard by shard, in the order in which the index names the shards. */
export async function openKerasShards(
  weightMap: Readonly<Record<string, unknown>>,
  siblings: Siblings,
  signal?: AbortSignal,
): Promise<ModelFile> {
  const names = [...new Set(Object.values(weightMap).flat())].map(String);
  const files: H5File<"async">[] = [];
  const close = async (): Promise<void> => void (await Promise.all(files.map((file) => file.close())));
  try {
    const tensors: StoredTensor[] = [];
    for (const name of names) {
      const file = await open(storageOf(await siblings(name)), "r", { links: "none", signal });
      files.push(file);
      tensors.push(...(await shardTensors(file, name, weightMap)));
    }
    return { format: "keras3-h5", tensors, metadata: {}, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Weights of one shard, in the order of the index: of groups of the store all variables, else a dataset each. */
async function shardTensors(
  file: H5File<"async">,
  shard: string,
  weightMap: Readonly<Record<string, unknown>>,
): Promise<StoredTensor[]> {
  const tensors: StoredTensor[] = [];
  for (const [path, names] of Object.entries(weightMap)) {
    if (![names].flat().includes(shard)) continue;
    const object = await file.get(path);
    if (object?.kind === "group") tensors.push(...(await storeTensors(object, path.split("/").filter(Boolean))));
    else if (object?.kind === "dataset")
      tensors.push(await datasetTensor(object as Dataset<"async">, { name: path, group: "model" }));
    else throw new FormatError("lacks what the index says it has", { structure: "Shard", path: shard, found: path });
  }
  return tensors;
}
