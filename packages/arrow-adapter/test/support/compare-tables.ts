/** Whether two tables are the same: schema, metadata, and each value. */

import type { Data, DataType, Field, Schema, Table, Union, Vector } from "apache-arrow";
import * as arrow from "apache-arrow";
import { expect } from "vitest";

interface Described {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly metadata: Record<string, string>;
  readonly children: readonly Described[];
}

function described({ name, type, nullable, metadata }: Field): Described {
  return {
    name,
    type: `${type} ${(type as { bitWidth?: number }).bitWidth ?? ""}${(type as { isOrdered?: boolean }).isOrdered ?? ""}`,
    nullable,
    metadata: Object.fromEntries(metadata),
    children: ((type as DataType).children ?? []).map(described),
  };
}

export const describeSchema = (schema: Schema): object => ({
  fields: schema.fields.map(described),
  metadata: Object.fromEntries(schema.metadata),
});

/** The value of a row as its memory has it: apache-arrow itself gives times as milliseconds. */
export function valueAt(data: Data, i: number): unknown {
  const type = data.type as DataType;
  const { DataType: is } = arrow;
  if (is.isUnion(type)) return unionValue(data, type, i);
  if (is.isNull(type) || !data.getValid(i)) return null;
  if (is.isDictionary(type)) {
    const { dictionary, values } = data;
    return vectorValue(dictionary as Vector, Number(values[i]));
  }
  if (is.isStruct(type)) return data.children.map((child) => valueAt(child, i));
  if (is.isFixedSizeList(type)) return range(data.children[0], i * type.listSize, (i + 1) * type.listSize);
  if (is.isList(type) || is.isLargeList(type) || is.isMap(type)) {
    return range(data.children[0], Number(data.valueOffsets[i]), Number(data.valueOffsets[i + 1]));
  }
  if (is.isBool(type)) return (data.values[(data.offset + i) >> 3] >> ((data.offset + i) & 7)) & 1;
  if (is.isUtf8(type) || is.isLargeUtf8(type) || is.isBinary(type) || is.isLargeBinary(type)) {
    const bytes = data.values.subarray(Number(data.valueOffsets[i]), Number(data.valueOffsets[i + 1]));
    return is.isUtf8(type) || is.isLargeUtf8(type) ? new TextDecoder().decode(bytes) : [...bytes];
  }
  if (is.isUtf8View(type) || is.isBinaryView(type)) {
    const value: unknown = new arrow.Vector([data]).get(i);
    return typeof value === "string" ? value : [...(value as Uint8Array)];
  }
  const numbers = [...data.values.subarray(i * data.stride, (i + 1) * data.stride)];
  return numbers.length === 1 ? numbers[0] : numbers;
}

function unionValue(data: Data, type: Union, i: number): unknown {
  const child = data.children[type.typeIds.indexOf(data.typeIds[i])];
  const at = type.mode === arrow.UnionMode.Dense ? Number(data.valueOffsets[i]) : i;
  return { type: data.typeIds[i], value: valueAt(child, at) };
}

const range = (data: Data, start: number, stop: number): unknown[] =>
  Array.from({ length: stop - start }, (_, k) => valueAt(data, start + k));

function vectorValue(vector: Vector, i: number): unknown {
  for (const data of vector.data) {
    if (i < data.length) return valueAt(data, i);
    i -= data.length;
  }
  return undefined;
}

export function columnValues(table: Table, i: number): unknown[] {
  return table.batches.flatMap(({ data, numRows }) => range(data.children[i], 0, numRows));
}

export function expectSame(found: Table, wanted: Table): void {
  expect(describeSchema(found.schema)).toEqual(describeSchema(wanted.schema));
  expect(found.numRows).toBe(wanted.numRows);
  for (const [i, { name, type }] of wanted.schema.fields.entries()) {
    expect(columnValues(found, i), `${name}: ${type}`).toEqual(columnValues(wanted, i));
  }
}
