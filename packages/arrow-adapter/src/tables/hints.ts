/** Fields that say which datatype they come from, where their type does not. */
import type { Field } from "apache-arrow";
import type { DType } from "h5ts";
import type { CodecContext } from "../codec.ts";
import { DTYPE_KEY, notationOf } from "../notation.ts";
import { storedCodec } from "../stored.ts";

/** The field, with the datatype in its metadata if the way back would lead to another. */
export function withHint(context: CodecContext, field: Field, type: DType): Field {
  if (storedCodec(context, field).dtype.equals(type)) return field;
  // Text that was mended has other lengths.
  if (type.class === "string" && context.options.badText === "replace") return field;
  const notation = notationOf(type);
  return notation === undefined ? field : withMetadata(context, field, [[DTYPE_KEY, notation]]);
}

/** The field with more metadata. */
export function withMetadata({ arrow }: CodecContext, field: Field, more: Iterable<readonly [string, string]>): Field {
  return new arrow.Field(field.name, field.type, field.nullable, new Map([...field.metadata, ...more]));
}
