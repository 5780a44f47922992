/** Checksums of the elements of a dataset. */
import { type AnyData, type Dataset, type FileDatatype, type H5File, type Mode, Reference } from "h5ts";
import { type Block, blocksOf } from "./blocks.ts";
import { isCanonical } from "./canonical-bytes.ts";
import { CanonicalOut } from "./canonical-out.ts";
import { dataEncoder, encodedSize, type Reading, Shapes } from "./canonical-values.ts";
import { canonicalSize, hasRegions, memorySize } from "./element-sizes.ts";
import type { ValueDigest } from "./schema.ts";
import { ValueHasher } from "./value-hasher.ts";

/** Decoded bytes from which on the schema wants no checksum. */
const LARGEST = 64 * 2 ** 20;
/** Bytes of elements that are in memory at once. */
const BLOCK = 8 * 2 ** 20;

/** How digests are made. */
export interface DigestOptions {
  /** Through values instead of the file's own bytes: tests compare the two. */
  readonly values?: boolean;
  /** Called with the bytes of elements that are done. */
  readonly progress?: (bytes: number) => void;
}

export const isTooLarge = (type: FileDatatype, count: number): boolean =>
  count * Math.max(type.size, memorySize(type), canonicalSize(type)) > LARGEST;

/** The checksum of all elements of a dataset; `{ skip }` where they are too large for one. */
export async function digestElements(dataset: Dataset<Mode>, options: DigestOptions): Promise<ValueDigest> {
  const { datatype } = dataset.dtype;
  const hasher = new ValueHasher();
  if (isTooLarge(datatype, dataset.size)) return { skip: "too_large" };
  if (dataset.size === 0) {
    // A virtual dataset may be larger than its header says.
    if (dataset.isVirtual) await dataset.read();
    return hasher.result();
  }
  const reading: Reading = { bytes: options.values !== true && !hasRegions(datatype), shapes: new Shapes() };
  const view = reading.bytes ? dataset.asBytes() : dataset;
  const most = Math.max(1, Math.floor(BLOCK / encodedSize(datatype)));
  const out = new CanonicalOut();
  for (const block of blocksOf(dataset.shape, most, dataset.chunks)) {
    const { data } = await view.read([...block.selection]);
    hasher.update(await encodeBlock(dataset.file, datatype, data, block, reading, out));
    options.progress?.(block.count * datatype.size);
  }
  return hasher.result();
}

async function encodeBlock(
  file: H5File<Mode>,
  type: FileDatatype,
  data: AnyData,
  { count }: Pick<Block, "count">,
  reading: Reading,
  out: CanonicalOut,
): Promise<Uint8Array> {
  if (reading.bytes && isCanonical(type)) return data as Uint8Array;
  return encodeAll(file, type, data, count, reading, out);
}

/** The encoding of `count` elements; valid until `out` is used again. */
export async function encodeAll(
  file: H5File<Mode>,
  type: FileDatatype,
  data: AnyData,
  count: number,
  reading: Reading,
  out: CanonicalOut,
): Promise<Uint8Array> {
  const { shapes } = reading;
  const one = dataEncoder(type, data, reading);
  for (;;) {
    out.clear();
    for (let i = 0; i < count; i++) one(out, i);
    if (shapes.missing.size === 0) return out.bytes;
    for (const address of shapes.missing) shapes.known.set(address, await shapeAt(file, address));
    shapes.missing.clear();
  }
}

async function shapeAt(file: H5File<Mode>, address: number): Promise<readonly number[]> {
  const target = await file.get(new Reference(address));
  return target?.kind === "dataset" ? target.shape : [];
}
