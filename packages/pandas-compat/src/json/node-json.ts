/** Nodes of PyTables files in the neutral JSON. */
import type { H5File } from "h5ts";
import type { Values } from "../frame/values.ts";
import { NodeAttributes } from "../pytables/attributes.ts";
import { type LeafNode, openNode, type PyTablesNode, userAttributes } from "../pytables/node.ts";
import { bytesAt, type Elements } from "../pytables/raw-column.ts";
import { type NArray, pythonValue, readArray, readRows } from "../pytables/read-leaf.ts";
import { columnData, columnIndex, readRecords, type TableColumn, tableColumns } from "../pytables/table-node.ts";
import { arrayJson } from "./array-json.ts";
import { base64, type Json, tagged } from "./tagged.ts";

type JsonObject = { [name: string]: Json };

/** A node with all that it holds. */
export async function nodeJson(file: H5File<"async">, path: string): Promise<JsonObject> {
  const node = await openNode(file, path);
  if ("target" in node) return { path: node.path, class: node.class, target: node.target };
  const common = { path, class: node.class, title: node.title, attrs: attributesJson(node.attrs) };
  if (!("dataset" in node)) return common;
  const leaf: JsonObject = {
    ...common,
    filters: { ...node.filters },
    byteorder: node.byteorder,
    chunkshape: node.chunkshape === null ? null : [...node.chunkshape],
    flavor: node.flavor,
  };
  if (node.class === "TABLE") return { ...leaf, ...(await tableJson(file, node)) };
  if (node.class === "VLARRAY") return { ...leaf, ...(await rowsJson(node)) };
  if (node.class === "UNIMPLEMENTED") return leaf;
  const array = await readArray(node);
  const data = node.flavor === "python" ? tagged(pythonValue(array)) : await narrayJson(array);
  return { ...leaf, shape: [...node.dataset.shape], extdim: node.extdim, atom: atomJson(node), data };
}

/** The user's attributes. */
export const attributesJson = (attrs: NodeAttributes): JsonObject =>
  Object.fromEntries(userAttributes(attrs).map((name) => [name, tagged(attrs.get(name))]));

function atomJson({ atom }: LeafNode): Json {
  if (atom === undefined) return null;
  const { kind, type, shape } = atom;
  return { kind, type, shape: [...shape], ...enumJson(atom) };
}

const enumJson = (atom: TableColumn["atom"]): JsonObject =>
  atom.enum === undefined
    ? {}
    : { enum: Object.fromEntries([...atom.enum].map(([name, value]) => [name, Number(value)])) };

async function rowsJson(node: LeafNode): Promise<JsonObject> {
  const rows: Json[] = [];
  for (const row of await readRows(node)) rows.push("value" in row ? tagged(row.value) : await narrayJson(row));
  return { nrows: node.dataset.shape[0], atom: atomJson(node), rows };
}

async function tableJson(file: H5File<"async">, node: LeafNode): Promise<JsonObject> {
  const bytes = await readRecords(node);
  const stride = node.dataset.dtype.itemsize;
  const columns: Json[] = [];
  const indexes: JsonObject = {};
  for (const column of tableColumns(node)) {
    const index = await columnIndex(file, node.path, column.path, NodeAttributes.of);
    if (index !== undefined) indexes[column.path] = { kind: index.kind, optlevel: index.optlevel, is_csi: index.isCsi };
    const { atom } = column;
    columns.push({
      path: column.path,
      type: atom.type,
      shape: [...atom.shape],
      itemsize: atom.itemsize,
      default: tagged(column.default),
      indexed: index !== undefined,
      ...enumJson(atom),
      data: await narrayJson(columnData(column, bytes, stride)),
    });
  }
  return { nrows: node.dataset.shape[0], columns, indexes };
}

/** An array of any number of axes. */
async function narrayJson({ shape, elements }: NArray): Promise<JsonObject> {
  if (elements.type !== "string") return { shape: [...shape], ...(await arrayJson(valuesOf(elements))) };
  const { data } = elements;
  const count = data.bytes.length / data.width;
  const values = Array.from({ length: count }, (_, i) => base64(bytesAt(data, i)));
  return { shape: [...shape], dtype: `|S${data.width}`, logical: "bytes", length: count, values, encoding: "base64" };
}

function valuesOf(elements: Exclude<Elements, { type: "string" }>): Values {
  switch (elements.type) {
    case "bool":
      return { kind: "bool", data: elements.data };
    case "complex64":
    case "complex128":
      return { kind: "complex", dtype: elements.type, data: elements.data };
    case "time32":
      return { kind: "number", dtype: "int32", data: elements.data };
    case "time64":
      return { kind: "number", dtype: "float64", data: elements.data };
    default:
      return { kind: "number", dtype: elements.type, data: elements.data };
  }
}

export type { PyTablesNode };
