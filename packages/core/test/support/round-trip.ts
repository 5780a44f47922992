/** What every layout function must keep: what it wrote it reads, in the size it measured, and no truncation passes. */
import { expect } from "vitest";
import { DEFAULT_SIZES, type Sizes } from "../../src/bytes/address.ts";
import { Decoder } from "../../src/bytes/decoder.ts";
import { Encoder } from "../../src/bytes/encoder.ts";
import type { Layout } from "../../src/bytes/fields.ts";
import { sizeOf } from "../../src/bytes/sizer.ts";
import { isH5Error } from "../../src/errors.ts";

/** The bytes that `layout` writes for `value`. */
export function encoded<T, C>(layout: Layout<T, C>, value: T, sizes: Sizes = DEFAULT_SIZES, context?: C): Uint8Array {
  const encoder = new Encoder(sizes, 1);
  layout(encoder, value, context);
  return encoder.finish();
}

/** What `layout` reads from bytes. */
export function decoded<T, C>(layout: Layout<T, C>, bytes: Uint8Array, sizes: Sizes = DEFAULT_SIZES, context?: C): T {
  return layout(new Decoder(bytes, sizes, "test structure"), undefined, context);
}

/** Writes, measures and reads `value`; cuts the bytes short at every length up to 64 and at some beyond. */
export function roundTrips<T, C>(layout: Layout<T, C>, value: T, sizes: Sizes = DEFAULT_SIZES, context?: C): void {
  const bytes = encoded(layout, value, sizes, context);
  expect(bytes.length).toBe(sizeOf(layout, value, sizes, context));
  expect(decoded(layout, bytes, sizes, context)).toEqual(value);
  for (let cut = 0; cut < bytes.length; cut += cut < 64 ? 1 : 97) {
    let thrown: unknown;
    try {
      decoded(layout, bytes.subarray(0, cut), sizes, context);
    } catch (error) {
      thrown = error;
    }
    expect(isH5Error(thrown, "FormatError"), `cut to ${cut} of ${bytes.length} bytes`).toBe(true);
  }
}
