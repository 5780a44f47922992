/** Columns with their masks: the members of a compound, the datasets of a group. */
import type { Data } from "apache-arrow";
import { type AnyData, type CompoundData, DTypeError, type TypedArray } from "h5ts";
import { validityOf } from "../arrow.ts";
import type { ColumnCodec } from "../codec.ts";

/**
 * The elements of each column under its name, and of masks under theirs. DTypeError for nulls that have no place; `within`: in rows
 * that are null as a whole, they need none.
 */
export function encodeColumns(
  columns: readonly ColumnCodec[],
  children: readonly Data[],
  length: number,
  within = false,
): CompoundData {
  const record: { [name: string]: AnyData } = Object.create(null);
  columns.forEach(({ codec, field, mask, name }, i) => {
    const child = children[i].length === length ? children[i] : children[i].slice(0, length);
    const valid = rowValidity(child);
    const values = codec.encode(child);
    record[name] = codec.ownNulls === true ? values : blanked(values, valid, child);
    if (mask !== undefined) record[mask] = valid ?? new Uint8Array(length).fill(1);
    else if (codec.ownNulls !== true && !within) checkNoNulls(child, field.name);
  });
  return record;
}

/** DTypeError if there are nulls. */
export function checkNoNulls(data: Data, name: string): void {
  if (rowValidity(data)?.includes(0) !== true) return;
  throw new DTypeError("has nulls, and its field is not nullable", { structure: "column", found: name });
}

/** Arrow data of each column. */
export function decodeColumns(columns: readonly ColumnCodec[], record: CompoundData, count: number): Data[] {
  return columns.map(({ codec, name, mask }) => {
    const valid = mask === undefined ? undefined : (record[mask] as Uint8Array);
    return codec.decode(record[name], count, valid);
  });
}

/** A byte a row, 0 where it is null: by itself, or as the value that it has in a dictionary. */
export function rowValidity(data: Data): Uint8Array<ArrayBuffer> | undefined {
  const valid = validityOf(data);
  const { dictionary } = data;
  if (dictionary === undefined || dictionary === null || dictionary.nullCount === 0) return valid;
  const indices = data.values as Int32Array | BigInt64Array;
  return Uint8Array.from({ length: data.length }, (_, i) =>
    Number(valid?.[i] !== 0 && dictionary.isValid(Number(indices[i]))),
  );
}

/** Numbers of rows that are null are 0, whatever Arrow has there. */
function blanked(values: AnyData, valid: Uint8Array | undefined, { length }: Data): AnyData {
  if (valid === undefined || !ArrayBuffer.isView(values)) return values;
  const places = values.length / length;
  if (!Number.isInteger(places)) return values;
  const copy = values.slice() as TypedArray;
  const zero = copy instanceof BigUint64Array || copy instanceof BigInt64Array ? 0n : 0;
  for (let i = 0; i < length; i++) if (valid[i] === 0) copy.fill(zero as never, i * places, (i + 1) * places);
  return copy;
}
