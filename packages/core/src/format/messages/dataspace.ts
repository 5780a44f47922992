/** Dataspace message, type 0x0001 (HDF5 File Format Specification, section IV.A.2.b): the extent of a dataset or an attribute. */

/** `"null"` holds no element at all, `"scalar"` one without dimensions, `"simple"` an array. */
export interface Dataspace {
  readonly kind: "null" | "scalar" | "simple";
  /** Elements along each dimension; empty unless simple. */
  readonly dims: readonly number[];
  /** The most that each may grow to, `Infinity` if unlimited; equals `dims` where the file gives none. */
  readonly maxDims: readonly number[];
  /** Version of the encoding found, 1 or 2. */
  readonly version?: 1 | 2;
}
