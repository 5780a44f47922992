/** Unions: compounds in HDF5 of a number that says which child has the value, and all children. */
import type { Data, DataType, Union } from "apache-arrow";
import type { AnyData, CompoundData, DType } from "h5ts";
import { type Arrow, arrowData } from "../arrow.ts";
import type { Codec, CodecContext, ColumnCodec } from "../codec.ts";
import { takeElements } from "../elements.ts";
import { decodeColumns, encodeColumns } from "./columns.ts";

/** Name of the member that says which child has the value. */
export const TYPE_ID = "type_id";

/** `columns`: the children, whose rows are those of the union. */
export function unionCodec({ arrow }: CodecContext, type: Union, dtype: DType, columns: readonly ColumnCodec[]): Codec {
  const dense = type.mode === arrow.UnionMode.Dense;
  return {
    type,
    dtype,
    ownNulls: true,
    encode: (data) => {
      const typeIds = (data.typeIds as Int8Array<ArrayBuffer>).subarray(0, data.length);
      const records = dense ? spreadChildren(data, type, columns) : encodeColumns(columns, data.children, data.length);
      return Object.assign(Object.create(null), records, { [TYPE_ID]: typeIds });
    },
    decode: (values, count) => {
      const record = values as CompoundData;
      const typeIds = record[TYPE_ID] as Int8Array<ArrayBuffer>;
      if (dense) return gathered(arrow, type, columns, record, typeIds);
      return arrowData(arrow, type, count, { typeIds, children: decodeColumns(columns, record, count) });
    },
  };
}

/** The values of dense children, each in the row that it belongs to. */
function spreadChildren(data: Data, type: Union, columns: readonly ColumnCodec[]): CompoundData {
  const records: { [name: string]: AnyData } = Object.create(null);
  columns.forEach((column, child) => {
    const typeId = type.typeIds[child];
    const rows = Int32Array.from({ length: data.length }, (_, i) =>
      data.typeIds[i] === typeId ? Number(data.valueOffsets[i]) : -1,
    );
    const one = encodeColumns([column], [data.children[child]], data.children[child].length);
    records[column.name] = takeElements(column.codec.dtype.datatype, one[column.name], rows);
    if (column.mask === undefined) return;
    const valid = one[column.mask] as Uint8Array;
    records[column.mask] = Uint8Array.from(rows, (row) => (row < 0 ? 1 : valid[row]));
  });
  return records;
}

/** The way back: each child has the rows that are its own. */
function gathered(
  arrow: Arrow,
  type: Union,
  columns: readonly ColumnCodec[],
  record: CompoundData,
  typeIds: Int8Array,
): Data {
  const offsets = new Int32Array(typeIds.length);
  const children = columns.map((column, child) => {
    const rows: number[] = [];
    typeIds.forEach((typeId, i) => {
      if (typeId === type.typeIds[child]) offsets[i] = rows.push(i) - 1;
    });
    const chosen = Int32Array.from(rows);
    const one: { [name: string]: AnyData } = Object.create(null);
    one[column.name] = takeElements(column.codec.dtype.datatype, record[column.name], chosen);
    if (column.mask !== undefined)
      one[column.mask] = Uint8Array.from(rows, (i) => (record[column.mask!] as Uint8Array)[i]);
    return decodeColumns([column], one, rows.length)[0];
  });
  return arrowData(arrow, type as DataType, typeIds.length, { offsets, typeIds: typeIds as Int8Array, children });
}
