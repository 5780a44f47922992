/** Finding the dataset that a mapping names. */
import type { Address, DatasetInfo, Steps, VirtualFile } from "@h5ts/core";
import { NotFoundError } from "@h5ts/core";

/** Where a source stands. */
export interface OpenSource {
  readonly file: VirtualFile;
  readonly address: Address;
}

/** Keeps in `known` what stays true. `undefined` where file or dataset do not exist. PolicyError: the file may not be opened. */
export function* openSource(
  known: Map<string, OpenSource>,
  from: VirtualFile,
  file: string,
  dataset: string,
): Steps<OpenSource | undefined> {
  const key = `${file}\0${dataset}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const other = file === "." ? from : yield* from.source(file);
  const located = other && (yield* other.resolve(other.info.root, dataset));
  if (located === undefined) return undefined;
  // Readers that files lead to are of the kind that they are.
  const found = { file: located.reader as VirtualFile, address: located.address };
  // What may be moved or deleted is looked up each time.
  if (!found.file.changing && !from.changing) known.set(key, found);
  return found;
}

/** NotFoundError where there is something else than a dataset. */
export function* storedDataset({ file, address }: OpenSource): Steps<DatasetInfo> {
  const info = yield* file.stored(address);
  if (info.kind === "dataset") return info;
  throw new NotFoundError("is mapped as a source, but no dataset", { address, found: info.kind, allowed: "dataset" });
}
