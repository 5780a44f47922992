/** Fill value message, type 0x0005, and the old one, 0x0004 (HDF5 File Format Specification, sections IV.A.2.e and f). */

export interface FillValue {
  /**
   * `"default"`: zero bytes; `"user"`: `value`; `"undefined"`: the writer left unwritten elements as they come, and
   * readers get zeros.
   */
  readonly defined: "default" | "user" | "undefined";
  /** One element in the file's own bytes, where `defined` is `"user"`. */
  readonly value?: Uint8Array;
  readonly allocTime: "early" | "late" | "incremental";
  readonly writeTime: "onalloc" | "never" | "ifset";
  /** Version of the message found, 1 to 3; 0 stands for the old message. */
  readonly version?: 0 | 1 | 2 | 3;
}
