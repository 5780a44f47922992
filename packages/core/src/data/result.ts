/** What reading gives: data with its shape (as zarrita's chunks), and ways to single values. */
import { LimitError, SelectionError } from "../errors.ts";
import type { Datatype } from "../format/datatype/datatype.ts";
import type { AnyData, Item } from "./arrays.ts";
import { DType } from "./dtype/dtype.ts";
import { lengthOf, nest, plainAt, valueAt } from "./values.ts";

/** The element type inside array datatypes, and the axes that those add. */
export function unwrapArrays(type: Datatype): { readonly type: Datatype; readonly dims: readonly number[] } {
  const dims: number[] = [];
  while (type.class === "array") {
    dims.push(...type.dims);
    type = type.base;
  }
  return { type, dims };
}

/** Lists that a result may be nested into: the longest array that engines hold in one piece. */
const MAX_LISTS = 2 ** 25;

/** Steps from one element to the next along each axis, in elements, row-major. */
export function rowMajor(shape: readonly number[]): readonly number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = step;
    step *= shape[axis];
  }
  return stride;
}

/**
 * Elements of a dataset or attribute. It owns its memory, unless a view of the storage was asked for.
 *
 * ```ts
 * const { data, shape, stride } = d.read();
 * data[i * stride[0] + j * stride[1]];
 * d.read([3, 4]).item();
 * ```
 */
export class Result<out T = AnyData> {
  /** All elements in row-major order. Complex numbers take two places each; compounds are columns by member. */
  readonly data: T;
  /** Elements along each axis; empty for a scalar. Array datatypes add theirs at the end. */
  readonly shape: readonly number[];
  /** Steps from one element to the next along each axis, in elements. */
  readonly stride: readonly number[];
  /** Type of the elements. */
  readonly dtype: DType<T>;

  /** `dtype` is that of the elements, not of an array datatype around them. */
  constructor(data: T, shape: readonly number[], dtype: DType<T>) {
    this.data = data;
    this.shape = shape;
    this.stride = rowMajor(shape);
    this.dtype = dtype;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((product, dim) => product * dim, 1);
  }

  /**
   * One element as a value of its own. Without an index of the only one there is; one index counts in row-major order,
   * else there is one for each axis; negative ones count from the end. SelectionError beyond the shape.
   */
  item<D = T>(this: Typed<D>, ...index: number[]): Item<D> {
    return valueAt(this.dtype.datatype, this.data as AnyData, positionOf(this, index)) as Item<D>;
  }

  /** The members of element `i` (in row-major order) of a compound: an object without prototype. */
  row<D = T>(this: Typed<D>, i: number): Item<D> {
    if (this.dtype.fields === undefined) {
      throw new SelectionError("has no rows", { structure: "result", found: this.dtype.name, allowed: "compounds" });
    }
    return this.item(i);
  }

  /** Nested arrays of values, one level for each axis (NumPy's `tolist`); of a scalar its value. */
  toNested(): unknown {
    const { datatype } = this.dtype;
    // Beside an axis without elements the others may be of any length.
    const lists = this.shape.slice(0, -1).reduce((product, dim) => product * dim, 1);
    if (lists > MAX_LISTS) {
      throw new LimitError("has too many rows to nest", { structure: "result", found: lists, allowed: `${MAX_LISTS}` });
    }
    return nest(this.shape, 0, (i) => plainAt(datatype, this.data as AnyData, i));
  }
}

/** What Node's console shows of a result: data, shape, and the datatype in a word. */
Object.defineProperty(Result.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value(this: Result): object {
    const { data, shape, dtype } = this;
    return { data, shape, dtype: String(dtype) };
  },
});

type Place = Pick<Result, "shape" | "stride" | "size">;

/** A result by the type of its data: as the type of `this` it keeps results of narrower data assignable to wider ones. */
interface Typed<D> extends Place {
  readonly data: D;
  readonly dtype: DType;
  item(...index: number[]): Item<D>;
}

function positionOf({ shape, stride, size }: Place, index: readonly number[]): number {
  if (index.length === 0 && size === 1) return 0;
  if (index.length === 1) return within(index[0], size, 0);
  if (index.length !== shape.length || index.length === 0) {
    throw new SelectionError("takes no index, one, or one for each axis", {
      structure: "result",
      found: `${index.length} indices`,
      allowed: index.length === 0 ? "a result of one element" : `1 or ${shape.length}`,
    });
  }
  return index.reduce((position, i, axis) => position + within(i, shape[axis], axis) * stride[axis], 0);
}

function within(index: number, extent: number, axis: number): number {
  const found = index < 0 ? index + extent : index;
  if (Number.isInteger(found) && found >= 0 && found < extent) return found;
  throw new SelectionError(`is out of range along axis ${axis}`, {
    structure: "index",
    found: index,
    allowed: `-${extent} to ${extent - 1}`,
  });
}

/** A result of elements of a datatype, as a sink gave them. `shape` is that of the selection. */
export function makeResult<T = AnyData>(data: AnyData, shape: readonly number[], type: Datatype): Result<T> {
  const { type: element, dims } = unwrapArrays(type);
  return new Result<T>(data as T, dims.length === 0 ? shape : [...shape, ...dims], new DType<T>(element));
}

/** Number of elements in a result's data, for checks. */
export const dataLength = (result: Result): number => lengthOf(result.dtype.datatype, result.data);
