/** Strings of fixed size (class 3), opaque bytes (class 5) and references (class 7): section IV.A.2.d. */
import { named } from "../../bytes/choice.ts";
import type { Fields } from "../../bytes/fields.ts";
import { encodeText } from "../../bytes/text.ts";
import type { ClassLayout } from "./class-layout.ts";
import {
  CHARSETS,
  type Charset,
  type OpaqueType,
  type ReferenceType,
  STRING_PADDINGS,
  type StringPadding,
  type StringType,
} from "./datatype.ts";

/** Padding and character set, four bits each. */
export function textFields(f: Fields, bits: number): { readonly padding: StringPadding; readonly charset: Charset } {
  return {
    padding: named(f, STRING_PADDINGS, bits & 0x0f, "string padding"),
    charset: named(f, CHARSETS, (bits >> 4) & 0x0f, "character set"),
  };
}

export const textBits = (t: { readonly padding: StringPadding; readonly charset: Charset }): number =>
  STRING_PADDINGS.indexOf(t.padding) | (CHARSETS.indexOf(t.charset) << 4);

export const stringLayout: ClassLayout<StringType> = {
  bits: textBits,
  properties: (f, head) => ({ class: "string", size: head.size, version: head.version, ...textFields(f, head.bits) }),
};

/** The tag takes a multiple of eight bytes, at most 248. */
const tagBytes = (tag: string): number => (encodeText(tag).length + 7) & ~7;

export const opaqueLayout: ClassLayout<OpaqueType> = {
  bits: (t) => tagBytes(t.tag),
  properties: (f, head, v) => {
    const length = head.bits & 0xff;
    const padded = f.text(v && v.tag + "\0".repeat(tagBytes(v.tag) - encodeText(v.tag).length), length);
    const nul = padded.indexOf("\0");
    const tag = nul < 0 ? padded : padded.slice(0, nul);
    return { class: "opaque", size: head.size, version: head.version, tag };
  },
};

/** 0 and 1 are the old forms; 2 to 4 are written by HDF5 1.12, and hold any kind. */
const KINDS = ["object", "region", "standard", "standard", "standard"] as const;
const ENCODING_VERSION = 0x10;

export const referenceLayout: ClassLayout<ReferenceType> = {
  bits: (t) => KINDS.indexOf(t.kind) | (t.kind === "standard" ? ENCODING_VERSION : 0),
  properties: (f, head) => ({
    class: "reference",
    size: head.size,
    version: head.version,
    kind: named(f, KINDS, head.bits & 0x0f, "kind of reference"),
  }),
};
