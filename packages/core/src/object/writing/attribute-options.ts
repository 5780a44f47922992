/** Options of new attributes. */
import type { DTypeLike } from "../../data/dtype/like.ts";
import type { Datatype } from "../datatype.ts";
import type { CallOptions, Mode } from "../mode.ts";

/** Options of `attrs.create`. */
export interface AttributeOptions extends CallOptions {
  /** Elements along each axis; as many in all as the value has. Default: the value's own shape. */
  readonly shape?: readonly number[] | number;
  /** Default: as the value is. A committed datatype of the file is referred to. */
  readonly dtype?: DTypeLike | Datatype<Mode>;
  /** The value is a `Uint8Array` of elements as they are to stand in the file; `dtype`, of fixed size, must be given. Default false. */
  readonly asBytes?: boolean;
}
