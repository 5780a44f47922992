/** Which type of Arrow's a datatype of HDF5's is, where nothing else is known. */
import type { DataType, Field } from "apache-arrow";
import { type DType, DTypeError, type FileDatatype, UnsupportedError } from "h5ts";
import type { Codec, CodecContext, ColumnCodec } from "./codec.ts";
import { bigIntegerCodec, binaryCodec, fixedBytesCodec } from "./codecs/bytes.ts";
import { enumCodec, valuesCodec } from "./codecs/dictionaries.ts";
import { complexCodec } from "./codecs/intervals.ts";
import { fixedListCodec, listCodec, structCodec } from "./codecs/nested.ts";
import { boolCodec, convertedCodec, halfCodec, numberCodec } from "./codecs/numbers.ts";
import { textCodec } from "./codecs/text.ts";
import { utf8 } from "./codecs/text-memory.ts";
import { timeCodec } from "./codecs/times.ts";
import { numbersFor } from "./elements.ts";
import { tensorMetadata } from "./tensors.ts";
import { type TimeUnitName, timeUnit } from "./time-units.ts";

/** How elements of a datatype become a column. UnsupportedError for references, which lead nowhere outside of their file. */
export function naturalCodec(context: CodecContext, dtype: DType): Codec {
  const type = dtype.datatype;
  switch (type.class) {
    case "integer":
    case "bitfield":
    case "time":
      return integerCodec(context, dtype);
    case "float":
      return floatCodec(context, dtype);
    case "enum":
      return namedCodec(context, dtype);
    case "string":
      return stringCodec(context, dtype);
    case "opaque":
      return opaqueCodec(context, dtype);
    case "vlen":
      return type.kind === "string" ? stringCodec(context, dtype) : sequenceCodec(context, dtype);
    case "array":
      return arrayCodec(context, dtype, type.dims);
    case "complex":
    case "compound":
      return dtype.fields === undefined ? partsCodec(context, dtype) : membersCodec(context, dtype);
    case "reference":
      throw new UnsupportedError("references have no meaning outside of their file: choose other columns", {
        structure: dtype.name,
      });
  }
}

function integerCodec(context: CodecContext, dtype: DType): Codec {
  const { arrow } = context;
  const like = numbersFor(dtype.datatype);
  if (like === undefined) return bigIntegerCodec(context, dtype);
  return numberCodec(context, integerType(arrow, like), dtype);
}

/** The integers that a typed array holds. */
export function integerType(arrow: CodecContext["arrow"], like: ArrayBufferView): DataType {
  if (like instanceof Int8Array) return new arrow.Int8();
  if (like instanceof Uint8Array) return new arrow.Uint8();
  if (like instanceof Int16Array) return new arrow.Int16();
  if (like instanceof Uint16Array) return new arrow.Uint16();
  if (like instanceof Int32Array) return new arrow.Int32();
  if (like instanceof Uint32Array) return new arrow.Uint32();
  return like instanceof BigInt64Array ? new arrow.Int64() : new arrow.Uint64();
}

/** Formats that Arrow lacks become the next wider ones. */
function floatCodec(context: CodecContext, dtype: DType): Codec {
  const { arrow } = context;
  if (dtype.name === "float16") return halfCodec(context, dtype);
  if (numbersFor(dtype.datatype) instanceof Float32Array) return numberCodec(context, new arrow.Float32(), dtype);
  const widest = (values: unknown): Float64Array<ArrayBuffer> =>
    values instanceof Float64Array ? (values as Float64Array<ArrayBuffer>) : Float64Array.from(values as Float32Array);
  return convertedCodec(context, new arrow.Float64(), dtype, widest, widest);
}

function namedCodec(context: CodecContext, dtype: DType): Codec {
  if (dtype.name === "bool") return boolCodec(context, dtype);
  const { arrow, options } = context;
  const { base } = dtype;
  const like = numbersFor(base!.datatype);
  if (like === undefined) throw new DTypeError("has no values that Arrow can number", { structure: "enumeration" });
  if (options.enums === "integers") return { ...integerCodec(context, base!), dtype };
  const indices = indexType(arrow, like.BYTES_PER_ELEMENT, dtype.members!.size);
  return enumCodec(context, new arrow.Dictionary(new arrow.Utf8(), indices), dtype);
}

type Indices = ConstructorParameters<CodecContext["arrow"]["Dictionary"]>[1];

/** With a sign, which other implementations want, and as wide as the values where all names can be counted so. */
function indexType(arrow: CodecContext["arrow"], width: number, names: number): Indices {
  if (width === 1 && names <= 0x80) return new arrow.Int8();
  return width <= 2 && names <= 0x8000 ? new arrow.Int16() : new arrow.Int32();
}

function stringCodec(context: CodecContext, dtype: DType): Codec {
  const text = textCodec(context, dtype);
  const { arrow, options } = context;
  if (options.text !== "dictionary") return text;
  return valuesCodec(context, new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()), text);
}

/** Dates and durations in units that Arrow has; other units stay numbers, other opaque elements bytes. */
function opaqueCodec(context: CodecContext, dtype: DType): Codec {
  const { arrow } = context;
  const { unit, name } = dtype;
  if (unit === undefined) return fixedBytesCodec(context, new arrow.FixedSizeBinary(dtype.itemsize), dtype);
  const isDate = name.startsWith("datetime64");
  if (unit === "D" && isDate) return timeCodec(context, new arrow.DateDay(), dtype);
  const arrowUnit = timeUnit(arrow, unit as TimeUnitName);
  if (arrowUnit === undefined) return { ...timeCodec(context, new arrow.Int64(), dtype) };
  return timeCodec(context, isDate ? new arrow.Timestamp(arrowUnit) : new arrow.Duration(arrowUnit), dtype);
}

function sequenceCodec(context: CodecContext, dtype: DType): Codec {
  const { arrow } = context;
  const item = naturalCodec(context, dtype.base!);
  if (isByteSequence(dtype)) return binaryCodec(context, false, dtype);
  return listCodec(context, new arrow.List(fieldOf(context, "item", item)), dtype, item, false);
}

/** Sequences of opaque bytes are bytes; those of numbers are lists. */
function isByteSequence(dtype: DType): boolean {
  const { datatype } = dtype.base!;
  return datatype.class === "opaque" && datatype.size === 1;
}

function arrayCodec(context: CodecContext, dtype: DType, dims: readonly number[]): Codec {
  const item = naturalCodec(context, dtype.base!);
  return arrayOf(context, dtype, dims, item);
}

/** Arrays of several axes: one list of all numbers, whose shape is told beside it; else lists of lists. */
export function arrayOf(context: CodecContext, dtype: DType, dims: readonly number[], item: Codec): Codec {
  const { arrow } = context;
  const whole = dims.length === 1 || tensorMetadata(arrow, item.type, dims) !== undefined;
  const [first, ...others] = whole ? [dims.reduce((product, dim) => product * dim, 1)] : dims;
  const inner = others.length === 0 ? item : arrayOf(context, item.dtype, others, item);
  return fixedListCodec(context, new arrow.FixedSizeList(first, fieldOf(context, "item", inner)), dtype, inner, first);
}

function partsCodec(context: CodecContext, dtype: DType): Codec {
  return complexCodec(context, naturalCodec(context, dtype.base!), dtype);
}

function membersCodec(context: CodecContext, dtype: DType): Codec {
  const columns = memberColumns(context, dtype);
  return structCodec(context, new context.arrow.Struct(columns.map(({ field }) => field)), dtype, columns);
}

/** A column for each member of a compound. */
export function memberColumns(context: CodecContext, dtype: DType): ColumnCodec[] {
  return [...dtype.fields!].map(([name, field]) => {
    const codec = naturalCodec(context, field.dtype);
    return { name, codec, field: fieldOf(context, name, codec) };
  });
}

/** The field of a column: only times may be missing, by what they are. */
export function fieldOf({ arrow }: CodecContext, name: string, { type, dtype, ownNulls }: Codec): Field {
  const dims = dimsOf(dtype.datatype);
  const metadata = dims.length > 1 ? tensorMetadata(arrow, itemType(arrow, type), dims) : undefined;
  return new arrow.Field(utf8(name), type, ownNulls === true, metadata);
}

const dimsOf = (type: FileDatatype): readonly number[] => (type.class === "array" ? type.dims : []);

const itemType = (arrow: CodecContext["arrow"], type: DataType): DataType =>
  arrow.DataType.isFixedSizeList(type) ? type.children[0].type : type;
