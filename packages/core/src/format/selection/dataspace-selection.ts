/**
 * Dataspace selections as serialized in files (HDF5 File Format Specification, section III.F).
 *
 * Pointed at by the mappings of virtual datasets and by references to regions, both of which keep them in heaps.
 */

export type StoredSelection =
  | { readonly kind: "none" }
  | { readonly kind: "all" }
  | { readonly kind: "points"; readonly rank: number; readonly points: Float64Array }
  | {
      readonly kind: "hyperslab";
      readonly rank: number;
      /** One entry a dimension; `count` and `block` may be `Infinity` (unlimited). */
      readonly start: readonly number[];
      readonly stride: readonly number[];
      readonly count: readonly number[];
      readonly block: readonly number[];
    }
  /** Irregular: for each block its `rank` start and `rank` (inclusive) end coordinates. */
  | { readonly kind: "blocks"; readonly rank: number; readonly corners: Float64Array };
