/** The contents of PyTables' arrays, as they were given. */
import { textOf } from "@h5ts/pickle";
import { FormatError, UnsupportedError } from "h5ts";
import { fromPickle } from "../python/unpickle.ts";
import { rawBytes } from "./array-node.ts";
import { valueAt } from "./attributes.ts";
import type { LeafNode } from "./node.ts";
import { type Elements, elementsOf } from "./raw-column.ts";

/** An array of any number of axes, its elements in C order. */
export interface NArray {
  readonly shape: readonly number[];
  readonly elements: Elements;
}

/** All elements of an Array, CArray or EArray. */
export async function readArray({ dataset, atom, path }: LeafNode): Promise<NArray> {
  if (atom === undefined || dataset.dtype.class === "vlen" || atom.kind === "object")
    throw new UnsupportedError("is not read by PyTables either", {
      structure: "UnImplemented",
      path,
      found: dataset.dtype.toString(),
    });
  const type = dataset.dtype.datatype;
  const element = type.class === "array" ? type.base : type;
  const bytes = dataset.size === 0 ? new Uint8Array(0) : await rawBytes(dataset);
  const column = { type: element, bytes, offset: 0, stride: element.size, count: bytes.length / element.size };
  return { shape: [...dataset.shape, ...atom.shape], elements: elementsOf(column) };
}

/** What was a Python object: nested lists, or a value of its own. */
export function pythonValue({ shape, elements }: NArray): unknown {
  let at = 0;
  const nest = (axis: number): unknown =>
    axis === shape.length ? valueAt(elements, at++) : Array.from({ length: shape[axis] }, () => nest(axis + 1));
  return nest(0);
}

/** The rows of a VLArray: arrays, or with a pseudo-atom values. */
export async function readRows({ dataset, atom, path }: LeafNode): Promise<(NArray | { readonly value: unknown })[]> {
  const type = dataset.dtype.datatype;
  if (type.class !== "vlen" || atom === undefined)
    throw new FormatError("is no VLArray", { structure: "VLArray", path });
  const rows = dataset.size === 0 ? [] : (await dataset.asBytes().read()).data;
  if (!Array.isArray(rows)) throw new FormatError("holds no rows", { structure: "VLArray", path });
  const element = type.base.class === "array" ? type.base.base : type.base;
  return (rows as Uint8Array[]).map((bytes) => {
    if (atom.kind === "object") return { value: fromPickle(bytes) };
    if (atom.kind === "vlstring") return { value: bytes };
    if (atom.kind === "vlunicode") return { value: wideText(bytes) };
    const count = bytes.length / element.size;
    const elements = elementsOf({ type: element, bytes, offset: 0, stride: element.size, count });
    return { shape: [bytes.length / type.base.size, ...atom.shape], elements };
  });
}

function wideText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let text = "";
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = view.getUint32(at, true);
    if (code > 0x10ffff)
      throw new FormatError("has a character that there is none of", { structure: "VLArray", found: code });
    text += String.fromCodePoint(code);
  }
  return text;
}

export { textOf };
