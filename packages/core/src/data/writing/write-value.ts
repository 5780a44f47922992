/** The way from a value that a caller passes to a source of elements. */
import { DEFAULT_SIZES, type Sizes } from "../../bytes/address.ts";
import { UnsupportedError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { ArraySource } from "../codecs/flat-sources.ts";
import { makePartialSource, makeSource } from "../codecs/make-source.ts";
import { isFlat, pick } from "../codecs/view.ts";
import { nameOf } from "../dtype/name.ts";
import { sizedType } from "../dtype/sized.ts";
import { Empty } from "../empty.ts";
import { unwrapArrays } from "../result.ts";
import type { Source } from "../source.ts";
import { BroadcastSource, broadcastMap, pickElements } from "./broadcast.ts";
import { inferType } from "./infer.ts";
import { countOf, type Shape, sameShape } from "./shapes.ts";
import { take, takeElements } from "./take.ts";
import type { Taken } from "./take-numbers.ts";

export interface SourceOptions {
  /** Members of a compound to write: of several the value is columns or rows, of a single name it is that member's. */
  readonly fields?: string | readonly string[];
  /** Widths of addresses in the file. Default 8 bytes each. */
  readonly sizes?: Sizes;
}

/**
 * A source of elements of a stored datatype, for a selection of that shape (without the axes of array datatypes). The value
 * is cast as NumPy casts, and broadcast by its rules; data of one axis that has as many elements as the selection fills it
 * in row-major order. Typed arrays are not copied where they hold the file's bytes.
 *
 * DTypeError for values that the datatype cannot hold, ShapeError where the shape cannot be broadcast: before anything is
 * written.
 */
export function sourceFor(value: unknown, datatype: Datatype, shape: Shape, options: SourceOptions = {}): Source {
  const { fields, sizes } = options;
  if (fields !== undefined) return partialSource(value, datatype, shape, fields, sizes);
  const { type, dims } = unwrapArrays(datatype);
  const target = [...shape, ...dims];
  return sourceOfTaken(datatype, take(type, value, target), target, sizes);
}

/** A source of some members of a compound; see `Source.partial`. */
function partialSource(
  value: unknown,
  datatype: Datatype,
  shape: Shape,
  fields: string | readonly string[],
  sizes?: Sizes,
): Source {
  const single = typeof fields === "string";
  const type = pick(datatype, single ? [fields] : fields);
  const count = countOf(shape);
  // A member's own value, of whatever name.
  const taken = single ? takeElements(type.members[0].type, value, shape) : take(type, value, shape);
  const data = single ? Object.assign(Object.create(null), { [fields]: taken.data }) : taken.data;
  const same = sameShape(taken.shape, shape) || (taken.shape.length === 1 && taken.shape[0] === count);
  const fitted = same ? data : pickElements(type, data, broadcastMap(taken.shape, shape));
  return makePartialSource(type, fitted, sizes);
}

/** `target`: with the axes of array datatypes. */
function sourceOfTaken(datatype: Datatype, { shape, data }: Taken, target: Shape, sizes?: Sizes): Source {
  const { type, dims } = unwrapArrays(datatype);
  const same = sameShape(shape, target) || (shape.length <= 1 && countOf(shape) === countOf(target));
  const items =
    same || isOwn(type)
      ? makeSource(type, same ? data : pickElements(type, data, broadcastMap(shape, target)), sizes)
      : new BroadcastSource(makeSource(type, data, sizes), shape, target);
  return dims.length === 0 ? items : new ArraySource(datatype.size, countOf(dims), items);
}

/** Whether elements have heap objects of their own. */
function isOwn(type: Datatype): boolean {
  if (type.class === "compound") return type.members.some((member) => isOwn(member.type));
  if (type.class === "array") return isOwn(type.base);
  return !isFlat(type) || (type.class === "reference" && type.kind !== "object");
}

export interface ValueOptions {
  /** Default: as the value is. Elements that hold addresses get the size that they have in the file. */
  readonly datatype?: Datatype;
  /** Default: that of the value. Must have as many elements, or be one that the value can be broadcast to. */
  readonly shape?: Shape;
  /** Widths of addresses in the file. Default 8 bytes each. */
  readonly sizes?: Sizes;
}

/** What a new dataset or attribute is made of. */
export interface ValueToWrite {
  readonly datatype: Datatype;
  /** Elements along each axis; none for a scalar; `null`: a null dataspace. */
  readonly dims: Shape | null;
  readonly source: Source;
}

/**
 * Datatype, shape and elements of a value for a new dataset or attribute. Numbers become 64-bit integers where all are safe
 * integers, else float64; bigints 64-bit integers; booleans h5py's; text UTF-8 of variable length; typed arrays and results
 * of reading what they are; objects of columns and arrays of rows compounds.
 */
export function valueToWrite(value: unknown, options: ValueOptions = {}): ValueToWrite {
  const { shape, sizes = DEFAULT_SIZES } = options;
  if (value instanceof Empty) {
    const datatype = sizedType(options.datatype ?? value.dtype.datatype, sizes);
    return { datatype, dims: null, source: sourceFor(emptyOf(datatype), datatype, [0], { sizes }) };
  }
  const datatype = sizedType(options.datatype ?? inferType(value), sizes);
  const { type, dims } = unwrapArrays(datatype);
  if (shape !== undefined) {
    const target = [...shape, ...dims];
    const taken = take(type, value, target);
    const reshaped = countOf(taken.shape) === countOf(target) ? { shape: target, data: taken.data } : taken;
    return { datatype, dims: shape, source: sourceOfTaken(datatype, reshaped, target, sizes) };
  }
  const taken = takeElements(datatype, value);
  const target = [...taken.shape, ...dims];
  return { datatype, dims: taken.shape, source: sourceOfTaken(datatype, { ...taken, shape: target }, target, sizes) };
}

const emptyOf = (datatype: Datatype): unknown => {
  const { type } = unwrapArrays(datatype);
  return type.class === "compound" ? [] : { data: [], shape: [0] };
};

/**
 * The bytes of a single element: fill values. Empty text is a null pointer there. UnsupportedError where they would refer to
 * a heap object, which must be stored first: {@link sourceFor} says which.
 */
export function encodeElement(datatype: Datatype, value: unknown): Uint8Array<ArrayBuffer> {
  const source = sourceFor(value, datatype, []);
  for (let objects = source.prepare(); objects !== undefined; objects = source.prepare()) {
    for (let i = 0; i < objects.count; i++) {
      if (objects.bytes(i).length === 0) continue;
      throw new UnsupportedError("has a value that stands in a heap", {
        structure: "fill value",
        found: nameOf(datatype),
      });
    }
  }
  return encodeAll(source, 1);
}

/** The bytes of elements, once the heap objects have their places. */
export function encodeAll(source: Source, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * source.elementSize);
  if (source.direct !== undefined) bytes.set(source.direct.subarray(0, bytes.length));
  else if (count > 0) source.take(0, count, bytes, 0, source.elementSize);
  return bytes;
}
