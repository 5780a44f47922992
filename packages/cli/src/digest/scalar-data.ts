/** A single value as data of one element: what `item()` and scalar attributes take apart, put together again. */
import type { AnyData, Complex, FileDatatype } from "h5ts";

export function scalarData(type: FileDatatype, value: unknown): AnyData {
  if (type.class === "array") return value as AnyData;
  if (isComplex(value)) return Float64Array.of(value.real, value.imag);
  if (type.class === "compound") {
    const row = value as { readonly [name: string]: unknown };
    const columns: { [name: string]: AnyData } = Object.create(null);
    for (const { name, type: member } of type.members) columns[name] = scalarData(member, row[name]);
    return columns;
  }
  return [value] as unknown as AnyData;
}

const isComplex = (value: unknown): value is Complex =>
  typeof value === "object" &&
  value !== null &&
  Object.getPrototypeOf(value) === Object.prototype &&
  Object.keys(value).join() === "real,imag";
