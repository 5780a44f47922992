/** AnnData (.h5ad): a sparse matrix with tables about its rows and columns; written for anndata and scanpy, and read. */
import { type Group, openSync, slice } from "h5ts";

type AnyGroup = Group<"sync">;

function encoded<T extends { attrs: AnyGroup["attrs"] }>(object: T, type: string, version: string): T {
  object.attrs.set("encoding-type", type);
  object.attrs.set("encoding-version", version);
  return object;
}

const putArray = (group: AnyGroup, name: string, data: Float32Array | Float64Array, shape: number[]) =>
  encoded(group.createDataset(name, { data, shape }), "array", "0.2.0");

const putTexts = (group: AnyGroup, name: string, data: string[]) =>
  encoded(group.createDataset(name, { data, dtype: "string" }), "string-array", "0.2.0");

/** A column of few different texts: their numbers, and the texts once. */
function putCategories(group: AnyGroup, name: string, values: string[]): void {
  const categories = [...new Set(values)].sort();
  const column = encoded(group.createGroup(name), "categorical", "0.2.0");
  column.attrs.set("ordered", false);
  const codes = Int8Array.from(values, (value) => categories.indexOf(value));
  encoded(column.createDataset("codes", { data: codes }), "array", "0.2.0");
  putTexts(column, "categories", categories);
}

function makeTable(group: AnyGroup, name: string, index: string[], columns: string[]): AnyGroup {
  const table = encoded(group.createGroup(name), "dataframe", "0.2.0");
  table.attrs.set("_index", "_index");
  table.attrs.create("column-order", columns, { dtype: "string", shape: [columns.length] });
  putTexts(table, "_index", index);
  return table;
}

/** Rows in compressed form (CSR): values, their columns, and where each row begins. */
function putSparse(group: AnyGroup, name: string, rows: number[][]): void {
  const matrix = encoded(group.createGroup(name), "csr_matrix", "0.1.0");
  matrix.attrs.set("shape", BigInt64Array.of(BigInt(rows.length), BigInt(rows[0].length)));
  const entries = rows.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [[value, column]])));
  const starts = [0];
  for (const row of entries) starts.push(starts[starts.length - 1] + row.length);
  matrix.createDataset("data", { data: Float32Array.from(entries.flat(), ([value]) => value) });
  matrix.createDataset("indices", { data: Int32Array.from(entries.flat(), ([, column]) => column) });
  matrix.createDataset("indptr", { data: Int32Array.from(starts) });
}

function write(path: string): void {
  const file = openSync(path, "w");
  encoded(file, "anndata", "0.1.0");
  putSparse(file, "X", [
    [1, 0, 2],
    [0, 0, 3],
    [4, 5, 0],
    [0, 0, 0],
  ]);
  const cells = makeTable(file, "obs", ["AAAC", "AAAG", "AACT", "ACCA"], ["n_counts", "cell_type"]);
  putArray(cells, "n_counts", Float64Array.of(3, 3, 9, 0), [4]);
  putCategories(cells, "cell_type", ["B", "T", "B", "NK"]);
  makeTable(file, "var", ["CD3", "CD19", "NKG7"], []);
  for (const name of ["layers", "obsm", "varm", "obsp", "varp", "uns"])
    encoded(file.createGroup(name), "dict", "0.1.0");
  putArray(file.group("obsm"), "X_pca", Float32Array.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8), [4, 2]);
  putTexts(file.group("uns"), "notes", ["made by h5ts"]);
  file.close();
}

/** Row `i` of the matrix: only its own entries are read. */
function rowOf(matrix: AnyGroup, i: number): string {
  const [start, end] = matrix
    .dataset("indptr")
    .asType("f8")
    .read([[i, i + 1]]).data;
  const part = { start, count: 1, block: end - start };
  if (end === start) return "nothing";
  const columns = matrix
    .dataset("indices")
    .asType("f8")
    .read([slice(part)]).data;
  const values = matrix.dataset("data", "f4").read([slice(part)]).data;
  return Array.from(columns, (column, at) => `${column}:${values[at]}`).join(" ");
}

function columnOf(table: AnyGroup, name: string): unknown[] {
  const column = table.get(name);
  if (column?.kind === "dataset") return column.read().toNested() as unknown[];
  const categorical = table.group(name);
  const categories = categorical.dataset("categories", "string").read().data;
  return Array.from(categorical.dataset("codes").asType("f8").read().data, (code) => categories[code]);
}

const path = process.argv[2] ?? "cells.h5ad";
if (process.argv[2] === undefined) write(path);
const file = openSync(path);
const obs = file.group("obs");
console.log(columnOf(obs, String(obs.attrs.get("_index")))); // [ 'AAAC', 'AAAG', 'AACT', 'ACCA' ]
console.log(columnOf(obs, "cell_type")); // [ 'B', 'T', 'B', 'NK' ]
for (let i = 0; i < obs.dataset("_index").size; i++) console.log(rowOf(file.group("X"), i));
// | 0:1 2:2
// | 2:3
// | 0:4 1:5
// | nothing
file.close();
