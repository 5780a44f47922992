/** MATLAB's files (v7.3): matrices, text, logical values, structs and cells, written for MATLAB to load, and read. */
import { closeSync, openSync as openFile, writeSync } from "node:fs";
import { type Dataset, dtype, type Group, openSync } from "h5ts";

type AnyGroup = Group<"sync">;

const CLASSES = { f8: "double", f4: "single", i4: "int32", u1: "uint8" } as const;

/** MATLAB counts down columns first: an array of `shape` there is one of the reversed shape in HDF5. */
function putArray(group: AnyGroup, name: string, dtype: keyof typeof CLASSES, values: number[], shape: number[]): void {
  const array = group.createDataset(name, { data: values, dtype, shape: shape.toReversed() });
  setClass(array, CLASSES[dtype]);
}

function putText(group: AnyGroup, name: string, text: string): void {
  const codes = Uint16Array.from(text, (character) => character.charCodeAt(0));
  const array = group.createDataset(name, { data: codes, shape: [codes.length, 1] });
  setClass(array, "char");
  array.attrs.create("MATLAB_int_decode", 2, { dtype: "i4" });
}

function putLogical(group: AnyGroup, name: string, value: boolean): void {
  const array = group.createDataset(name, { data: [Number(value)], dtype: "u1", shape: [1, 1] });
  setClass(array, "logical");
  array.attrs.create("MATLAB_int_decode", 1, { dtype: "i4" });
}

/** A cell holds references to arrays, which stand in the group `#refs#`. */
function putCell(group: AnyGroup, name: string, texts: string[]): void {
  const store = group.file.requireGroup("#refs#");
  const references = texts.map((text) => {
    const inside = `${name}_${store.count()}`;
    putText(store, inside, text);
    return store.dataset(inside).ref;
  });
  const cell = group.createDataset(name, { data: references, dtype: dtype.reference, shape: [texts.length, 1] });
  setClass(cell, "cell");
}

function setClass(object: AnyGroup | Dataset<"sync">, name: string): void {
  object.attrs.create("MATLAB_class", name, { dtype: dtype.string({ length: name.length, encoding: "ascii" }) });
}

/** What MATLAB looks for in the first bytes, which HDF5 leaves to others. */
function writeHeader(path: string): void {
  const header = Buffer.alloc(128, " ");
  header.write("MATLAB 7.3 MAT-file, Platform: h5ts, Created on: Mon Jan  5 09:00:00 2026 HDF5 schema 1.00 .");
  header.fill(0, 116, 124);
  header.set([0x00, 0x02, 0x49, 0x4d], 124); // version 2.0, "IM": little-endian
  const file = openFile(path, "r+");
  writeSync(file, header, 0, header.length, 0);
  closeSync(file);
}

function write(path: string): void {
  const file = openSync(path, "w", { userblockSize: 512 });
  putArray(file, "magic", "f8", [8, 3, 4, 1, 5, 9, 6, 7, 2], [3, 3]); // column by column
  putArray(file, "counts", "i4", [1, 2, 3, 4, 5, 6], [2, 3]);
  putText(file, "title", "First light");
  putLogical(file, "ready", true);
  const camera = file.createGroup("camera");
  setClass(camera, "struct");
  putArray(camera, "gain", "f8", [2.5], [1, 1]);
  putText(camera, "serial", "X-1042");
  putCell(file, "labels", ["dark", "flat", "object"]);
  file.close();
  writeHeader(path);
}

/** A variable as plain values: arrays in rows as MATLAB shows them, text, structs as objects. */
function variableOf(object: AnyGroup | Dataset<"sync">): unknown {
  if (object.kind === "group") {
    const fields = object.keys().map((name) => [name, variableOf(object.get(name) as Dataset<"sync">)]);
    return Object.fromEntries(fields);
  }
  const kind = object.attrs.get("MATLAB_class");
  if (object.attrs.get("MATLAB_empty")) return kind === "char" ? "" : [];
  if (kind === "cell") {
    const references = object.asType(dtype.reference).read().data;
    return references.map((reference) => variableOf(object.file.get(reference) as Dataset<"sync">));
  }
  const { data, shape } = (object as Dataset<"sync", Float64Array>).read();
  if (kind === "char") return String.fromCharCode(...data);
  if (data.length === 1) return kind === "logical" ? data[0] === 1 : data[0];
  const rows = shape.at(-1) ?? 1;
  return Array.from({ length: rows }, (_, row) => Array.from(data).filter((_, i) => i % rows === row));
}

const path = process.argv[2] ?? "matlab.mat";
if (process.argv[2] === undefined) write(path);
const file = openSync(path);
for (const name of file.keys().filter((name) => !name.startsWith("#")))
  console.log(name, JSON.stringify(variableOf(file.get(name) as Dataset<"sync">)));
// | camera {"gain":2.5,"serial":"X-1042"}
// | counts [[1,3,5],[2,4,6]]
// | labels ["dark","flat","object"]
// | magic [[8,1,6],[3,5,7],[4,9,2]]
// | ready true
// | title "First light"
file.close();
