/**
 * LZO, filter 305, as PyTables stores it: a bare stream of LZO1X. For reading alone: writing it needs LZO's own library, whose
 * licence is another.
 */
import type { ClientData, Codec, OutputSize } from "../filter.ts";
import { lzoDecode, lzoLength } from "../kernels/lzo.ts";
import { checkedSize } from "../output.ts";

function decode(input: Uint8Array, _clientData: ClientData, size: OutputSize): Uint8Array {
  const length = size.exact ?? lzoLength(input, size.max);
  const output = size.room?.subarray(0, length) ?? new Uint8Array(length);
  checkedSize("lzo", lzoDecode(input, output), { exact: length, max: size.max });
  return output;
}

/** The codec of filter 305. */
export const lzo: Codec = { decode };
