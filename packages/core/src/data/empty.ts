/** Null dataspaces (HDF5 File Format Specification, section IV.A.2.b): a datatype, but no element and no shape. */
import type { DType } from "./dtype/dtype.ts";

/** What reading a null dataspace gives; h5py's `Empty`. */
export class Empty {
  readonly dtype: DType;
  readonly shape = null;
  /** Elements: none. */
  readonly size = 0;

  constructor(dtype: DType) {
    this.dtype = dtype;
  }
}
