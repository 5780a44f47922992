/**
 * Zfp streams, both ways: the twin of src/codecs/zfp/decode.ts and encode.ts, compiled to WebAssembly by
 * scripts/build-kernels.ts. Blocks are integers of 32 bits (`i32`) or 64 (`i64`).
 *
 * Behind the input there are 64 bytes of zeros, and behind the output 8 KB that may be read or written: a block is that
 * long at most.
 */
import { decodeField } from "./zfp/decode";
import { encodeField } from "./zfp/encode";
import { ORDER } from "./zfp/field";

export { field, mode } from "./zfp/field";

/** Where memory is free. */
export function heap(): usize {
  return __heap_base;
}

export function order(): usize {
  return ORDER;
}

/** Decodes `length` bytes at `input` to the field at `output`; gives 0, or an error below 0. */
export function decode32(input: usize, length: usize, output: usize): i32 {
  return decodeField<i32>(input, length, output);
}

export function decode64(input: usize, length: usize, output: usize): i32 {
  return decodeField<i64>(input, length, output);
}

/** Encodes the field at `input` to `output`; gives the bytes written, a multiple of 8. */
export function encode32(input: usize, output: usize): i32 {
  return encodeField<i32>(input, output);
}

export function encode64(input: usize, output: usize): i32 {
  return encodeField<i64>(input, output);
}
