/**
 * Link message, type 0x0006 (HDF5 File Format Specification, section IV.A.2.g): one link of a new-style group. Stands in the
 * group's header or in its fractal heap.
 */
import type { Address } from "../../bytes/address.ts";
import { codeOf, named } from "../../bytes/choice.ts";
import type { Fields } from "../../bytes/fields.ts";
import { encodeText } from "../../bytes/text.ts";
import { CHARSETS, type Charset } from "../datatype/datatype.ts";

export type LinkValue =
  | { readonly type: "hard"; readonly address: Address }
  | { readonly type: "soft"; readonly target: string }
  | { readonly type: "external"; readonly file: string; readonly target: string; readonly flags: number }
  | { readonly type: "user"; readonly code: number; readonly data: Uint8Array };

export type LinkMessage = LinkValue & {
  readonly name: string;
  readonly charset: Charset;
  readonly creationOrder?: number;
};

const HAS_ORDER = 0x04;
const HAS_TYPE = 0x08;
const HAS_CHARSET = 0x10;
const ALL_FLAGS = 0x1f;

const HARD = 0;
const SOFT = 1;
const EXTERNAL = 64;

export function linkMessage(f: Fields, v?: LinkMessage): LinkMessage {
  const version = f.u8(1);
  if (version !== 1) f.fail("has a version that is not known", version, "1");
  const name = v && encodeText(v.name);
  const flags = f.u8(v && name && flagsOf(v, name.length));
  if ((flags & ~ALL_FLAGS) !== 0) f.fail("has unknown flags", `0x${flags.toString(16)}`);
  const code = (flags & HAS_TYPE) !== 0 ? f.u8(v && codeOfLink(v)) : HARD;
  const creationOrder = (flags & HAS_ORDER) !== 0 ? f.u64(v?.creationOrder) : undefined;
  const charset =
    (flags & HAS_CHARSET) !== 0 ? named(f, CHARSETS, f.u8(codeOf(CHARSETS, v?.charset)), "character set") : "ascii";
  const length = f.uint(name?.length, 1 << (flags & 3));
  if (length === 0) f.fail("has an empty name");
  const text = f.text(v?.name, length);
  const common: LinkName = { name: text, charset, creationOrder };
  return linkOf(f, code, common, v);
}

/** What links of all types have. */
interface LinkName {
  readonly name: string;
  readonly charset: Charset;
  readonly creationOrder?: number;
}

function flagsOf(v: LinkMessage, nameLength: number): number {
  const width = nameLength > 0xffff ? 2 : nameLength > 0xff ? 1 : 0;
  return (
    width |
    (v.creationOrder === undefined ? 0 : HAS_ORDER) |
    (v.type === "hard" ? 0 : HAS_TYPE) |
    (v.charset === "ascii" ? 0 : HAS_CHARSET)
  );
}

function codeOfLink(v: LinkMessage): number {
  return v.type === "hard" ? HARD : v.type === "soft" ? SOFT : v.type === "external" ? EXTERNAL : v.code;
}

/** Written out: a spread object costs a hundred times as much, and groups have many links. */
function linkOf(f: Fields, code: number, { name, charset, creationOrder }: LinkName, v?: LinkMessage): LinkMessage {
  if (code === HARD) {
    const address = f.address(v?.type === "hard" ? v.address : undefined) ?? f.fail("is hard and has no address");
    return { type: "hard", name, charset, creationOrder, address };
  }
  if (code === SOFT) {
    return { type: "soft", name, charset, creationOrder, target: softTarget(f, v) };
  }
  if (code < EXTERNAL) return f.fail("is of a type that is not known", code, "0, 1 or 64 to 255");
  if (code === EXTERNAL) {
    const { file, target, flags } = externalValue(f, v?.type === "external" ? v : undefined);
    return { type: "external", name, charset, creationOrder, file, target, flags };
  }
  const data = v?.type === "user" ? v.data : undefined;
  return { type: "user", name, charset, creationOrder, code, data: f.bytes(data, f.u16(data?.length)) };
}

function softTarget(f: Fields, v?: LinkMessage): string {
  const target = v?.type === "soft" ? v.target : undefined;
  const length = f.u16(target === undefined ? undefined : encodeText(target).length);
  if (length === 0) f.fail("is soft and has no target");
  return f.text(target, length);
}

type ExternalValue = Omit<Extract<LinkValue, { type: "external" }>, "type">;

function externalValue(f: Fields, v?: ExternalValue): ExternalValue {
  const length = f.u16(v && 3 + encodeText(v.file).length + encodeText(v.target).length);
  const end = f.position + length;
  const head = f.u8(v?.flags);
  if (head >> 4 !== 0) f.fail("is external in a version that is not known", head >> 4, "0");
  const file = f.cstring(v?.file);
  const target = f.cstring(v?.target);
  if (f.position > end) f.fail("is external and longer than its value", f.position - end + length, String(length));
  f.reserved(end - f.position);
  return { file, target, flags: head & 0x0f };
}
