/** Datatypes that are asked for: names, datatypes, and those that are committed in the file. */
import type { DatasetInfo } from "../../contract.ts";
import { DType } from "../../data/dtype/dtype.ts";
import type { DTypeLike } from "../../data/dtype/like.ts";
import { DTypeError } from "../../errors.ts";
import type { Datatype } from "../datatype.ts";
import type { Mode } from "../mode.ts";
import { nodeOf } from "../object.ts";
import type { Session } from "../session.ts";

export interface AskedType {
  readonly datatype: DatasetInfo["datatype"];
  /** Address of the committed datatype. */
  readonly committed?: DatasetInfo["committed"];
}

/** Whether it is an object of a file. */
export const isCommitted = (dtype: DTypeLike | Datatype<Mode>): dtype is Datatype<Mode> =>
  typeof dtype === "object" && "kind" in dtype && dtype.kind === "datatype";

/** The datatype that is meant. DTypeError where there is none, or it is committed in another file. */
export function askedType(dtype: DTypeLike | Datatype<Mode>, session: Session<Mode>): AskedType {
  if (!isCommitted(dtype)) return { datatype: DType.from(dtype).datatype };
  const node = nodeOf(dtype);
  node.check?.();
  const { datatype, address } = node.info;
  if (node.session === session) return { datatype, committed: address };
  throw new DTypeError("is committed in another file", { found: dtype.name, allowed: "its dtype" });
}
