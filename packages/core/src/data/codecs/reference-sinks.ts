/**
 * References (class 7): to objects, an address; to regions, a heap object that holds address and selection; and those of
 * HDF5 1.12, which may be either, or point at an attribute.
 */
import { type Address, asAddress, type Sizes } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { FormatError } from "../../errors.ts";
import { dataspaceSelection } from "../../format/selection/dataspace-selection.ts";
import type { AnyData } from "../arrays.ts";
import { AttributeReference, Reference, RegionReference } from "../reference.ts";
import type { HeapReferences } from "../sink.ts";
import { ElementSink } from "./element-sink.ts";
import { HeapList, heapAddress } from "./heap-list.ts";

/** Values by element, in `out` from `base` on; `nothing` where no reference was set. */
abstract class ReferenceSink<R extends Reference> extends ElementSink {
  readonly elementSize: number;
  protected readonly sizes: Sizes;
  protected readonly out: R[];
  protected readonly base: number;
  private readonly nothing: R;

  constructor(size: number, sizes: Sizes, count: number, out: R[], base: number, nothing: R) {
    super();
    this.elementSize = size;
    this.sizes = sizes;
    this.out = out.fill(nothing, base, base + count);
    this.base = base;
    this.nothing = nothing;
  }

  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void {
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    for (let i = 0; i < count; i++, at += stride) this.one(view, at, this.base + index + i);
  }

  /** Takes the element at `at` of the view, for place `slot` of `out`. */
  protected abstract one(view: DataView, at: number, slot: number): void;

  clear(index: number, count: number): void {
    this.out.fill(this.nothing, this.base + index, this.base + index + count);
  }

  finish(): HeapReferences | undefined {
    return undefined;
  }

  result(): AnyData {
    return this.out;
  }

  slice(start: number, end: number): AnyData {
    return this.out.slice(this.base + start, this.base + end);
  }
}

/** To objects, in the old form. */
export class ObjectReferenceSink extends ReferenceSink<Reference> {
  constructor(size: number, sizes: Sizes, count: number, out: Reference[], base: number) {
    super(size, sizes, count, out, base, new Reference(null));
  }

  protected one(view: DataView, at: number, slot: number): void {
    const { offsets } = this.sizes;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, offsets);
    const address = bytes.every((byte) => byte === 0xff) ? undefined : heapAddress(view, at, this.sizes);
    if (address !== undefined) this.out[slot] = new Reference(asAddress(address));
  }
}

/** Sinks whose values, or some of them, stand in heap objects. */
abstract class HeapReferenceSink<R extends Reference> extends ReferenceSink<R> {
  protected readonly list: HeapList = new HeapList();
  private asked = false;

  override finish(): HeapReferences | undefined {
    if (this.asked) return undefined;
    this.asked = true;
    return this.list.references((i, block, offset, length) => {
      this.out[this.list.slot(i)] = this.decode(block, offset, length, i);
    });
  }

  protected abstract decode(block: Uint8Array, offset: number, length: number, i: number): R;
}

/** To regions, in the old form: the element is the address and index of a heap object. */
export class RegionReferenceSink extends HeapReferenceSink<RegionReference> {
  constructor(size: number, sizes: Sizes, count: number, out: RegionReference[], base: number) {
    super(size, sizes, count, out, base, new RegionReference(null, { kind: "none" }));
  }

  protected one(view: DataView, at: number, slot: number): void {
    const { offsets } = this.sizes;
    const address = heapAddress(view, at, this.sizes);
    if (address === undefined) return;
    this.list.reserve(1);
    this.list.add(address, view.getUint32(at + offsets, true), slot, 0);
  }

  protected decode(block: Uint8Array, offset: number, length: number): RegionReference {
    const from = new Decoder(block, this.sizes, "Dataset region reference", 0, offset, offset + length);
    const address = from.address();
    return new RegionReference(address, dataspaceSelection(from));
  }
}

const OBJECT = 2;
const REGION = 3;
const ATTRIBUTE = 4;
const EXTERNAL = 0x01;
/** Type and flags, which stand before all else. */
const HEAD = 2;

/**
 * References of HDF5 1.12: type, flags; then of objects in this file length and bytes of the token, of all others the
 * size, address and index of a heap object that begins with the token.
 */
export class AnyReferenceSink extends HeapReferenceSink<Reference> {
  /** Type and flags of each element in the list. */
  private readonly heads: number[] = [];

  constructor(size: number, sizes: Sizes, count: number, out: Reference[], base: number) {
    super(size, sizes, count, out, base, new Reference(null));
  }

  protected one(view: DataView, at: number, slot: number): void {
    const type = view.getUint8(at);
    const flags = view.getUint8(at + 1);
    if (type === 0) return;
    if (type !== OBJECT && type !== REGION && type !== ATTRIBUTE) throw unknownType(type);
    if (type === OBJECT && (flags & EXTERNAL) === 0) {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at + HEAD, this.elementSize - HEAD);
      this.out[slot] = new Reference(token(new Decoder(bytes, this.sizes, "Reference")));
      return;
    }
    const { offsets } = this.sizes;
    const address = heapAddress(view, at + HEAD + 4, this.sizes);
    if (address === undefined) return;
    this.heads.push(type | (flags << 8));
    this.list.reserve(1);
    this.list.add(address, view.getUint32(at + HEAD + 4 + offsets, true), slot, 0);
  }

  protected decode(block: Uint8Array, offset: number, length: number, i: number): Reference {
    const from = new Decoder(block, this.sizes, "Reference", 0, offset, offset + length);
    const type = this.heads[i] & 0xff;
    const address = token(from);
    const file = ((this.heads[i] >> 8) & EXTERNAL) !== 0 ? from.text(undefined, from.u16()) : undefined;
    if (type === OBJECT) return new Reference(address, file);
    if (type === ATTRIBUTE) return new AttributeReference(address, from.text(undefined, from.u16()), file);
    const size = from.u32();
    // Its rank, which the selection gives too.
    from.u32();
    return new RegionReference(address, dataspaceSelection(from.sub(size, "Reference")), file);
  }
}

/** An object's token: in files of this format its address. */
function token(from: Decoder): Address | null {
  const size = from.u8();
  if (size === 0 || size > 8) from.fail("has a token of a wrong size", size, "1 to 8 bytes");
  const address = size === from.sizes.offsets ? from.address() : asAddress(from.uint(undefined, size));
  return address === 0 ? null : address;
}

function unknownType(found: number): FormatError {
  return new FormatError("has an unknown type", { structure: "Reference", found, allowed: "0, 2, 3, 4" });
}
