/** Attributes as PyTables writes them. */
import { DType, dtype, Empty } from "h5ts";
import { type Generation, textPickle } from "../python/text-pickle.ts";
import type { AnyNode } from "./attributes.ts";

/** An attribute's value, and how it is kept where that does not follow from it. */
export type Stored =
  /** Text in UTF-8, of just its length. */
  | { readonly as: "text"; readonly value: string }
  /** Bytes, which PyTables keeps apart from text by their character set. */
  | { readonly as: "bytes"; readonly value: Uint8Array }
  | { readonly as: "pickle"; readonly value: unknown; readonly pandas?: Generation }
  | { readonly as: "bool"; readonly value: boolean }
  | { readonly as: NumberType; readonly value: number | bigint };

type NumberType =
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float32"
  | "float64";

export const asText = (value: string): Stored => ({ as: "text", value });
export const asBytes = (value: string): Stored => ({ as: "bytes", value: new TextEncoder().encode(value) });
export const asPickle = (value: unknown, pandas?: Generation): Stored => ({
  as: "pickle",
  value,
  ...(pandas === undefined ? {} : { pandas }),
});
export const asBool = (value: boolean): Stored => ({ as: "bool", value });
export const asInt64 = (value: number | bigint): Stored => ({ as: "int64", value });

/** A name or label: text as it is, an integer as a number, everything else as a pickle. */
export function asName(value: unknown, pandas?: Generation): Stored {
  if (typeof value === "string") return asText(value);
  if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return asInt64(value);
  if (typeof value === "boolean") return asBool(value);
  return typeof value === "number" ? { as: "float64", value } : asPickle(value, pandas);
}

const string = (length: number, encoding: "ascii" | "utf-8"): DType =>
  dtype.string({ length, encoding, padding: "nullterm" });

/** Gives an object these attributes, one after the other. */
export async function writeAttributes(object: AnyNode, attributes: Readonly<Record<string, Stored>>): Promise<void> {
  for (const [name, stored] of Object.entries(attributes)) await writeAttribute(object, name, stored);
}

async function writeAttribute({ attrs }: AnyNode, name: string, stored: Stored): Promise<void> {
  switch (stored.as) {
    case "text":
      return textAttribute(attrs, name, new TextEncoder().encode(stored.value), "utf-8");
    case "bytes":
      return textAttribute(attrs, name, stored.value.length === 0 ? new Uint8Array(1) : stored.value, "ascii");
    case "pickle":
      return textAttribute(attrs, name, new TextEncoder().encode(textPickle(stored.value, stored.pandas)), "ascii");
    case "bool":
      return attrs.create(name, stored.value ? 1 : 0, { dtype: dtype.bitfield("u1") });
    default:
      return attrs.create(name, stored.value, { dtype: stored.as });
  }
}

async function textAttribute(
  attrs: AnyNode["attrs"],
  name: string,
  bytes: Uint8Array,
  encoding: "ascii" | "utf-8",
): Promise<void> {
  const type = string(Math.max(1, bytes.length), encoding);
  if (bytes.length === 0) await attrs.create(name, new Empty([], new DType(type.datatype)));
  else await attrs.create(name, bytes, { dtype: type, asBytes: true });
}
