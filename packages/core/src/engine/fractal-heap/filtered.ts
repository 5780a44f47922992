/** Undoing the filters of a fractal heap's blocks and huge objects. */
import type { Codec } from "@h5ts/filters";
import type { Address } from "../../bytes/address.ts";
import { FilterError } from "../../errors.ts";
import type { FilterDescription, FilterPipeline } from "../../format/messages/filter-pipeline.ts";
import { perform, type Steps } from "../../steps/steps.ts";
import { withinLimit } from "../limits.ts";
import type { MetadataFile } from "../metadata-file.ts";

/** The `size` bytes that `stored` was before the filters; `mask` has a bit for each that was skipped. */
export function* unfiltered(
  file: MetadataFile,
  pipeline: FilterPipeline,
  stored: Uint8Array,
  mask: number,
  size: number,
  address: Address,
): Steps<Uint8Array> {
  withinLimit(file.limits, "chunkBytes", size, "Fractal heap");
  let bytes = stored;
  for (let i = pipeline.filters.length - 1; i >= 0; i--) {
    if ((mask & (1 << i)) !== 0) continue;
    const filter = pipeline.filters[i];
    const codec = yield* codecOf(file, filter, address);
    try {
      bytes = codec.decode(bytes, filter.clientData, i === 0 ? { exact: size, max: size } : { max: size * 2 + 4096 });
    } catch (cause) {
      throw failed(filter, address, "failed on a block of a fractal heap", cause);
    }
  }
  if (bytes.length === size) return bytes === stored ? bytes.slice() : bytes;
  throw new FilterError("gave another number of bytes than the block has", {
    structure: "Fractal heap",
    address,
    found: bytes.length,
    allowed: String(size),
  });
}

function* codecOf(file: MetadataFile, description: FilterDescription, address: Address): Steps<Codec> {
  const filter = file.filters.get(description.id);
  if (filter === undefined) throw failed(description, address, "is not known here");
  if (filter.codec !== undefined) return filter.codec;
  const codec = yield* perform(
    () => filter.loadSync?.(),
    () => filter.load(),
  );
  if (codec === undefined) throw failed(description, address, "must be loaded before it is used synchronously");
  return codec;
}

function failed({ id, name }: FilterDescription, address: Address, reason: string, cause?: unknown): FilterError {
  return new FilterError(`filter ${id} ${JSON.stringify(name)} ${reason}`, {
    structure: "Fractal heap",
    address,
    cause,
  });
}
