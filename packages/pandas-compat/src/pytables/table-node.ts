/** PyTables' Table: its columns, nested ones by the path of their names. */
import type { FileDatatype, H5File } from "h5ts";
import { checkStored, rawBytes } from "./array-node.ts";
import { type Atom, atomOf } from "./atom.ts";
import type { NodeAttributes } from "./attributes.ts";
import type { LeafNode } from "./node.ts";
import { elementsOf } from "./raw-column.ts";
import type { NArray } from "./read-leaf.ts";

/** A column that holds values. */
export interface TableColumn {
  /** `"position/x"` of a nested one. */
  readonly path: string;
  readonly atom: Atom;
  readonly type: FileDatatype;
  /** Bytes from the start of a record. */
  readonly offset: number;
  /** What stands where nothing was given; `undefined` where the table does not say. */
  readonly default: unknown;
}

/** The leaf columns of a table, in PyTables' order: those of a level before those within its nested ones. */
export function tableColumns({ dataset, attrs }: Pick<LeafNode, "dataset" | "attrs">): TableColumn[] {
  const columns: TableColumn[] = [];
  const nested: { readonly type: FileDatatype; readonly prefix: string; readonly offset: number }[] = [
    { type: dataset.dtype.datatype, prefix: "", offset: 0 },
  ];
  for (const { type, prefix, offset } of nested) {
    if (type.class !== "compound") continue;
    for (const member of type.members) {
      const path = `${prefix}${member.name}`;
      const at = offset + member.offset;
      const atom = atomOf(member.type);
      // Defaults are numbered in this order too.
      if (atom !== undefined)
        columns.push({ path, atom, type: member.type, offset: at, default: attrs.get(`FIELD_${columns.length}_FILL`) });
      else nested.push({ type: member.type, prefix: `${path}/`, offset: at });
    }
  }
  return columns;
}

/** The values of a column, of records that were read. */
export function columnData({ type, atom, offset }: TableColumn, bytes: Uint8Array, stride: number): NArray {
  const element = type.class === "array" ? type.base : type;
  const rows = bytes.length / stride;
  const inner = atom.shape.reduce((product, dim) => product * dim, 1);
  if (inner === 1 && type.class !== "array")
    return { shape: [rows], elements: elementsOf({ type: element, bytes, offset, stride, count: rows }) };
  const cell = inner * element.size;
  const packed = new Uint8Array(rows * cell);
  for (let i = 0; i < rows; i++) packed.set(bytes.subarray(i * stride + offset, i * stride + offset + cell), i * cell);
  return {
    shape: [rows, ...atom.shape],
    elements: elementsOf({ type: element, bytes: packed, offset: 0, stride: element.size, count: rows * inner }),
  };
}

/** All records of a table. */
export async function readRecords({ dataset }: LeafNode): Promise<Uint8Array> {
  await checkStored(dataset);
  return dataset.size === 0 ? new Uint8Array(0) : rawBytes(dataset);
}

/** Where the index of a column stands: beside its table. */
export function indexPath(tablePath: string, column: string): string {
  const cut = tablePath.lastIndexOf("/");
  return `${tablePath.slice(0, cut)}/_i_${tablePath.slice(cut + 1)}/${column}`;
}

const KINDS: Readonly<Record<number, string>> = { 1: "ultralight", 2: "light", 4: "medium", 8: "full" };

/** What an index says of itself. */
export interface IndexInfo {
  readonly kind: string;
  readonly optlevel: number;
  readonly isCsi: boolean;
  readonly dirty: boolean;
}

/** The index of a column; `undefined` where it has none. */
export async function columnIndex(
  file: H5File<"async">,
  tablePath: string,
  column: string,
  read: (object: Awaited<ReturnType<H5File<"async">["group"]>>) => Promise<NodeAttributes>,
): Promise<IndexInfo | undefined> {
  const path = indexPath(tablePath, column);
  if (!(await file.has(path))) return undefined;
  const group = await file.group(path);
  const attrs = await read(group);
  if (attrs.systemText("CLASS") !== "INDEX") return undefined;
  const indices = await group.dataset("indices");
  return {
    kind: KINDS[indices.dtype.itemsize] ?? "",
    optlevel: attrs.number("optlevel") ?? 0,
    // Below a whole slice everything is in one piece, and sorted.
    isCsi: indices.dtype.itemsize === 8 && (attrs.get("is_csi") === true || indices.shape[0] === 0),
    dirty: attrs.number("DIRTY") === 1 || attrs.get("DIRTY") === true,
  };
}
