/** Finding the dataset that a mapping names. */
import { type Address, type DatasetInfo, NotFoundError, type Steps, type VirtualFile } from "@h5ts/core";

/** Where a source stands. */
export interface OpenSource {
  readonly file: VirtualFile;
  readonly address: Address;
  /** What its header says. */
  readonly info: DatasetInfo;
}

/** Names of a source. */
export interface SourceName {
  readonly file: string;
  readonly dataset: string;
}

export const sourceKey = ({ file, dataset }: SourceName): string => `${file}\0${dataset}`;

/**
 * Looks for a source, and keeps in `known` what stays true. `undefined` where file or dataset do not exist. PolicyError: the file may
 * not be opened; NotFoundError: something else than a dataset has the name.
 */
export function* openSource(
  known: Map<string, OpenSource>,
  from: VirtualFile,
  name: SourceName,
): Steps<OpenSource | undefined> {
  const other = name.file === "." ? from : yield* from.source(name.file);
  const located = other && (yield* other.resolve(other.info.root, name.dataset));
  if (located === undefined) return undefined;
  // Readers that files lead to are of the kind that they are.
  const file = located.reader as VirtualFile;
  const { address } = located;
  const info = yield* file.stored(address);
  if (info.kind !== "dataset")
    throw new NotFoundError("is mapped as a source, but no dataset", { address, found: info.kind, allowed: "dataset" });
  const found = { file, address, info };
  // What may be moved, changed or deleted is looked up each time.
  if (!file.changing && !from.changing) known.set(sourceKey(name), found);
  return found;
}
