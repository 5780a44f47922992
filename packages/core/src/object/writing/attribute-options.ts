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
}
