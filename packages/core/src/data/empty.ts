/** Null dataspaces (HDF5 File Format Specification, section IV.A.2.b): a datatype, but no element and no shape. */
import type { AnyData } from "./arrays.ts";
import { DType } from "./dtype/dtype.ts";
import type { DTypeLike } from "./dtype/like.ts";
import { Result } from "./result.ts";

/** What reading a null dataspace gives; h5py's `Empty`: a result without axes that, unlike a scalar, has no element. */
export class Empty<out T = AnyData> extends Result<T> {
  /** Tells it from other results. */
  readonly isNull = true;

  /** Of a datatype, to be written: `new Empty("f4")`. */
  constructor(dtype: DTypeLike);
  /** `data` of no elements. */
  constructor(data: T, dtype: DType<T>);
  constructor(data: T | DTypeLike, dtype?: DType<T>) {
    const like = dtype ?? (DType.from(data as DTypeLike) as DType<T>);
    super((dtype === undefined ? [] : data) as T, [], like);
  }

  override get size(): number {
    return 0;
  }

  override toNested(): unknown {
    return null;
  }
}
