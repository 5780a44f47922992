/** A file as h5ts and as libhdf5 see it. */
import { type H5File, openSync, type Result } from "h5ts";
import * as h5wasm from "h5wasm/node";
import type { View } from "./programs.ts";

const library = await h5wasm.ready;
// Failures are exceptions, and not printed.
(library as unknown as { activate_throwing_error_handler(): void }).activate_throwing_error_handler();

/** What h5ts says of the file; it is closed after that. */
export function byH5ts<T>(path: string, look: (view: View) => T): T {
  const file = openSync(path);
  try {
    return look(viewOf(file));
  } finally {
    file.close();
  }
}

const viewOf = (file: H5File<"sync">): View => ({
  attribute(path, name) {
    const object = path === "/" ? file : file.get(path);
    if (object === undefined || !("attrs" in object)) throw new Error(`there is no ${path}`);
    const value = object.attrs.get(name);
    return typeof value === "object" && value !== null && "data" in value ? (value as Result).data : value;
  },
  data: (path) => file.dataset(path).read().data as ArrayLike<number>,
  keys: (path) => file.group(path).keys(),
});

/** What libhdf5 says of the file; `"refused"` where it does not open it. */
export function byLibhdf5<T>(path: string, look: (view: View) => T): T | "refused" {
  let file: h5wasm.File;
  try {
    file = new h5wasm.File(path, "r");
  } catch {
    return "refused";
  }
  try {
    return look(libhdf5View(file));
  } finally {
    file.close();
  }
}

const libhdf5View = (file: h5wasm.File): View => ({
  attribute(path, name) {
    const object = path === "/" ? file : (file.get(path) as h5wasm.Group | h5wasm.Dataset);
    const value = object.attrs[name]?.value;
    return typeof value === "bigint" ? Number(value) : value;
  },
  data: (path) => (file.get(path) as h5wasm.Dataset).value as ArrayLike<number>,
  keys: (path) => (file.get(path) as h5wasm.Group).keys(),
});
