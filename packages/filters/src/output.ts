/** Checks that every codec shares: the size of its output, and reading of integers within the input. */
import { CodecError, type OutputSize } from "./filter.ts";

/** `bytes`, if the pipeline may expect an output of that many; else an error. */
export function checkedSize(filter: string, bytes: number, size: OutputSize): number {
  if (size.exact !== undefined && bytes !== size.exact) {
    throw new CodecError(filter, `output has ${bytes} bytes instead of ${size.exact}`);
  }
  if (bytes > size.max) throw new CodecError(filter, `output of ${bytes} bytes is over the limit of ${size.max}`);
  return bytes;
}

/** `bytes` as it is, when its length is one that the pipeline may expect. */
export function checked(filter: string, bytes: Uint8Array, size: OutputSize): Uint8Array {
  checkedSize(filter, bytes.length, size);
  return bytes;
}
