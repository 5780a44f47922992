/**
 * The canonical encoding of elements from what reading gives: values, or the file's own bytes as far as these hold all.
 */
import {
  type AnyData,
  AttributeReference,
  type FileDatatype,
  type Reference,
  RegionReference,
  type StoredSelection,
} from "h5ts";
import { bytesEncoder } from "./canonical-bytes.ts";
import { CanonicalOut } from "./canonical-out.ts";
import { putSelection } from "./canonical-region.ts";
import { isIeee } from "./datatype-json.ts";
import { canonicalSize, holdsAll } from "./element-sizes.ts";
import { rawBytes } from "./text.ts";

type Of<C extends FileDatatype["class"]> = Extract<FileDatatype, { class: C }>;

/** Shapes of datasets by their address: what references to regions of them count over. */
export class Shapes {
  readonly known: Map<number, readonly number[]> = new Map();
  /** Addresses that were asked for and are not known. */
  readonly missing: Set<number> = new Set();

  of(address: number): readonly number[] | undefined {
    const shape = this.known.get(address);
    if (shape === undefined) this.missing.add(address);
    return shape;
  }
}

/** Puts element `i` of data. */
export type DataEncoder = (out: CanonicalOut, i: number) => void;

/** How data is encoded: `bytes` where it was read by `asBytes`. */
export interface Reading {
  readonly bytes: boolean;
  readonly shapes: Shapes;
}

export function dataEncoder(type: FileDatatype, data: AnyData, reading: Reading): DataEncoder {
  if (reading.bytes && holdsAll(type)) {
    const one = bytesEncoder(type);
    return (out, i) => one(out, data as Uint8Array, i * type.size);
  }
  const list = data as readonly unknown[];
  switch (type.class) {
    case "enum":
      return dataEncoder(type.base, data, reading);
    case "integer":
    case "bitfield":
      return (out, i) => out.integer(BigInt(list[i] as number), type.size);
    case "time":
      return timeEncoder(type, list as readonly number[]);
    case "float":
      return floatEncoder(type, data as Float64Array);
    case "complex":
      return repeated(dataEncoder(type.base, data, reading), 2);
    case "string":
      return (out, i) => putText(out, list[i] as string);
    case "opaque":
      return (out, i) => putOpaque(out, list[i], type.size);
    case "reference":
      return (out, i) => putReference(out, type.kind, list[i] as Reference, reading.shapes);
    default:
      return compositeEncoder(type, data, reading);
  }
}

/** Times in the order of bytes that the file has: see `datatypeJson`. */
function timeEncoder(type: Of<"time">, list: readonly (number | bigint)[]): DataEncoder {
  const scratch = new CanonicalOut();
  return (out, i) => {
    scratch.clear();
    scratch.integer(BigInt(list[i]), type.size);
    if (type.order === "be") out.putReversed(scratch.bytes, 0, type.size);
    else out.put(scratch.bytes, 0, type.size);
  };
}

function compositeEncoder(type: Of<"compound" | "array" | "vlen">, data: AnyData, reading: Reading): DataEncoder {
  switch (type.class) {
    case "compound":
      return compoundEncoder(type, data, reading);
    case "array":
      return repeated(
        dataEncoder(type.base, data, reading),
        type.dims.reduce((product, dim) => product * dim, 1),
      );
    case "vlen": {
      const list = data as readonly AnyData[];
      if (type.kind === "sequence") return (out, i) => putSequence(out, type.base, list[i], reading);
      if (reading.bytes) return (out, i) => putUntilNul(out, list[i] as Uint8Array);
      return (out, i) => putUntilNul(out, rawBytes((data as string[])[i]));
    }
  }
}

const repeated =
  (one: DataEncoder, count: number): DataEncoder =>
  (out, i) => {
    for (let k = 0; k < count; k++) one(out, i * count + k);
  };

function compoundEncoder(type: Of<"compound">, data: AnyData, reading: Reading): DataEncoder {
  // Complex numbers in a compound are read as pairs.
  if (ArrayBuffer.isView(data)) {
    const swapped = type.members[0].name.toLowerCase().startsWith("i") ? 1 : 0;
    const parts = type.members.map((member) => dataEncoder(member.type, data, reading));
    return (out, i) => {
      for (const [k, one] of parts.entries()) one(out, 2 * i + (k ^ swapped));
    };
  }
  const columns = data as { readonly [name: string]: AnyData };
  const members = type.members.map((member) => dataEncoder(member.type, columns[member.name], reading));
  return (out, i) => {
    for (const one of members) one(out, i);
  };
}

function floatEncoder(type: Of<"float">, data: Float64Array): DataEncoder {
  const size = isIeee(type) ? type.size : 8;
  const scratch = new DataView(new ArrayBuffer(8));
  const bytes = new Uint8Array(scratch.buffer);
  return (out, i) => {
    if (size === 2) scratch.setUint16(0, halfBits(data[i]), true);
    else if (size === 4) scratch.setFloat32(0, data[i], true);
    else scratch.setFloat64(0, data[i], true);
    out.put(bytes, 0, size);
  };
}

/** The bits of a float16 from its value, which must be one. */
export function halfBits(value: number): number {
  const sign = Object.is(value, -0) || value < 0 ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size === Number.POSITIVE_INFINITY) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | (size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | ((exponent + 15) << 10) | ((size / 2 ** exponent - 1) * 1024);
}

function putText(out: CanonicalOut, text: string): void {
  const bytes = rawBytes(text);
  out.sized(bytes, 0, bytes.length);
}

function putUntilNul(out: CanonicalOut, bytes: Uint8Array): void {
  const end = bytes.indexOf(0);
  out.sized(bytes, 0, end < 0 ? bytes.length : end);
}

/** Bytes; or, of dates and durations, the number. */
function putOpaque(out: CanonicalOut, value: unknown, size: number): void {
  if (value instanceof Uint8Array) out.put(value, 0, size);
  else out.integer(BigInt(value as bigint), size);
}

function putSequence(out: CanonicalOut, base: FileDatatype, data: AnyData, reading: Reading): void {
  const count = elementsIn(base, data, reading);
  const one = dataEncoder(base, data, reading);
  out.u32(count);
  for (let i = 0; i < count; i++) one(out, i);
}

/** How many elements of a type data holds. */
export function elementsIn(type: FileDatatype, data: AnyData, reading: Reading): number {
  const { length } = data as readonly unknown[];
  if (reading.bytes && holdsAll(type)) return length / type.size;
  if (type.class === "array") {
    return elementsIn(type.base, data, reading) / type.dims.reduce((product, dim) => product * dim, 1);
  }
  if (type.class === "complex") return length / 2;
  if (type.class !== "compound") return length;
  if (ArrayBuffer.isView(data)) return length / 2;
  const [{ name, type: first }] = type.members;
  return elementsIn(first, (data as { readonly [name: string]: AnyData })[name], reading);
}

const KINDS = { object: 2, region: 3, attribute: 4 } as const;
const NULL = 255;

function putReference(out: CanonicalOut, kind: Of<"reference">["kind"], value: Reference, shapes: Shapes): void {
  const { address } = value;
  if (kind === "standard") out.u8(address === null ? NULL : KINDS[value.kind]);
  if (address === null) {
    if (kind !== "standard") out.u64(0);
    if (kind === "region") out.u8(0);
    return;
  }
  out.u64(address);
  if (value instanceof RegionReference) putRegion(out, value.selection, shapes.of(address));
  if (value instanceof AttributeReference) putText(out, value.attribute);
}

/** Nothing where the shape is yet to be found: the elements are then put again. */
function putRegion(out: CanonicalOut, selection: StoredSelection, shape: readonly number[] | undefined): void {
  if (shape !== undefined) putSelection(out, selection, shape);
}

/** Bytes that a block of elements may take, by what is known of one. */
export const encodedSize = (type: FileDatatype): number => Math.max(type.size, canonicalSize(type));
