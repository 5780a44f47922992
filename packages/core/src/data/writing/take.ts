/**
 * Values of any form to data as reading gives it: typed arrays, nested arrays, single values, text, objects of columns,
 * arrays of rows, data with a shape.
 */
import { decodeText } from "../../bytes/text.ts";
import { DTypeError, ShapeError } from "../../errors.ts";
import type { CompoundType, Datatype, OpaqueType, ReferenceType } from "../../format/datatype/datatype.ts";
import type { AnyData, CompoundData } from "../arrays.ts";
import { arrayName, numberCodec } from "../codecs/numbers.ts";
import { complexParts } from "../dtype/meaning.ts";
import { nameOf } from "../dtype/name.ts";
import { sameType } from "../dtype/same.ts";
import { Reference, RegionReference } from "../reference.ts";
import { unwrapArrays } from "../result.ts";
import { concatenate, itemsOf } from "../values.ts";
import { broadcastMap, pickElements } from "./broadcast.ts";
import { isPlain, type Shaped, shapedOf, stridedMap } from "./shaped.ts";
import {
  commonShape,
  countOf,
  depthOf,
  eachLeaf,
  inWords,
  isList,
  isTypedArray,
  nestedShape,
  type Shape,
  sameShape,
} from "./shapes.ts";
import { ComplexTaker, describe, numberTaker, type Taken } from "./take-numbers.ts";

/**
 * Takes a value as elements of a datatype that is no array datatype. `target`: the shape that they are for, where that is
 * known; the value may have another one. DTypeError, ShapeError where it is none of the datatype.
 */
export function take(type: Datatype, value: unknown, target?: Shape): Taken {
  const shaped = shapedOf(value, type);
  if (shaped !== undefined) return takeShaped(type, shaped);
  const numbers = numberTaker(type);
  if (numbers !== undefined) return numbers.take(value);
  const complex = complexParts(type);
  if (complex !== undefined) return new ComplexTaker(complex).take(value, target && countOf(target));
  if (type.class === "compound" && isPlain(value)) return takeColumns(type, value, target);
  if (type.class === "opaque" && isTypedArray(value)) return takeBytes(type, value);
  const shape = shapeOf(type, value, target);
  if (shape.length === 1 && Array.isArray(value)) return { shape, data: collect(type, value) };
  const cells: unknown[] = [];
  eachLeaf(value, shape, (cell) => cells.push(cell));
  return { shape, data: collect(type, cells) };
}

/** The same of any datatype: the shape is that without the axes of array datatypes. */
export function takeElements(type: Datatype, value: unknown, target?: Shape): Taken {
  const { type: inner, dims } = unwrapArrays(type);
  if (dims.length === 0) return take(inner, value, target);
  const { shape, data } = take(inner, value, target && [...target, ...dims]);
  const outer = outerShape(shape, dims);
  if (outer !== undefined) return { shape: outer, data };
  const lead = shape.slice(0, Math.max(shape.length - dims.length, 0));
  return { shape: lead, data: pickElements(inner, data, broadcastMap(shape, [...lead, ...dims])) };
}

/** The axes before those of an array datatype. Data of one axis has all its elements one behind the other. */
export function outerShape(shape: Shape, dims: Shape): Shape | undefined {
  const lead = shape.length - dims.length;
  if (lead >= 0 && dims.every((dim, i) => dim === shape[lead + i])) return shape.slice(0, lead);
  const parts = countOf(dims);
  return shape.length === 1 && shape[0] % parts === 0 && shape[0] !== 1 ? [shape[0] / parts] : undefined;
}

function takeShaped(type: Datatype, shaped: Shaped): Taken {
  const { data, shape, stride, dtype } = shaped;
  const count = countOf(shape);
  // Results of reading are the data already: nothing is guessed.
  const known = dtype !== undefined && stride === undefined && sameType(dtype.datatype, type);
  if (known && isLength(type, data as AnyData, count)) return { shape, data: data as AnyData };
  const taken = take(type, data, stride === undefined ? shape : undefined);
  const found = countOf(taken.shape);
  if (stride !== undefined) return { shape, data: pickElements(type, taken.data, stridedMap(shaped, stride, found)) };
  if (found === count) return { shape, data: taken.data };
  throw new ShapeError("has another number of elements than its shape", {
    structure: "value to write",
    found,
    allowed: inWords(shape),
  });
}

/** Whether data has that many elements in all its members. */
function isLength(type: Datatype, data: AnyData, count: number): boolean {
  if (type.class === "array") return isLength(type.base, data, count * countOf(type.dims));
  if (type.class === "compound" && complexParts(type) === undefined) {
    return isPlain(data) && type.members.every((m) => isLength(m.type, (own(data, m.name) ?? []) as AnyData, count));
  }
  const codec = numberCodec(complexParts(type)?.base ?? type);
  if (codec !== undefined && (arrayName(data) ?? "bigint") !== codec.array) return false;
  return isList(data) && data.length === count * itemsOf(type);
}

/** The shape of nested lists. Where all are empty in the end, nothing says how deep an element is but what they are for. */
function shapeOf(type: Datatype, value: unknown, target?: Shape): Shape {
  const inside = elementDepth(type);
  if (inside > 0 && target !== undefined && !hasLeaf(value)) {
    for (const shape of [target, [countOf(target)]]) {
      if (sameShape(nestedShape(value, shape.length), shape)) return shape;
    }
  }
  return nestedShape(value, Math.max(depth(type, value) - inside, 0));
}

/** Whether there is anything but empty lists. */
const hasLeaf = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(hasLeaf) : !isList(value) || value.length > 0;

/** Lists within one element. */
function elementDepth(type: Datatype): number {
  if (type.class === "array") return type.dims.length + elementDepth(type.base);
  return type.class === "vlen" && type.kind === "sequence" ? 1 + elementDepth(type.base) : 0;
}

/** What the elements are in the end, within arrays and sequences. */
function innermost(type: Datatype): Datatype {
  const nested = type.class === "array" || (type.class === "vlen" && type.kind === "sequence");
  return nested ? innermost(type.base) : type;
}

/** Levels of lists, where typed arrays of numbers are lists and bytes of text are not. */
function depth(type: Datatype, value: unknown): number {
  const inner = innermost(type);
  const numbers = numberCodec(inner) !== undefined || complexParts(inner) !== undefined;
  return depthOf(value, (leaf) => {
    if (isTypedArray(leaf)) return Number(numbers);
    if (inner.class === "compound" && inner !== type && isPlain(leaf)) return Number(areColumns(inner, leaf));
    return shapedOf(leaf, inner)?.shape.length ?? 0;
  });
}

/** Whether an object holds several elements of some member: columns, not a row. */
const areColumns = (type: CompoundType, record: object): boolean =>
  type.members.some(({ name, type: member }) => depth(member, own(record, name)) > elementDepth(member));

/** One element for each cell. */
function collect(type: Datatype, cells: readonly unknown[]): AnyData {
  const numbers = numberTaker(type);
  if (numbers !== undefined) return numbers.collect(cells);
  const complex = complexParts(type);
  if (complex !== undefined) return new ComplexTaker(complex).collect(cells);
  switch (type.class) {
    case "compound":
      return collectRows(type, cells);
    case "array":
      return concatenate(
        type,
        cells.map((cell) => single(type, cell)),
      );
    case "vlen":
      return type.kind === "string" ? cells.map(textOf) : cells.map((cell) => sequence(type.base, cell));
    case "string":
      return cells.map(textOf);
    case "opaque":
      return cells.map((cell) => bytesOf(type, cell));
    case "reference":
      return cells.map((cell) => referenceOf(type, cell));
    default:
      throw wrong(type, cells[0]);
  }
}

/** One element of an array datatype. */
function single(type: Datatype, cell: unknown): AnyData {
  const { shape, data } = takeElements(type, cell, []);
  if (countOf(shape) === 1) return data;
  throw new ShapeError("has several elements in place of one", { structure: nameOf(type), found: inWords(shape) });
}

function sequence(base: Datatype, cell: unknown): AnyData {
  // Its items are the elements, however deep those seem to be.
  if (Array.isArray(cell)) return collect(base, cell);
  const { shape, data } = takeElements(base, cell);
  if (shape.length === 1) return data;
  throw new ShapeError("is no sequence of elements", { structure: "vlen", found: inWords(shape), allowed: "one axis" });
}

function wrong(type: Datatype, value: unknown, allowed?: string): DTypeError {
  return new DTypeError("cannot be written from this value", {
    structure: nameOf(type),
    found: describe(value),
    allowed,
  });
}

function textOf(cell: unknown): string {
  if (typeof cell === "string") return cell;
  if (isTypedArray(cell) && cell.BYTES_PER_ELEMENT === 1) return decodeText(cell);
  throw new DTypeError("cannot be written from this value", {
    structure: "text",
    found: describe(cell),
    allowed: "strings, or their bytes",
  });
}

function bytesOf(type: OpaqueType, cell: unknown): Uint8Array<ArrayBuffer> {
  if (!isTypedArray(cell)) throw wrong(type, cell, `${type.size} bytes`);
  return new Uint8Array(cell.buffer as ArrayBuffer, cell.byteOffset, cell.byteLength);
}

/** Opaque elements one behind the other. */
function takeBytes(type: OpaqueType, value: Uint8Array): Taken {
  const bytes = bytesOf(type, value);
  if (bytes.length === type.size) return { shape: [], data: [bytes] };
  if (bytes.length % type.size !== 0) throw wrong(type, value, `bytes in multiples of ${type.size}`);
  const count = bytes.length / type.size;
  return {
    shape: [count],
    data: Array.from({ length: count }, (_, i) => bytes.subarray(i * type.size, (i + 1) * type.size)),
  };
}

function referenceOf(type: ReferenceType, cell: unknown): Reference {
  if (cell === null) return type.kind === "region" ? new RegionReference(null, { kind: "none" }) : new Reference(null);
  const fits =
    cell instanceof Reference && (type.kind === "standard" || (cell.kind === type.kind && cell.file === undefined));
  if (fits) return cell;
  const found = cell instanceof Reference ? `${cell.kind} reference` : describe(cell);
  const allowed = type.kind === "standard" ? "references" : `${type.kind} references within the file`;
  throw new DTypeError("cannot be written from this value", { structure: nameOf(type), found, allowed });
}

const own = (record: object, name: string): unknown =>
  Object.hasOwn(record, name) ? (record as CompoundData)[name] : undefined;

/** DTypeError unless the record has the members of the compound, and no others. */
function checkMembers(type: CompoundType, record: object): void {
  const names = Object.keys(record);
  const missing = type.members.find(({ name }) => own(record, name) === undefined);
  if (missing === undefined && names.length === type.members.length) return;
  const known = new Set(type.members.map(({ name }) => name));
  throw new DTypeError(missing === undefined ? "has a member that the datatype lacks" : "lacks a member", {
    structure: "compound data",
    found: missing?.name ?? names.find((name) => !known.has(name)),
    allowed: [...known].slice(0, 20).join(", "),
  });
}

function collectRows(type: CompoundType, rows: readonly unknown[]): AnyData {
  for (const row of rows) {
    if (typeof row !== "object" || row === null || isList(row)) throw wrong(type, row, "objects of its members");
    checkMembers(type, row);
  }
  const columns: { [name: string]: AnyData } = Object.create(null);
  for (const { name, type: member } of type.members) {
    columns[name] = collect(
      member,
      rows.map((row) => (row as CompoundData)[name]),
    );
  }
  return columns;
}

/** Columns, broadcast to one shape; with as many elements as there should be they may be of any shape. */
function takeColumns(type: CompoundType, value: object, target?: Shape): Taken {
  checkMembers(type, value);
  const count = target && countOf(target);
  const taken = type.members.map(({ name, type: member }) => takeElements(member, own(value, name), target));
  const flat = count !== undefined && taken.every(({ shape }) => countOf(shape) === count);
  const shape = flat ? [count] : taken.map((one) => one.shape).reduce(commonShape);
  const columns: { [name: string]: AnyData } = Object.create(null);
  type.members.forEach(({ name, type: member }, i) => {
    const { shape: from, data } = taken[i];
    const same = flat || countOf(from) === countOf(shape);
    columns[name] = same ? data : pickElements(member, data, broadcastMap(from, shape));
  });
  return { shape, data: columns };
}
