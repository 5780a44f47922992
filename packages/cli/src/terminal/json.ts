/** Values of files as JSON: what JSON has no word for becomes a text or an object. */
import { Empty, Reference, RegionReference } from "h5ts";

/** Numbers that JSON does not know, and integers beyond 2^53, become text; references and bytes objects. */
export function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value instanceof Empty) return null;
  if (value instanceof Reference) return referenceJson(value);
  if (value instanceof Uint8Array) return { hex: Buffer.from(value).toString("hex") };
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (isResult(value)) return plain(value.toNested());
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

const isResult = (value: object): value is { toNested(): unknown } => "toNested" in value;

function referenceJson(reference: Reference): object {
  const { kind, address } = reference;
  return {
    reference: kind,
    address,
    ...(reference instanceof RegionReference && { selection: reference.selection.kind }),
  };
}

export const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
