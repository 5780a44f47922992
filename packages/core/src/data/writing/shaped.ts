/** Data that says its shape: results of reading, zarrita's chunks, `{ data, shape }`. */
import { DTypeError, ShapeError } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { differentUnits } from "../codecs/goal.ts";
import { DType } from "../dtype/dtype.ts";
import { complexParts } from "../dtype/meaning.ts";
import { nameOf } from "../dtype/name.ts";
import { Empty } from "../empty.ts";
import { Result, rowMajor } from "../result.ts";
import { countOf, inWords, type Shape, sameShape } from "./shapes.ts";

export interface Shaped {
  readonly data: unknown;
  readonly shape: Shape;
  /** Steps along each axis, in elements, where they are not those of row-major order. */
  readonly stride?: Shape;
  readonly dtype?: DType;
}

/** Whether it is an object of its own keys only: no array, no class. */
export function isPlain(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** The data and shape of a value that has both; `type`: what it is written as, whose members may have those names. */
export function shapedOf(value: unknown, type?: Datatype): Shaped | undefined {
  if (value instanceof Empty) {
    throw new DTypeError("has no elements to write", { structure: "Empty", found: value.dtype.name });
  }
  if (value instanceof Result) return withUnits({ data: value.data, shape: value.shape, dtype: value.dtype }, type);
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value))
    return undefined;
  const { data, shape, stride, dtype } = value as Partial<Shaped>;
  if (data === undefined || !isShape(shape)) return undefined;
  const of = dtype instanceof DType || typeof dtype === "string" ? DType.from(dtype) : undefined;
  if (of === undefined && hasMember(type, "data")) return undefined;
  const other = stride !== undefined && isSteps(stride) && !sameShape(stride, rowMajor(shape));
  return withUnits({ data, shape, ...(other ? { stride } : {}), ...(of === undefined ? {} : { dtype: of }) }, type);
}

const isSteps = (value: unknown): value is Shape => Array.isArray(value) && value.every(Number.isInteger);
const isShape = (value: unknown): value is Shape => isSteps(value) && value.every((dim) => dim >= 0);

const hasMember = (type: Datatype | undefined, name: string): boolean =>
  type?.class === "compound" && complexParts(type) === undefined && type.members.some((one) => one.name === name);

/** Numbers of days are no numbers of seconds. */
function withUnits(shaped: Shaped, type?: Datatype): Shaped {
  const from = shaped.dtype?.datatype;
  if (from === undefined || type === undefined || !differentUnits(from, type)) return shaped;
  throw new DTypeError("cannot be written as another unit", { structure: nameOf(from), found: nameOf(type) });
}

/** Places of elements in data with those steps, in row-major order of the shape. ShapeError beyond `length`. */
export function stridedMap({ shape }: Shaped, stride: Shape, length: number): Float64Array {
  const map = new Float64Array(countOf(shape));
  const steps = rowMajor(shape);
  for (let i = 0; i < map.length; i++) {
    let place = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      place += (Math.floor(i / steps[axis]) % shape[axis]) * (stride[axis] ?? 0);
    }
    if (!(place >= 0 && place < length)) {
      throw new ShapeError("has strides beyond its data", { structure: "value to write", found: inWords(stride) });
    }
    map[i] = place;
  }
  return map;
}
