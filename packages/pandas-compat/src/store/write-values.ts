/** Values of frames as PyTables stores them: element by element into records, or one behind the other into arrays. */
import { DType, dtype, UnsupportedError } from "h5ts";
import { encodeText, type TextForm } from "../frame/text.ts";
import { lengthOf, type Values } from "../frame/values.ts";
import { halfBits } from "../json/array-json.ts";
import type { Generation } from "../python/text-pickle.ts";

/** Where elements go: element `i` to `offset + i * stride`. */
export interface Target {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly stride: number;
}

const BOOL: DType = dtype.bitfield("u1");

/** The datatype of elements that are stored; text of `width` bytes. UnsupportedError of values that are no elements. */
export function elementType(values: Values, width = 1): DType {
  switch (values.kind) {
    case "number":
      return DType.from(values.dtype);
    case "bool":
      return BOOL;
    case "complex":
      return DType.from(values.dtype);
    case "text":
      return dtype.string({ length: width, encoding: "ascii", padding: "nullterm" });
    case "categorical":
      return DType.from(`int${8 * values.codes.BYTES_PER_ELEMENT}`);
    case "object":
      throw new UnsupportedError("has objects, which stand in no table: they are for the fixed format", {
        structure: "pandas object",
      });
    default:
      return DType.from("int64");
  }
}

/** Bytes that the longest text takes, at least 1; missing text stands as `nanRep`. */
export function textWidth(data: readonly (string | null)[], form: TextForm): number {
  let width = 1;
  let missing = false;
  for (const text of data) {
    if (text === null) missing = true;
    // A character of a text takes 3 bytes at most of UTF-8, a pair of surrogates 4.
    else if (text.length > width || 3 * text.length > width) width = Math.max(width, encodedLength(text, form));
  }
  return missing ? Math.max(width, encodedLength(missingText(form), form)) : width;
}

/** UnsupportedError where nothing stands for missing text. */
function missingText({ nanRep }: TextForm): string {
  if (nanRep !== null) return nanRep;
  throw new UnsupportedError("has missing text, for which the table has no word", { structure: "pandas table" });
}

function encodedLength(text: string, form: TextForm): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return encodeText(text, form).length;
  return text.length;
}

const littleEndianHost = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The little-endian bytes of numbers. */
function littleBytes(data: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number }): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (littleEndianHost || data.BYTES_PER_ELEMENT === 1) return bytes;
  const turned = bytes.slice();
  for (let at = 0; at < turned.length; at += data.BYTES_PER_ELEMENT)
    turned.subarray(at, at + data.BYTES_PER_ELEMENT).reverse();
  return turned;
}

/** Writes values `from` to `to`; the first to the target's offset. */
export function writeElements(values: Values, form: TextForm, from: number, to: number, target: Target): undefined {
  switch (values.kind) {
    case "text":
      return writeTexts(values.data, form, from, to, target);
    case "bool":
      return scatter(values.data, 1, from, to, target);
    case "number": {
      if (values.dtype === "float16")
        return scatter(littleBytes(Uint16Array.from(values.data as Float32Array, halfBits)), 2, from, to, target);
      return scatter(littleBytes(values.data), values.data.BYTES_PER_ELEMENT, from, to, target);
    }
    case "complex":
      return scatter(littleBytes(values.data), 2 * values.data.BYTES_PER_ELEMENT, from, to, target);
    case "categorical":
      return scatter(littleBytes(values.codes), values.codes.BYTES_PER_ELEMENT, from, to, target);
    case "object":
      throw new UnsupportedError("has objects, which are no elements", { structure: "pandas object" });
    default:
      return scatter(littleBytes(values.data), 8, from, to, target);
  }
}

function scatter(
  source: Uint8Array,
  width: number,
  from: number,
  to: number,
  { bytes, offset, stride }: Target,
): undefined {
  if (stride === width) bytes.set(source.subarray(from * width, to * width), offset);
  else if (width === 8) {
    const read = new DataView(source.buffer, source.byteOffset, source.length);
    const write = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let i = from, at = offset; i < to; i++, at += stride) {
      write.setInt32(at, read.getInt32(8 * i, true), true);
      write.setInt32(at + 4, read.getInt32(8 * i + 4, true), true);
    }
  } else {
    for (let i = from, at = offset; i < to; i++, at += stride) {
      for (let k = 0; k < width; k++) bytes[at + k] = source[i * width + k];
    }
  }
}

/** The room of each text is that of the target's type: widths are checked before. */
function writeTexts(
  data: readonly (string | null)[],
  form: TextForm,
  from: number,
  to: number,
  target: Target,
): undefined {
  const { bytes, offset, stride } = target;
  for (let i = from, at = offset; i < to; i++, at += stride) {
    const text = data[i] ?? missingText(form);
    let k = 0;
    for (; k < text.length; k++) {
      const unit = text.charCodeAt(k);
      if (unit > 0x7f) break;
      bytes[at + k] = unit;
    }
    if (k < text.length) bytes.set(encodeText(text, form), at);
  }
}

/** Several columns of one datatype side by side, rows first. */
export function packColumns(columns: readonly Values[], type: DType, form: TextForm): Uint8Array {
  const rows = columns.length === 0 ? 0 : lengthOf(columns[0]);
  const stride = columns.length * type.itemsize;
  const bytes = new Uint8Array(rows * stride);
  columns.forEach((values, j) => {
    writeElements(values, form, 0, rows, { bytes, offset: j * type.itemsize, stride });
  });
  return bytes;
}

/** pandas' name for the type of times: that which old ones know, of nanoseconds, has no unit. */
export function momentName(values: Values, pandas: Generation = 3): string | undefined {
  if (values.kind !== "datetime" && values.kind !== "timedelta") return undefined;
  return `${values.kind}64${values.unit === "ns" && pandas === 1 ? "" : `[${values.unit}]`}`;
}
