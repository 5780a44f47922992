/** Committed (named) datatypes. */
import type { DatatypeInfo } from "../contract.ts";
import { DType } from "../data/dtype/dtype.ts";
import type { Mode } from "./mode.ts";
import { H5Object } from "./object.ts";

/** A datatype that is an object of its own, for datasets and attributes to share. */
export class Datatype<out M extends Mode> extends H5Object<M, DatatypeInfo> {
  /** Tells datatypes from other objects. */
  override readonly kind: "datatype" = "datatype";
  private type: DType | undefined;

  /** The datatype. */
  get dtype(): DType {
    return (this.type ??= new DType(this.info.datatype));
  }

  protected override describe(): string {
    return `named type ${this.quoted()} (dtype ${this.dtype})`;
  }
}
