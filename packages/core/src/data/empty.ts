/** Null dataspaces (HDF5 File Format Specification, section IV.A.2.b): a datatype, but no element and no shape. */
import type { AnyData } from "./arrays.ts";
import type { DType } from "./dtype/dtype.ts";
import { Result } from "./result.ts";

/** What reading a null dataspace gives; h5py's `Empty`: a result without axes that, unlike a scalar, has no element. */
export class Empty<out T = AnyData> extends Result<T> {
  readonly isNull = true;

  /** `data` of no elements. */
  constructor(data: T, dtype: DType<T>) {
    super(data, [], dtype);
  }

  override get size(): number {
    return 0;
  }

  override toNested(): unknown {
    return null;
  }
}
