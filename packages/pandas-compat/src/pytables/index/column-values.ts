/** The values of a table's column, as its index has them. */
import { DType, type FileDatatype, slice, UnsupportedError } from "h5ts";
import type { AnyDataset } from "../array-node.ts";
import { elementsOf, packedBytes, type RawColumn } from "../raw-column.ts";
import type { PackedValues } from "./sort.ts";

/** A column of a table that has, or may have, an index. */
export interface IndexedColumn {
  /** Its name; of a nested one the names on the way to it, with `/` between. */
  readonly path: string;
  readonly type: FileDatatype;
  /** Bytes from the start of a record. */
  readonly offset: number;
}

/** The type of an index's values: times stand as the numbers that they are. UnsupportedError of columns that PyTables has no index for. */
export function indexType({ path, type }: IndexedColumn): FileDatatype {
  if (type.class === "enum") return indexType({ path, type: type.base, offset: 0 });
  if (type.class === "time") return DType.from(type.size === 8 ? "float64" : "int32").datatype;
  const fits =
    type.class === "string" ||
    (type.class === "bitfield" && type.size === 1) ||
    (type.class === "integer" && !(type.size === 8 && !type.signed)) ||
    (type.class === "float" && type.size <= 8);
  if (fits) return type;
  throw new UnsupportedError("is a column that PyTables has no index for", {
    structure: "PyTables index",
    path,
    found: `${type.class} of ${type.size} bytes`,
  });
}

/** Whether PyTables has indexes for columns of a type. */
export function canBeIndexed(type: FileDatatype): boolean {
  try {
    indexType({ path: "", type, offset: 0 });
    return true;
  } catch {
    return false;
  }
}

/** Bytes of records that are looked at at a time. */
const BATCH_BYTES = 8 * 2 ** 20;

/** The values of rows `from` to `to`. */
export async function columnValues(
  table: AnyDataset,
  column: IndexedColumn,
  from: number,
  to: number,
): Promise<PackedValues> {
  const stride = table.dtype.itemsize;
  const type = indexType(column);
  const bytes = new Uint8Array((to - from) * type.size);
  const step = Math.max(1, Math.floor(BATCH_BYTES / stride));
  for (let at = from; at < to; at += step) {
    const count = Math.min(step, to - at);
    const records = (await table.asBytes().read([slice(at, at + count)])).data as Uint8Array;
    const raw: RawColumn = { type: column.type, bytes: records, offset: column.offset, stride, count };
    bytes.set(column.type.class === "time" ? numberBytes(raw) : packedBytes(raw), (at - from) * type.size);
  }
  return { type, bytes, count: to - from };
}

/** Times as little-endian numbers. */
function numberBytes(raw: RawColumn): Uint8Array {
  const { data } = elementsOf(raw) as { data: Float64Array | Int32Array };
  const view = new DataView(new ArrayBuffer(data.byteLength));
  for (let i = 0; i < data.length; i++)
    if (data instanceof Int32Array) view.setInt32(4 * i, data[i], true);
    else view.setFloat64(8 * i, data[i], true);
  return new Uint8Array(view.buffer);
}
