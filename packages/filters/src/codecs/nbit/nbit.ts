/**
 * N-bit, filter 5 (HDF5 File Format Specification, section IV.A.2.l, Filter Pipeline message): of every number only
 * its significant bits, most significant first, without gaps. Bits that are not kept come back as 0.
 *
 * Client data: see `tree.ts`.
 */
import { type ClientData, type Codec, CodecError, type OutputSize } from "../../filter.ts";
import { MsbReader, MsbWriter, unpackWords } from "../../kernels/msb-bits.ts";
import { checked, checkedSize } from "../../output.ts";
import { nbitClientData } from "./client-data.ts";
import { type AtomicNode, type NbitNode, nbitParameters, packedBits } from "./tree.ts";

function decode(input: Uint8Array, clientData: ClientData, size: OutputSize): Uint8Array {
  const { plain, count, root } = nbitParameters(clientData);
  if (plain) return checked("nbit", input, size);
  const length = checkedSize("nbit", count * root.size, size);
  if (count * packedBits(root) > 8 * input.length) {
    throw new CodecError("nbit", `${input.length} bytes are too few for ${count} elements of ${packedBits(root)} bits`);
  }
  const output = new Uint8Array(length);
  if (root.kind === "atomic" && root.size <= 4) {
    unpackNumbers(input, output, root);
    return output;
  }
  const reader = new MsbReader(input, 0);
  for (let at = 0; at < length; at += root.size) unpack(reader, output, at, root);
  return output;
}

/** Numbers of up to 4 bytes, one after the other. */
function unpackNumbers(
  input: Uint8Array,
  output: Uint8Array,
  { size, bigEndian, precision, offset }: AtomicNode,
): void {
  const count = output.length / size;
  const words = unpackWords(input, 0, precision, count);
  const view = new DataView(output.buffer);
  for (let n = 0; n < count; n++) {
    const word = words[n] << offset;
    if (size === 4) view.setInt32(4 * n, word, !bigEndian);
    else if (size === 2) view.setInt16(2 * n, word, !bigEndian);
    else for (let i = 0; i < size; i++) output[size * n + (bigEndian ? size - 1 - i : i)] = word >>> (8 * i);
  }
}

/** One value of any datatype to `output[at, ...)`. */
function unpack(reader: MsbReader, output: Uint8Array, at: number, node: NbitNode): void {
  if (node.kind === "compound")
    for (const member of node.members) unpack(reader, output, at + member.offset, member.node);
  else if (node.kind === "array") {
    for (let i = 0; i < node.size; i += node.base.size) unpack(reader, output, at + i, node.base);
  } else if (node.kind === "untouched") for (let i = 0; i < node.size; i++) output[at + i] = reader.take(8);
  else {
    const end = node.offset + node.precision;
    for (let byte = (end - 1) >> 3; byte >= node.offset >> 3; byte--) {
      const low = Math.max(0, node.offset - 8 * byte);
      const bits = Math.min(8, end - 8 * byte) - low;
      output[at + (node.bigEndian ? node.size - 1 - byte : byte)] = reader.take(bits) << low;
    }
  }
}

function encode(input: Uint8Array, clientData: ClientData): Uint8Array {
  const { plain, count, root } = nbitParameters(clientData);
  if (plain) return input;
  if (input.length !== count * root.size) {
    throw new CodecError("nbit", `a chunk of ${input.length} bytes instead of ${count * root.size}`);
  }
  const writer = new MsbWriter(Math.ceil((count * packedBits(root)) / 8));
  for (let at = 0; at < input.length; at += root.size) pack(writer, input, at, root);
  return writer.finish();
}

/** One value of any datatype from `input[at, ...)`. */
function pack(writer: MsbWriter, input: Uint8Array, at: number, node: NbitNode): void {
  if (node.kind === "compound") for (const member of node.members) pack(writer, input, at + member.offset, member.node);
  else if (node.kind === "array") {
    for (let i = 0; i < node.size; i += node.base.size) pack(writer, input, at + i, node.base);
  } else if (node.kind === "untouched") for (let i = 0; i < node.size; i++) writer.put(input[at + i], 8);
  else {
    const end = node.offset + node.precision;
    for (let byte = (end - 1) >> 3; byte >= node.offset >> 3; byte--) {
      const low = Math.max(0, node.offset - 8 * byte);
      const bits = Math.min(8, end - 8 * byte) - low;
      writer.put(input[at + (node.bigEndian ? node.size - 1 - byte : byte)] >> low, bits);
    }
  }
}

/** The codec of filter 5. */
export const nbit: Codec = {
  encodedSize: (length, clientData) => (nbitParameters(clientData).plain ? length : undefined),
  decode,
  encode,
  clientData: nbitClientData,
};
