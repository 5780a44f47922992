/** Copies of datasets that are stored otherwise: in other chunks, with other filters, or none. */
import type { DatasetInfo, NewDataset } from "../../../contract.ts";
import type { Steps } from "../../../steps/steps.ts";
import { filtersLike } from "../create-like.ts";
import type { DatasetOptions } from "../dataset-options.ts";
import { newPipeline } from "../new-pipeline.ts";
import { layoutFor } from "../new-shape.ts";
import type { Copier } from "./copier.ts";
import type { StoredOtherwise } from "./copy-options.ts";

/** What is asked for, with other chunks and filters. Those that `stored` says nothing of stay as they were. */
export function* storedOtherwise(
  copier: Copier,
  info: DatasetInfo,
  asked: NewDataset,
  stored: StoredOtherwise,
): Steps<NewDataset> {
  const { datatype, dataspace } = asked;
  if (info.layout.class === "virtual" || info.external.length > 0 || dataspace.kind !== "simple") return asked;
  const options: DatasetOptions = { ...chunksLike(info), ...filtersLike(info, stored), ...stored };
  const layout = layoutFor(options, dataspace, datatype);
  const chunk = layout.class === "chunked" ? layout.chunk : [];
  const fillValue = asked.fillSource === undefined ? asked.fill.value : null;
  const description = { dims: chunk, type: datatype, ...(fillValue === undefined ? {} : { fillValue }) };
  const filters = layout.class === "chunked" ? yield* newPipeline(copier.edit.filters, options, description) : [];
  const { allocTime } = asked.fill;
  // Space is taken as such a layout usually has it, unless it was to be taken at once.
  const usual = layout.class === "chunked" ? "incremental" : "late";
  return {
    ...asked,
    layout,
    pipeline: { filters },
    fill: { ...asked.fill, allocTime: allocTime === "early" || layout.class === info.layout.class ? allocTime : usual },
  };
}

function chunksLike({ layout, dataspace }: DatasetInfo): DatasetOptions {
  const maxShape = dataspace.maxDims.map((most) => (most === Number.POSITIVE_INFINITY ? null : most));
  const grows = dataspace.maxDims.some((most, axis) => most !== dataspace.dims[axis]);
  return {
    ...(layout.class === "chunked" && { chunks: layout.chunk }),
    ...(grows && { maxShape }),
  };
}

/** Whether a stored chunk of one is a stored chunk of the other, or neither has any. */
export function storedAlike(a: DatasetInfo, b: DatasetInfo): boolean {
  if (a.layout.class !== "chunked" || b.layout.class !== "chunked") return a.layout.class === b.layout.class;
  const filters = ({ pipeline }: DatasetInfo): string =>
    pipeline.filters.map(({ id, clientData }) => `${id}(${clientData.join(" ")})`).join();
  return a.layout.chunk.join() === b.layout.chunk.join() && filters(a) === filters(b);
}
