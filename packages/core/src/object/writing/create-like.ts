/** Datasets that are as others are: h5py's `create_dataset_like`. */
import type { DatasetInfo, GroupInfo } from "../../contract.ts";
import { DType } from "../../data/dtype/dtype.ts";
import type { Steps } from "../../steps/steps.ts";
import { readFillValue } from "../fill-value.ts";
import type { Mode } from "../mode.ts";
import type { Node } from "../session.ts";
import { createDataset } from "./create-objects.ts";
import type { DatasetOptions, FilterSpec } from "./dataset-options.ts";
import type { Edit } from "./edit.ts";

const OPTIONAL = 1;
/** Whose client data say what was asked for in their first words, and describe chunks and elements in the others. */
const ASKED: Readonly<Record<number, (words: readonly number[]) => Pick<FilterSpec, "options">>> = {
  4: ([mask, block]) => ({ options: [(mask & 32) !== 0 ? "nn" : "ec", block] }),
  5: () => ({}),
  6: ([, scale]) => ({ options: scale | 0 }),
  32000: () => ({}),
};

/** The same shape, datatype, chunks, filters and fill value, but for what `options` say. Neither data nor attributes. */
export function* createDatasetLike<M extends Mode>(
  edit: Edit,
  at: Node<M, GroupInfo>,
  path: string | null,
  other: Node<Mode, DatasetInfo>,
  options: DatasetOptions = {},
): Steps<Node<M, DatasetInfo>> {
  other.check?.();
  const { info } = other;
  const { dataspace, layout, attributeOrder, times, fill } = info;
  const grows = dataspace.maxDims.some((most, axis) => most !== dataspace.dims[axis]);
  const like: DatasetOptions = {
    ...(options.data === undefined ? { shape: dataspace.kind === "null" ? null : dataspace.dims } : {}),
    dtype: new DType(info.datatype),
    ...(layout.class === "chunked" ? { chunks: layout.chunk } : {}),
    ...(grows ? { maxShape: dataspace.maxDims.map((most) => (most === Number.POSITIVE_INFINITY ? null : most)) } : {}),
    ...(fill.defined === "user" ? { fillValue: yield* readFillValue(other) } : {}),
    trackTimes: times !== undefined,
    trackOrder: attributeOrder.tracked,
    ...filtersLike(info, options),
  };
  return yield* createDataset(edit, at, path, { ...like, ...options });
}

/** The other's pipeline, unless another is asked for. */
export function filtersLike({ pipeline }: DatasetInfo, options: DatasetOptions): Pick<DatasetOptions, "filters"> {
  const { compression, compressionOpts, shuffle, fletcher32, scaleOffset, filters } = options;
  const asked = [compression, compressionOpts, shuffle, fletcher32, scaleOffset, filters];
  if (pipeline.filters.length === 0 || asked.some((each) => each !== undefined)) return {};
  return {
    filters: pipeline.filters.map(({ id, flags, clientData }) => ({
      filter: id,
      optional: (flags & OPTIONAL) !== 0,
      ...(ASKED[id]?.(clientData) ?? { clientData }),
    })),
  };
}
