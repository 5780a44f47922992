/** Bytes of a file in the making: structures are put at addresses, in the order in which they are thought of. */
import { type Address, asAddress, DEFAULT_SIZES, type Sizes } from "../../src/bytes/address.ts";
import { Encoder } from "../../src/bytes/encoder.ts";
import type { Fields } from "../../src/bytes/fields.ts";

export class Image {
  readonly sizes: Sizes;
  private readonly parts: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  /** Addresses below are left alone, so that none is 0. */
  private end = 64;

  constructor(sizes: Sizes = DEFAULT_SIZES) {
    this.sizes = sizes;
  }

  /** An address with room behind it. */
  room(length: number): Address {
    const at = this.end;
    this.end += length;
    return asAddress(at);
  }

  /** Puts bytes at an address that was given room. */
  put(at: Address, bytes: Uint8Array): void {
    this.parts.push({ at, bytes: bytes.slice() });
  }

  /** Writes a structure at an address of its own. */
  add(write: (f: Fields) => void): Address {
    const bytes = this.encoded(write);
    const at = this.room(bytes.length);
    this.put(at, bytes);
    return at;
  }

  encoded(write: (f: Fields) => void): Uint8Array {
    const encoder = new Encoder(this.sizes, 1);
    write(encoder);
    return encoder.finish();
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.end);
    for (const { at, bytes } of this.parts) all.set(bytes, at);
    return all;
  }
}
