/**
 * The client data of n-bit: a tree that describes the datatype (HDF5 File Format Specification, section IV.A.2.l), as
 * words of 32 bits: count of words, "nothing to do" flag, elements of the chunk, then the nodes.
 */
import { type ClientData, CodecError } from "../../filter.ts";

/** A number of which only some bits are kept. */
export interface AtomicNode {
  readonly kind: "atomic";
  /** Bytes. */
  readonly size: number;
  readonly bigEndian: boolean;
  /** Bits kept, and the first of them. */
  readonly precision: number;
  readonly offset: number;
}

/** Bytes kept as they are. */
export interface UntouchedNode {
  readonly kind: "untouched";
  readonly size: number;
}

export interface ArrayNode {
  readonly kind: "array";
  readonly size: number;
  readonly base: NbitNode;
}

export interface CompoundNode {
  readonly kind: "compound";
  readonly size: number;
  readonly members: readonly { readonly offset: number; readonly node: NbitNode }[];
}

/** A node of the tree; `size` is that of the datatype in bytes. */
export type NbitNode = AtomicNode | UntouchedNode | ArrayNode | CompoundNode;

/** The client data, checked. */
export interface NbitParameters {
  /** Nothing is packed: the chunk is stored as it is. */
  readonly plain: boolean;
  /** Elements of a chunk. */
  readonly count: number;
  readonly root: NbitNode;
}

const MAX_DEPTH = 32;

/** Reads the client data. */
export function nbitParameters(clientData: ClientData): NbitParameters {
  if (clientData.length < 3) fail(`${clientData.length} words of client data`);
  const plain = clientData[1] !== 0;
  if (plain) return { plain, count: clientData[2], root: { kind: "untouched", size: 1 } };
  const cursor = { data: clientData, at: 3 };
  return { plain, count: clientData[2], root: readNode(cursor, 0) };
}

interface Cursor {
  readonly data: ClientData;
  at: number;
}

function next(cursor: Cursor): number {
  if (cursor.at >= cursor.data.length) fail("client data ends within the datatype");
  return cursor.data[cursor.at++];
}

function readNode(cursor: Cursor, depth: number): NbitNode {
  if (depth > MAX_DEPTH) fail("datatype nested too deep");
  const kind = next(cursor);
  const size = next(cursor);
  if (size === 0) fail("a datatype of 0 bytes");
  if (kind === 1) return readAtomic(cursor, size);
  if (kind === 2) return readArray(cursor, size, depth);
  if (kind === 3) return readCompound(cursor, size, depth);
  if (kind === 4) return { kind: "untouched", size };
  return fail(`datatype kind ${kind}, not 1 to 4`);
}

function readAtomic(cursor: Cursor, size: number): AtomicNode {
  const order = next(cursor);
  const precision = next(cursor);
  const offset = next(cursor);
  if (order > 1) fail(`byte order ${order}`);
  if (precision === 0 || precision + offset > 8 * size) fail(`${precision} bits from bit ${offset} of ${size} bytes`);
  return { kind: "atomic", size, bigEndian: order === 1, precision, offset };
}

function readArray(cursor: Cursor, size: number, depth: number): NbitNode {
  const base = readNode(cursor, depth + 1);
  if (base.kind === "untouched") return { kind: "untouched", size };
  if (size % base.size) fail(`an array of ${size} bytes with elements of ${base.size}`);
  return { kind: "array", size, base };
}

function readCompound(cursor: Cursor, size: number, depth: number): CompoundNode {
  const count = next(cursor);
  if (count > cursor.data.length) fail(`${count} members`);
  const members = [];
  let used = 0;
  for (let i = 0; i < count; i++) {
    const offset = next(cursor);
    const node = readNode(cursor, depth + 1);
    used += node.size;
    if (offset + node.size > size || used > size) fail("members larger than their compound");
    members.push({ offset, node });
  }
  return { kind: "compound", size, members };
}

/** Bits that a value takes in the stream. */
export function packedBits(node: NbitNode): number {
  if (node.kind === "atomic") return node.precision;
  if (node.kind === "untouched") return 8 * node.size;
  if (node.kind === "array") return (node.size / node.base.size) * packedBits(node.base);
  return node.members.reduce((sum, member) => sum + packedBits(member.node), 0);
}

function fail(reason: string): never {
  throw new CodecError("nbit", reason);
}
