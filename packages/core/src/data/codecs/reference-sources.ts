/** References (class 7), the way back of reference-sinks.ts. */
import type { Sizes } from "../../bytes/address.ts";
import { Encoder } from "../../bytes/encoder.ts";
import { encodeText } from "../../bytes/text.ts";
import { dataspaceSelection } from "../../format/selection/dataspace-selection.ts";
import { AttributeReference, type Reference, RegionReference } from "../reference.ts";
import type { Source } from "../source.ts";
import { HeapSource } from "./heap-source.ts";

/** To regions, in the old form. */
export class RegionReferenceSource extends HeapSource {
  private readonly data: readonly RegionReference[];

  constructor(elementSize: number, sizes: Sizes, data: readonly RegionReference[]) {
    super(elementSize, sizes, data.length);
    this.data = data;
  }

  protected hasObject(i: number): boolean {
    return this.data[i].address !== null;
  }

  protected object(i: number): Uint8Array {
    const { address, selection } = this.data[i];
    const encoder = new Encoder(this.sizes);
    encoder.address(address);
    dataspaceSelection(encoder, selection);
    return encoder.finish();
  }

  protected writeHead(): number {
    return 0;
  }
}

const OBJECT = 2;
const REGION = 3;
const ATTRIBUTE = 4;
const EXTERNAL = 0x01;

/** References of HDF5 1.12. */
export class AnyReferenceSource extends HeapSource {
  private readonly data: readonly Reference[];
  private readonly lengths: Uint32Array;

  constructor(elementSize: number, sizes: Sizes, data: readonly Reference[]) {
    super(elementSize, sizes, data.length);
    this.data = data;
    this.lengths = new Uint32Array(data.length);
  }

  private type(i: number): number {
    const reference = this.data[i];
    if (reference instanceof RegionReference) return REGION;
    return reference instanceof AttributeReference ? ATTRIBUTE : OBJECT;
  }

  protected hasObject(i: number): boolean {
    const { address, file } = this.data[i];
    return address !== null && (this.type(i) !== OBJECT || file !== undefined);
  }

  protected object(i: number): Uint8Array {
    const reference = this.data[i];
    const encoder = new Encoder(this.sizes);
    this.writeToken(encoder, reference);
    if (reference.file !== undefined) writeText(encoder, reference.file);
    if (reference instanceof RegionReference) {
      const inside = new Encoder(this.sizes);
      const { selection } = reference;
      dataspaceSelection(inside, selection);
      encoder.u32(inside.position);
      encoder.u32("rank" in selection ? selection.rank : 1);
      dataspaceSelection(encoder, selection);
    } else if (reference instanceof AttributeReference) {
      writeText(encoder, reference.attribute);
    }
    this.lengths[i] = encoder.position;
    return encoder.finish();
  }

  private writeToken(encoder: Encoder, reference: Reference): void {
    encoder.u8(this.sizes.offsets);
    encoder.address(reference.address);
  }

  protected writeHead(i: number, view: DataView, at: number): number {
    const reference = this.data[i];
    if (reference.address === null) return -1;
    view.setUint8(at, this.type(i));
    view.setUint8(at + 1, reference.file === undefined ? 0 : EXTERNAL);
    if (!this.hasObject(i)) {
      const encoder = new Encoder(this.sizes);
      this.writeToken(encoder, reference);
      new Uint8Array(view.buffer, view.byteOffset).set(encoder.finish(), at + 2);
      return -1;
    }
    view.setUint32(at + 2, this.lengths[i], true);
    return 6;
  }
}

function writeText(encoder: Encoder, text: string): void {
  const bytes = encodeText(text);
  encoder.u16(bytes.length);
  encoder.bytes(bytes, bytes.length);
}

/** To objects, in the old form: the address. */
export class ObjectReferenceSource implements Source {
  readonly elementSize: number;
  private readonly sizes: Sizes;
  private readonly data: readonly Reference[];

  constructor(elementSize: number, sizes: Sizes, data: readonly Reference[]) {
    this.elementSize = elementSize;
    this.sizes = sizes;
    this.data = data;
  }

  prepare(): undefined {}

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    for (let i = index; i < index + count; i++, at += stride) {
      target.fill(0, at, at + this.elementSize);
      const { address } = this.data[i];
      if (address === null) continue;
      const encoder = new Encoder(this.sizes, this.sizes.offsets);
      encoder.address(address);
      target.set(encoder.finish(), at);
    }
  }
}
