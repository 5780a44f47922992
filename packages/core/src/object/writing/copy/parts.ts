/** Parts of a dataset that are read and written at once. */
import type { ChunkInfo, DatasetInfo } from "../../../contract.ts";
import { range } from "../../../data/selection/axis.ts";
import { axes, runs } from "../../../data/selection/make.ts";
import type { Selection } from "../../../data/selection/selection.ts";
import { chunkShape } from "../../chunks.ts";

/** Bytes of a part. */
const PART = 4 << 20;
/** What an element of variable length is taken to cost beside its own bytes. */
const VARIABLE = 64;

/** All elements, in their order. */
export function* parts({ dataspace: { dims }, datatype }: DatasetInfo): IterableIterator<Selection> {
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (dims.length === 0) {
    yield axes([]);
    return;
  }
  const most = Math.max(1, Math.floor(PART / (datatype.size + VARIABLE)));
  for (let from = 0; from < count; from += most) yield runs([from], [Math.min(most, count - from)]);
}

/** The elements of stored chunks. */
export function* chunkParts(info: DatasetInfo, chunks: readonly ChunkInfo[]): IterableIterator<Selection> {
  const shape = chunkShape(info);
  const { dims } = info.dataspace;
  for (const { offset } of chunks) {
    yield axes(offset.map((first, axis) => range(first, Math.min(shape[axis], dims[axis] - first))));
  }
}
