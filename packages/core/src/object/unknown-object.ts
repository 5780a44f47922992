/** An object whose header fits none of the kinds that this version of the format knows. */
import type { UnknownInfo } from "../contract.ts";
import type { Mode } from "./mode.ts";
import { H5Object } from "./object.ts";

/** It has a place, attributes and a raw header; nothing more is known of it. */
export class UnknownObject<out M extends Mode> extends H5Object<M, UnknownInfo> {
  /** Tells it from objects of known kinds. */
  override readonly kind: "unknown" = "unknown";

  protected override describe(): string {
    return `object of unknown kind ${this.quoted()}`;
  }
}
