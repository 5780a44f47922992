/** Object comment message, type 0x000D (HDF5 File Format Specification, section IV.A.2.n): a short text about the object. */
import type { Fields } from "../../bytes/fields.ts";

export interface ObjectComment {
  readonly comment: string;
}

export function objectCommentMessage(f: Fields, v?: ObjectComment): ObjectComment {
  return { comment: f.cstring(v?.comment) };
}
