/**
 * Elements of chunk indexes: where chunks stand (HDF5 File Format Specification, sections VII.C and VII.D "Fixed Array
 * Index", "Extensible Array Index": data block elements). In the data blocks and pages of fixed arrays, and in the
 * index blocks, data blocks and pages of extensible arrays.
 *
 * Kept as flat arrays: a large dataset has a million of them.
 */
import { asAddress, type Sizes } from "../../bytes/address.ts";
import type { Fields } from "../../bytes/fields.ts";

export interface ChunkElements {
  /** Address of each chunk; {@link ABSENT} where it is not stored. */
  readonly addresses: Float64Array;
  /** Stored bytes of each chunk; only of filtered datasets. */
  readonly sizes?: Float64Array;
  /** Filter mask of each chunk; only of filtered datasets. */
  readonly masks?: Uint32Array;
}

/** Stands for the undefined address in flat arrays. */
export const ABSENT = -1;

/** How an element is stored, which the array's header says. */
export interface ElementForm {
  /** "Client ID": 0 for chunks without filters, 1 for filtered ones. */
  readonly client: number;
  /** Bytes of an element. */
  readonly elementSize: number;
}

/** Address and mask of a filtered chunk; between them the size takes the rest of the element. */
const MASK_BYTES = 4;

/** Bytes of a stored chunk's size: from the chunk's bytes up to layout version 4; a length from version 5 on, for filters that expand. */
export function chunkSizeWidth(layoutVersion: number, chunkBytes: number, sizes: Sizes): number {
  if (layoutVersion >= 5) return sizes.lengths;
  return Math.min(8, 1 + Math.floor((Math.floor(Math.log2(chunkBytes)) + 8) / 8));
}

/** Whether elements of this form can be what they say; a FormatError otherwise. */
export function checkElementForm(f: Fields, form: ElementForm): void {
  if (form.client > 1) f.fail("belongs to an unknown client", form.client, "0 or 1");
  const width = form.elementSize - f.sizes.offsets - (form.client === 1 ? MASK_BYTES : 0);
  if (form.client === 0 && width !== 0) f.fail("has elements of a wrong size", form.elementSize, `${f.sizes.offsets}`);
  if (form.client === 1 && (width < 1 || width > 8))
    f.fail("has elements of a wrong size", form.elementSize, `${f.sizes.offsets + 5} to ${f.sizes.offsets + 12}`);
}

/** `count` elements. */
export function chunkElements(
  f: Fields,
  v: ChunkElements | undefined,
  count: number,
  form: ElementForm,
): ChunkElements {
  if (count * form.elementSize > f.remaining)
    f.fail("has more elements than bytes", count, `${f.remaining} bytes left`);
  const addresses = v?.addresses ?? new Float64Array(count);
  if (form.client === 0) {
    for (let i = 0; i < count; i++) addresses[i] = address(f, v?.addresses[i]);
    return { addresses };
  }
  const width = form.elementSize - f.sizes.offsets - MASK_BYTES;
  const sizes = v?.sizes ?? new Float64Array(count);
  const masks = v?.masks ?? new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    addresses[i] = address(f, v?.addresses[i]);
    sizes[i] = f.uint(v?.sizes?.[i], width);
    masks[i] = f.u32(v?.masks?.[i]);
  }
  return { addresses, sizes, masks };
}

/** An address that may be undefined, as flat arrays hold it. */
export function address(f: Fields, v: number | undefined): number {
  return f.address(v === undefined ? undefined : v === ABSENT ? null : asAddress(v)) ?? ABSENT;
}
