/** A PyTorch state dict in an HDF5 file: a dataset for each tensor, with dots in its name or in groups. */
import { type AnyObject, type Group, type H5File, isH5Error } from "h5ts";
import { datasetTensor } from "../hdf5-tensor.ts";
import type { ModelFile, StoredTensor } from "../model-file.ts";

/** Tensors are in the order of creation where the file tracks it, else by name. */
export async function openStateDict(file: H5File<"async">, close: () => Promise<void>): Promise<ModelFile> {
  const tensors: StoredTensor[] = [];
  const metadata: Record<string, string> = {};
  for (const [name, value] of await file.attrs.entries()) if (typeof value === "string") metadata[name] = value;
  await collect(file, "", { tensors, seen: new Map(), groups: new Set() });
  return { format: "hdf5-state-dict", tensors, metadata, close };
}

interface Collected {
  readonly tensors: StoredTensor[];
  /** Names of datasets by their address: several links are one tensor under several names. */
  readonly seen: Map<number, string>;
  readonly groups: Set<number>;
}

async function collect(group: Group<"async">, prefix: string, to: Collected): Promise<void> {
  // A group that holds itself has been seen.
  if (to.groups.has(group.info.address)) return;
  to.groups.add(group.info.address);
  for (const [key, object] of await group.entries()) {
    const name = prefix === "" ? key : `${prefix}.${key}`;
    await add(object, name, to);
  }
}

async function add(object: AnyObject<"async"> | undefined, name: string, to: Collected): Promise<void> {
  if (object?.kind === "group") await collect(object, name, to);
  if (object?.kind !== "dataset") return;
  const first = to.seen.get(object.info.address);
  try {
    const shared = first === undefined ? {} : { sharedWith: first, sameAs: first };
    // Of several links the object's own name is but the first one's.
    const tensor = await datasetTensor(object, { name, ...shared });
    if (first === undefined) to.seen.set(object.info.address, tensor.name);
    to.tensors.push(tensor);
  } catch (error) {
    // Text and tables beside the tensors are no tensors.
    if (!isH5Error(error, "UnsupportedError")) throw error;
  }
}
