/** Filter pipeline message, type 0x000B (HDF5 File Format Specification, section IV.A.2.l): the filters of chunks and of fractal heaps. */

export interface FilterDescription {
  /** Number in the HDF Group's registry. */
  readonly id: number;
  /** As stored; empty where the message has none. */
  readonly name: string;
  /** Bit 0: optional, may be skipped for a chunk on writing. */
  readonly flags: number;
  readonly clientData: readonly number[];
}

/** In the order of writing; reading undoes them from the last. */
export interface FilterPipeline {
  readonly version?: 1 | 2;
  readonly filters: readonly FilterDescription[];
}
