/** Which datatype of HDF5's a field of Arrow's is kept as: what its metadata says, else what suits its type. */
import type { DataType, Dictionary, Field, Union } from "apache-arrow";
import { type DType, type DTypeLike, dtype, UnsupportedError } from "h5ts";
import { MASK_KEY, NAME_KEY, plainType, STORED_KEY } from "./annotations.ts";
import type { Codec, CodecContext, ColumnCodec } from "./codec.ts";
import { binaryCodec, fixedBytesCodec } from "./codecs/bytes.ts";
import { enumCodec, valuesCodec } from "./codecs/dictionaries.ts";
import { complexCodec, dayTimeCodec, monthDayNanoCodec } from "./codecs/intervals.ts";
import { fixedListCodec, listCodec, maskedCodec, placeholderCodec, structCodec } from "./codecs/nested.ts";
import { boolCodec, halfCodec, numberCodec } from "./codecs/numbers.ts";
import { largeTextCodec, textCodec, viewCodec } from "./codecs/text.ts";
import { timeCodec } from "./codecs/times.ts";
import { TYPE_ID, unionCodec } from "./codecs/unions.ts";
import { FILL_KEY, filledCodec, fillOf } from "./fills.ts";
import { naturalCodec } from "./natural.ts";
import { DTYPE_KEY, datatypeOf } from "./notation.ts";
import { tensorShape } from "./tensors.ts";
import { unitName } from "./time-units.ts";

/** Columns of annotated fields: the members of a compound, the datasets of a group. */
export function storedColumns(context: CodecContext, fields: readonly Field[]): ColumnCodec[] {
  return fields.map((field) => ({
    field,
    codec: columnCodec(context, field),
    name: field.metadata.get(NAME_KEY) ?? field.name,
    mask: field.metadata.get(MASK_KEY),
  }));
}

/** How a column is kept: with a value for null where its field says so. */
function columnCodec(context: CodecContext, field: Field): Codec {
  const codec = storedCodec(context, field);
  const fill = fillOf(context.arrow, field.type, field.metadata.get(FILL_KEY));
  return fill === undefined ? codec : filledCodec(codec, fill, field.name);
}

/** The compound of columns and their masks. */
export function compoundOf(columns: readonly ColumnCodec[], before: readonly [string, DTypeLike][] = []): DType {
  return dtype.compound([
    ...before,
    ...columns.flatMap(({ name, codec, mask }): [string, DTypeLike][] =>
      mask === undefined
        ? [[name, codec.dtype]]
        : [
            [name, codec.dtype],
            [mask, "bool"],
          ],
    ),
  ]);
}

/** How values of a field are kept: with their mask, where there is one and nothing around them that holds it. */
function itemCodec(context: CodecContext, field: Field): Codec {
  const [column] = storedColumns(context, [field]);
  return column.mask === undefined ? column.codec : maskedCodec(column, compoundOf([column]));
}

/** How a field is kept. */
export function storedCodec(context: CodecContext, field: Field): Codec {
  const hinted = hintedCodec(context, field);
  if (hinted !== undefined) return hinted;
  const { arrow } = context;
  const { DataType: is } = arrow;
  const type = field.type as DataType;
  if (is.isStruct(type) || is.isUnion(type)) return recordCodec(context, type);
  if (is.isList(type) || is.isLargeList(type) || is.isMap(type)) {
    const item = itemCodec(context, type.children[0]);
    return listCodec(context, plainType(arrow, type), dtype.vlen(item.dtype), item, is.isLargeList(type));
  }
  if (is.isFixedSizeList(type)) return fixedCodec(context, field, type);
  if (is.isDictionary(type)) return valuesCodec(context, type, valueCodec(context, type.dictionary));
  return valueCodec(context, type);
}

/** What the metadata says, where the type is the one that it leads to. */
function hintedCodec(context: CodecContext, field: Field): Codec | undefined {
  const hint = datatypeOf(field.metadata.get(STORED_KEY) ?? field.metadata.get(DTYPE_KEY));
  if (hint === undefined) return undefined;
  const { arrow } = context;
  const type = field.type as DataType;
  if (arrow.DataType.isDictionary(type)) return hintedDictionary(context, type, hint);
  const enums = arrow.DataType.isInt(type) ? "integers" : "dictionary";
  const codec = naturalCodec({ arrow, options: { ...context.options, enums, text: "utf8" } }, hint);
  return sameType(codec.type, type) ? { ...codec, type: plainType(arrow, type) } : undefined;
}

function hintedDictionary(context: CodecContext, type: Dictionary, hint: DType): Codec | undefined {
  const { DataType: is } = context.arrow;
  if (hint.class === "enum" && hint.name !== "bool") {
    return is.isUtf8(type.dictionary) || is.isLargeUtf8(type.dictionary) ? enumCodec(context, type, hint) : undefined;
  }
  const value = naturalCodec({ ...context, options: { ...context.options, text: "utf8" } }, hint);
  return sameType(value.type, type.dictionary) ? valuesCodec(context, type, value) : undefined;
}

/** Whether types are alike, whatever the metadata of fields inside of them. */
export const sameType = (a: DataType, b: DataType): boolean => String(a) === String(b) && bitsOf(a) === bitsOf(b);

const bitsOf = (type: DataType): number | undefined => (type as { bitWidth?: number }).bitWidth;

const PLACEHOLDER = dtype("u1");

function recordCodec(context: CodecContext, type: DataType): Codec {
  const { arrow } = context;
  const plain = plainType(arrow, type);
  if (type.children!.length === 0) return placeholderCodec(context, plain, PLACEHOLDER);
  const columns = storedColumns(context, type.children!);
  if (!arrow.DataType.isUnion(type)) return memberCodec(context, plain, columns);
  return unionCodec(context, plain as Union, compoundOf(columns, [[TYPE_ID, "i1"]]), columns);
}

/** Two floats that are called r and i are a complex number to HDF5. */
function memberCodec(context: CodecContext, type: DataType, columns: readonly ColumnCodec[]): Codec {
  const compound = compoundOf(columns);
  if (compound.fields === undefined) return { ...complexCodec(context, columns[0].codec, compound), type };
  return structCodec(context, type, compound, columns);
}

function fixedCodec(context: CodecContext, field: Field, type: DataType & { listSize: number }): Codec {
  const plain = plainType(context.arrow, type);
  if (type.listSize === 0) return placeholderCodec(context, plain, PLACEHOLDER);
  const item = itemCodec(context, type.children![0]);
  const dims = tensorShape(field, type.listSize) ?? [type.listSize];
  return fixedListCodec(context, plain, dtype.array(item.dtype, dims), item, type.listSize);
}

/** Values without children. */
function valueCodec(context: CodecContext, type: DataType): Codec {
  const { arrow } = context;
  const { DataType: is } = arrow;
  if (is.isInt(type)) return numberCodec(context, type, dtype(`${type.isSigned ? "i" : "u"}${type.bitWidth / 8}`));
  if (is.isFloat(type)) return floatCodec(context, type);
  if (is.isBool(type)) return boolCodec(context, dtype("bool"));
  if (is.isUtf8(type)) return textCodec(context, dtype.string());
  if (is.isLargeUtf8(type)) return largeTextCodec(context, dtype.string());
  if (is.isUtf8View(type)) return viewCodec(context, type, dtype.string(), "");
  if (is.isBinary(type) || is.isLargeBinary(type)) return binaryCodec(context, is.isLargeBinary(type), BYTES);
  if (is.isBinaryView(type)) return viewCodec(context, type, BYTES, new Uint8Array(0));
  if (is.isNull(type)) return placeholderCodec(context, type, PLACEHOLDER);
  if (is.isFixedSizeBinary(type)) {
    if (type.byteWidth === 0) return placeholderCodec(context, type, PLACEHOLDER);
    return fixedBytesCodec(context, type, dtype.opaque(type.byteWidth));
  }
  if (is.isDecimal(type)) return decimalCodec(context, type);
  return timesCodec(context, type);
}

/** Sequences of bytes, not of numbers: what they mean HDF5 cannot tell. */
const BYTES = dtype.vlen(dtype("u1"));

function floatCodec(context: CodecContext, type: DataType & { precision: number }): Codec {
  const { arrow } = context;
  if (type.precision === arrow.Precision.HALF) return halfCodec(context, dtype("f2"));
  return numberCodec(context, type, type.precision === arrow.Precision.SINGLE ? dtype("f4") : dtype("f8"));
}

function decimalCodec(
  context: CodecContext,
  type: DataType & { precision: number; scale: number; bitWidth: number },
): Codec {
  const tag = `ARROW:decimal(${type.precision},${type.scale})`;
  return fixedBytesCodec(context, type, dtype.opaque(type.bitWidth / 8, tag));
}

function timesCodec(context: CodecContext, type: DataType): Codec {
  const { arrow } = context;
  const { DataType: is } = arrow;
  if (is.isTimestamp(type)) return timeCodec(context, type, dtype(`<M8[${unitName(type.unit)}]`));
  if (is.isDuration(type) || is.isTime(type)) return timeCodec(context, type, dtype(`<m8[${unitName(type.unit)}]`));
  if (is.isDate(type)) {
    return timeCodec(context, type, type.unit === arrow.DateUnit.DAY ? dtype("<M8[D]") : dtype("<M8[ms]"));
  }
  if (is.isInterval(type)) return intervalCodec(context, type);
  throw new UnsupportedError("has no datatype in HDF5", { structure: "Arrow type", found: String(type) });
}

function intervalCodec(context: CodecContext, type: DataType & { unit: number }): Codec {
  const { YEAR_MONTH, DAY_TIME } = context.arrow.IntervalUnit;
  if (type.unit === YEAR_MONTH) return numberCodec(context, type, dtype("i4"));
  if (type.unit === DAY_TIME) return dayTimeCodec(context, type, dtype.compound({ days: "i4", milliseconds: "i4" }));
  return monthDayNanoCodec(context, type, dtype.compound({ months: "i4", days: "i4", nanoseconds: "i8" }));
}
