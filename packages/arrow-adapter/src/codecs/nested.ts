/** Structs, lists and maps: compounds, arrays and sequences in HDF5. */
import type { Data, DataType } from "apache-arrow";
import { type AnyData, type CompoundData, columnOf, type DType, type FileDatatype, type TypedArray } from "h5ts";
import { arrowData, validityOf } from "../arrow.ts";
import type { Codec, CodecContext, ColumnCodec } from "../codec.ts";
import { sliceElements } from "../elements.ts";
import { checkNoNulls, decodeColumns, encodeColumns } from "./columns.ts";
import { floatOffsets } from "./text.ts";

/** Structs: compounds, whose members stand for the children and their masks. */
export function structCodec(
  { arrow }: CodecContext,
  type: DataType,
  dtype: DType,
  columns: readonly ColumnCodec[],
): Codec {
  return {
    type,
    dtype,
    encode: ({ children, length, nullCount }) => encodeColumns(columns, children, length, nullCount > 0),
    decode: (values, count, valid) => {
      const children = decodeColumns(columns, values as CompoundData, count);
      return arrowData(arrow, type, count, { children, valid });
    },
  };
}

/** Values with their mask: a compound of both, where no compound around them has room for it. */
export function maskedCodec(column: ColumnCodec, dtype: DType): Codec {
  return {
    type: column.codec.type,
    dtype,
    ownNulls: true,
    encode: (data) => encodeColumns([column], [data], data.length),
    decode: (values, count) => decodeColumns([column], values as CompoundData, count)[0],
  };
}

/** Lists of any length, and maps: sequences. `large`: offsets of 64 bits. */
export function listCodec({ arrow }: CodecContext, type: DataType, dtype: DType, item: Codec, large: boolean): Codec {
  return {
    type,
    dtype,
    encode: (data) => sequences(data, item, large),
    decode: (values, count, valid) => {
      const { offsets, child, length } = flattened(values as AnyData[], item.dtype.datatype);
      const children = [item.decode(child, length)];
      const counts = large ? BigInt64Array.from(offsets, BigInt) : offsets;
      return arrowData(arrow, type, count, { offsets: counts, children, valid });
    },
  };
}

function sequences(data: Data, item: Codec, large: boolean): AnyData[] {
  const offsets = large ? floatOffsets(data) : (data.valueOffsets as Int32Array);
  const first = data.length === 0 ? 0 : offsets[0];
  const last = data.length === 0 ? 0 : offsets[data.length];
  const items = data.children[0].slice(first, last - first);
  if (item.ownNulls !== true) checkNoNulls(items, "items of lists");
  const elements = item.encode(items);
  const valid = validityOf(data);
  const type = item.dtype.datatype;
  const none = sliceElements(type, elements, 0, 0);
  return Array.from({ length: data.length }, (_, i) =>
    valid?.[i] === 0 ? none : sliceElements(type, elements, offsets[i] - first, offsets[i + 1] - first),
  );
}

interface Flattened {
  readonly offsets: Int32Array;
  readonly child: AnyData;
  readonly length: number;
}

/** All sequences one behind the other. Numbers that lie so already, as they do where they were read, are not copied. */
function flattened(rows: readonly AnyData[], type: FileDatatype): Flattened {
  const adjacent = adjacentNumbers(rows, type);
  if (adjacent !== undefined) return adjacent;
  const list: FileDatatype = {
    class: "vlen",
    kind: "sequence",
    size: 16,
    padding: "nullterm",
    charset: "ascii",
    base: type,
  };
  const { offsets, children } = columnOf("list", list, rows as AnyData[]);
  return { offsets: offsets!, child: children![0].data, length: offsets![rows.length] };
}

function adjacentNumbers(rows: readonly AnyData[], type: FileDatatype): Flattened | undefined {
  const [first] = rows;
  const plain = type.class === "integer" || type.class === "float";
  if (!plain || !ArrayBuffer.isView(first)) return undefined;
  const numbers = first as TypedArray;
  const offsets = new Int32Array(rows.length + 1);
  let end = numbers.byteOffset;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as TypedArray;
    if (row.length > 0 && (row.buffer !== numbers.buffer || row.byteOffset !== end)) return undefined;
    end += row.byteLength;
    offsets[i + 1] = offsets[i] + row.length;
  }
  const Maker = numbers.constructor as new (buffer: ArrayBufferLike, at: number, length: number) => TypedArray;
  const length = offsets[rows.length];
  return { offsets, child: new Maker(numbers.buffer, numbers.byteOffset, length), length };
}

/** Lists of a fixed length: array datatypes, whose data is that of all items. */
export function fixedListCodec(
  { arrow }: CodecContext,
  type: DataType,
  dtype: DType,
  item: Codec,
  size: number,
): Codec {
  return {
    type,
    dtype,
    encode: ({ children: [child], length }) =>
      item.encode(child.length === length * size ? child : child.slice(0, length * size)),
    decode: (values, count, valid) =>
      arrowData(arrow, type, count, { children: [item.decode(values, count * size)], valid }),
  };
}

/** Types whose values are nothing but their number: HDF5 has a zero for each. */
export function placeholderCodec({ arrow }: CodecContext, type: DataType, dtype: DType): Codec {
  return {
    type,
    dtype,
    ownNulls: arrow.DataType.isNull(type),
    encode: ({ length }) => new Uint8Array(length),
    decode: (_values, count, valid) => {
      if (arrow.DataType.isNull(type)) return new arrow.Data(type, 0, count, count);
      const children = (type.children ?? []).map((field) => new arrow.Vector([emptyOf(arrow, field.type)]).data[0]);
      return arrowData(arrow, type, count, { values: new Uint8Array(0), valid, children });
    },
  };
}

function emptyOf(arrow: CodecContext["arrow"], type: DataType): Data {
  return arrow.makeBuilder({ type }).finish().flush();
}
