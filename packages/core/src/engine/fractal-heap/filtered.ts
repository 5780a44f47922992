/** Undoing the filters of a fractal heap's blocks and huge objects. */
import type { Address } from "../../bytes/address.ts";
import type { FilterPipeline } from "../../format/messages/filter-pipeline.ts";
import type { Steps } from "../../steps/steps.ts";
import { openPipeline } from "../dataset/pipeline.ts";
import { withinLimit } from "../limits.ts";
import type { MetadataFile } from "../metadata-file.ts";

/** The `size` bytes that `stored` was before the filters, a copy; `mask` has a bit for each that was skipped. */
export function* unfiltered(
  file: MetadataFile,
  pipeline: FilterPipeline,
  stored: Uint8Array,
  mask: number,
  size: number,
  address: Address,
): Steps<Uint8Array> {
  withinLimit(file.limits, "chunkBytes", size, "Fractal heap");
  const what = { structure: "Fractal heap", address };
  // Filters may wait for their codecs, and the page may go meanwhile.
  const own = stored.slice();
  return (yield* openPipeline(file, pipeline, what)).decode(own, mask, { length: size }, () => what);
}
