/** What elements hold that nobody has written: the fill value, in the file's own bytes. */

import type { Address } from "../../bytes/address.ts";
import type { DatasetInfo } from "../../contract.ts";
import { type Steps, size } from "../../steps/steps.ts";
import type { EditorFile } from "../editor-file.ts";

/** Bytes that are filled at once. */
const PIECE = 1 << 20;

type Filled = Pick<DatasetInfo, "fill" | "datatype">;

/** The fill value; `undefined` where all its bytes are zero. */
export function fillElement({ fill }: Filled): Uint8Array | undefined {
  if (fill.defined !== "user" || fill.value === undefined) return undefined;
  return fill.value.every((byte) => byte === 0) ? undefined : fill.value;
}

/** Fills elements `[from, to)` of `bytes`. */
export function fillElements(info: Filled, bytes: Uint8Array, from: number, to: number): void {
  const element = fillElement(info);
  const width = info.datatype.size;
  const start = from * width;
  const end = to * width;
  if (element === undefined) {
    bytes.fill(0, start, end);
    return;
  }
  if (end <= start) return;
  bytes.set(element, start);
  for (let at = start + width; at < end; at += at - start) bytes.copyWithin(at, start, Math.min(at, start + end - at));
}

/** Bytes of `count` elements of the fill value. */
export function filledBytes(info: Filled, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * info.datatype.size);
  if (fillElement(info) !== undefined) fillElements(info, bytes, 0, count);
  return bytes;
}

/** Writes the fill value to space that was allocated just now: what stood there before must not show. */
export function* fillSpace(file: EditorFile, info: Filled, address: Address, bytes: number): Steps<void> {
  if (bytes === 0) return;
  const width = info.datatype.size;
  // Behind the end of the storage there are zeros, as soon as it reaches so far.
  const untouched = fillElement(info) === undefined && file.base + address >= (yield* size(file.storage));
  if (untouched) {
    yield* file.raw.write((address + bytes - 1) as Address, new Uint8Array(1));
    return;
  }
  const piece = filledBytes(info, Math.ceil(Math.min(PIECE, bytes) / width));
  for (let at = 0; at < bytes; at += piece.length) {
    yield* file.raw.write((address + at) as Address, piece.subarray(0, Math.min(piece.length, bytes - at)));
  }
}
