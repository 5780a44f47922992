/** All that a file says, as a text by which two states of it are compared; in the terms that both libraries have. */
import { type AnyObject, Dataset, Group, type H5File, type Result } from "h5ts";
import * as h5wasm from "h5wasm/node";

/** Numbers, text, and lists of these. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, Number);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null && "data" in value) return plain((value as Result).data);
  return value;
}

/** A scalar attribute is one element, as libhdf5 gives it with the shape `[]`. */
const line = (path: string, ...values: unknown[]): string => `${path} ${JSON.stringify(values.map(plain))}`;

/** As h5ts reads it. */
export function digestByH5ts(file: H5File<"sync">): string {
  const lines: string[] = [];
  const visit = (object: AnyObject<"sync">, path: string): void => {
    if (!(object instanceof Group || object instanceof Dataset)) return;
    for (const name of object.attrs.keys().sort()) lines.push(line(`${path}@${name}`, object.attrs.get(name)));
    if (object instanceof Dataset) {
      const result: Result = object.read();
      lines.push(line(path, object.shape, object.ndim === 0 ? result.item() : result));
    } else {
      lines.push(line(path));
      for (const name of object.keys().sort()) {
        const child = object.get(name);
        if (child !== undefined) visit(child, `${path}/${name}`);
      }
    }
  };
  visit(file, "");
  return lines.join("\n");
}

/** As libhdf5 reads it. */
export function digestByLibhdf5(file: h5wasm.File): string {
  const lines: string[] = [];
  const visit = (object: h5wasm.Group | h5wasm.Dataset, path: string): void => {
    for (const name of Object.keys(object.attrs).sort()) lines.push(line(`${path}@${name}`, object.attrs[name]?.value));
    if (object instanceof h5wasm.Dataset) lines.push(line(path, object.shape ?? [], object.value));
    else {
      lines.push(line(path));
      for (const name of object.keys().sort()) {
        visit(object.get(name) as h5wasm.Group | h5wasm.Dataset, `${path}/${name}`);
      }
    }
  };
  visit(file, "");
  return lines.join("\n");
}
