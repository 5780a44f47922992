/**
 * Attribute message, type 0x000C (HDF5 File Format Specification, section IV.A.2.m): one attribute. Stands in the object's
 * header, in its fractal heap, or in the heap of shared messages.
 *
 * Datatype and dataspace are kept as bytes: they are messages of their own, which may be shared, and which most readers
 * of an attribute's name never need.
 */
import { codeOf, named } from "../../bytes/choice.ts";
import type { Decoder } from "../../bytes/decoder.ts";
import { smallBytes } from "../../bytes/encode.ts";
import type { Fields } from "../../bytes/fields.ts";
import { encodeText } from "../../bytes/text.ts";
import { CHARSETS, type Charset } from "../datatype/datatype.ts";

export interface AttributeMessage {
  readonly version: 1 | 2 | 3;
  readonly name: string;
  /** Version 3 stores it; `"ascii"` before. */
  readonly charset: Charset;
  /** Whether the bytes are a shared message that points at the datatype; not in version 1. */
  readonly datatypeShared: boolean;
  readonly datatype: Uint8Array;
  readonly dataspaceShared: boolean;
  readonly dataspace: Uint8Array;
  /** The rest: the elements, perhaps with padding behind them. */
  readonly data: Uint8Array;
}

const WRONG_VERSION = "has a version that is not known";
const TYPE_SHARED = 1;
const SPACE_SHARED = 2;

export function attributeMessage(f: Fields, v?: AttributeMessage): AttributeMessage {
  const version = f.u8(v?.version);
  if (version !== 1 && version !== 2 && version !== 3) {
    return f.fail(WRONG_VERSION, version, "1 to 3");
  }
  const flags = f.u8(v && (v.datatypeShared ? TYPE_SHARED : 0) | (v.dataspaceShared ? SPACE_SHARED : 0));
  if (version > 1 && flags > 3) f.fail("has unknown flags", flags, "0 to 3");
  const nameLength = f.u16(v && encodeText(v.name).length + 1);
  const typeLength = f.u16(v?.datatype.length);
  const spaceLength = f.u16(v?.dataspace.length);
  const charset = version === 3 ? named(f, CHARSETS, f.u8(codeOf(CHARSETS, v?.charset)), "character set") : "ascii";
  const old = version === 1;
  const name = nameField(f, nameLength, old, v?.name);
  const datatype = part(f, typeLength, old, v?.datatype);
  const dataspace = part(f, spaceLength, old, v?.dataspace);
  return {
    version,
    name,
    charset,
    datatypeShared: !old && (flags & TYPE_SHARED) !== 0,
    datatype,
    dataspaceShared: !old && (flags & SPACE_SHARED) !== 0,
    dataspace,
    data: f.bytes(v?.data, f.reading ? f.remaining : v!.data.length),
  };
}

function nameField(f: Fields, length: number, padded: boolean, v?: string): string {
  const start = f.position;
  const name = f.cstring(v);
  if (f.position - start !== length) f.fail("has a name of another length", f.position - start, String(length));
  if (padded) f.pad(8, start);
  return name;
}

function part(f: Fields, length: number, padded: boolean, v?: Uint8Array): Uint8Array {
  const start = f.position;
  const bytes = f.bytes(v, length);
  if (padded) f.pad(8, start);
  return bytes;
}

/** An attribute message on its way to being bytes. */
export interface NewAttributeMessage extends Omit<AttributeMessage, "name" | "data" | "dataspaceShared"> {
  /** Without its NUL. */
  readonly name: Uint8Array;
  /** Bytes of the elements. */
  readonly size: number;
}

/** The twin of {@link attributeMessage} for writing: the bytes without the elements, which begin at `data`. */
export function newAttribute(v: NewAttributeMessage): {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly data: number;
} {
  const old = v.version === 1;
  const pad = (length: number): number => (old ? Math.ceil(length / 8) * 8 : length);
  const name = v.version === 3 ? 9 : 8;
  const datatype = name + pad(v.name.length + 1);
  const dataspace = datatype + pad(v.datatype.length);
  const data = dataspace + pad(v.dataspace.length);
  const bytes = smallBytes(data + v.size);
  bytes[0] = v.version;
  bytes[1] = v.datatypeShared ? TYPE_SHARED : 0;
  put16(bytes, 2, v.name.length + 1);
  put16(bytes, 4, v.datatype.length);
  put16(bytes, 6, v.dataspace.length);
  if (v.version === 3) bytes[8] = codeOf(CHARSETS, v.charset)!;
  bytes.set(v.name, name);
  bytes.set(v.datatype, datatype);
  bytes.set(v.dataspace, dataspace);
  return { bytes, data };
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value & 0xff;
  bytes[at + 1] = value >> 8;
}

/**
 * Whether an attribute message has another name than this, as far as can be told without decoding: most messages that a
 * look-up comes by.
 *
 * @param bytes holds the message from `offset` on, `length` bytes
 */
export function isNamedOtherwise(name: string, bytes: Uint8Array, offset: number, length: number): boolean {
  const version = bytes[offset];
  const start = version === 3 ? 9 : 8;
  if (length < start || version > 3) return false;
  const end = start + (bytes[offset + 2] | (bytes[offset + 3] << 8)) - 1;
  if (end > length) return false;
  const count = Math.min(name.length, end - start);
  for (let i = 0; i < count; i++) {
    const code = name.charCodeAt(i);
    const byte = bytes[offset + start + i];
    if ((code | byte) >= 0x80) return false;
    if (code !== byte) return true;
  }
  return name.length !== end - start;
}

/** An attribute message on its way to being an attribute: its parts in place, to be read next. */
export interface AttributeParts extends Omit<AttributeMessage, "datatype" | "dataspace"> {
  readonly datatype: Decoder;
  readonly dataspace: Decoder;
}

/**
 * The twin of {@link attributeMessage} for reading: an array and a view for each part of each attribute would take longer
 * than all the rest.
 */
export function readAttribute(f: Decoder): AttributeParts {
  const version = f.u8();
  if (version !== 1 && version !== 2 && version !== 3) return f.fail(WRONG_VERSION, version, "1 to 3");
  const old = version === 1;
  const flags = f.u8();
  if (!old && flags > 3) f.fail("has unknown flags", flags, "0 to 3");
  const nameLength = f.u16();
  const typeLength = f.u16();
  const spaceLength = f.u16();
  const charset = version === 3 ? named(f, CHARSETS, f.u8(), "character set") : "ascii";
  const name = nameField(f, nameLength, old);
  const datatype = f.sub(typeLength, "Datatype message");
  if (old) f.pad(8, f.position - typeLength);
  const dataspace = f.sub(spaceLength, "Dataspace message");
  if (old) f.pad(8, f.position - spaceLength);
  return {
    version,
    name,
    charset,
    datatypeShared: !old && (flags & TYPE_SHARED) !== 0,
    datatype,
    dataspaceShared: !old && (flags & SPACE_SHARED) !== 0,
    dataspace,
    data: f.bytes(undefined, f.remaining),
  };
}
