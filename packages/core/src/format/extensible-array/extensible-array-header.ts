/** Extensible array header (HDF5 File Format Specification, section VII.D). Pointed at by the data layout message, version 4 and up. */
import type { Address } from "../../bytes/address.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import type { Fields } from "../../bytes/fields.ts";
import { checkElementForm, type ElementForm } from "../chunk-element/chunk-elements.ts";
import type { Structure } from "../structure.ts";

export interface ExtensibleArrayHeader extends ElementForm {
  /** The array may have up to 2^maxBits elements. */
  readonly maxBits: number;
  /** Elements in the index block itself. */
  readonly indexElements: number;
  /** Elements of the smallest data block; a power of 2. */
  readonly minElements: number;
  /** Data blocks that a super block has at least; a power of 2. */
  readonly minPointers: number;
  /** A data block of more than 2^pageBits elements is stored in pages of that many. */
  readonly pageBits: number;
  readonly superBlocks: number;
  readonly superBlockBytes: number;
  readonly dataBlocks: number;
  readonly dataBlockBytes: number;
  /** One more than the highest index that was set. */
  readonly maxIndexSet: number;
  /** Elements that have room in the blocks so far. */
  readonly elements: number;
  /** `null`: no element was set yet. */
  readonly indexBlock: Address | null;
}

export function extensibleArrayHeader(f: Fields, v?: ExtensibleArrayHeader): ExtensibleArrayHeader {
  f.signature("EAHD");
  const version = f.u8(0);
  if (version !== 0) f.fail("has an unknown version", version, "0");
  const client = f.u8(v?.client);
  const elementSize = f.u8(v?.elementSize);
  checkElementForm(f, { client, elementSize });
  const form = {
    maxBits: f.u8(v?.maxBits),
    indexElements: f.u8(v?.indexElements),
    minElements: f.u8(v?.minElements),
    minPointers: f.u8(v?.minPointers),
    pageBits: f.u8(v?.pageBits),
  };
  checkForm(f, form);
  const statistics = {
    superBlocks: f.length(v?.superBlocks),
    superBlockBytes: f.length(v?.superBlockBytes),
    dataBlocks: f.length(v?.dataBlocks),
    dataBlockBytes: f.length(v?.dataBlockBytes),
    maxIndexSet: f.length(v?.maxIndexSet),
    elements: f.length(v?.elements),
  };
  const indexBlock = f.address(v?.indexBlock);
  f.checksum();
  return { client, elementSize, ...form, ...statistics, indexBlock };
}

const isPowerOf2 = (value: number): boolean => value > 0 && (value & (value - 1)) === 0;

function checkForm(
  f: Fields,
  v: Pick<ExtensibleArrayHeader, "maxBits" | "minElements" | "minPointers" | "pageBits">,
): void {
  if (v.maxBits === 0 || v.maxBits > 64) f.fail("has a wrong width of its indices", v.maxBits, "1 to 64");
  if (!isPowerOf2(v.minElements)) f.fail("has data blocks of a wrong size", v.minElements, "a power of 2");
  if (!isPowerOf2(v.minPointers) || v.minPointers < 2)
    f.fail("has a wrong number of data block pointers", v.minPointers, "a power of 2, at least 2");
  if (2 ** v.maxBits < v.minElements) f.fail("has data blocks larger than itself", v.minElements);
  if (v.pageBits > v.maxBits || 2 ** v.pageBits < v.minElements)
    f.fail("has pages of a wrong size", `2^${v.pageBits} elements`, `${v.minElements} to 2^${v.maxBits}`);
}

export const EXTENSIBLE_ARRAY_HEADER: Structure<ExtensibleArrayHeader> = {
  title: "Extensible array header",
  guess: () => 72,
  extent: (head) => 16 + 6 * head.sizes.lengths + head.sizes.offsets,
  decode: (from: Decoder) => extensibleArrayHeader(from),
};
