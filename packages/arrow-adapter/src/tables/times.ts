/** Columns of numbers that are times: as asked for, or as the CF conventions say. */
import type { DataType, Timestamp } from "apache-arrow";
import { type AnyData, DTypeError } from "h5ts";
import { arrowData } from "../arrow.ts";
import { type CfUnits, cfTimes, cfUnits } from "../cf-time.ts";
import type { Codec, CodecContext, ColumnCodec } from "../codec.ts";
import type { TableOptions, TimeColumn } from "../options.ts";
import { timeUnit } from "../time-units.ts";
import type { TableSource } from "./table-source.ts";

/** The table with its times as such. */
export function timesIn(context: CodecContext, source: TableSource, times: TableOptions["times"]): TableSource {
  if (times === undefined) return source;
  const change = (column: ColumnCodec): ColumnCodec => {
    const asked = times === "cf" ? undefined : Object.hasOwn(times, column.field.name) && times[column.field.name];
    if (asked) return counted(context, column, asked);
    const units = times === "cf" ? unitsOf(column) : undefined;
    return units === undefined ? column : conventional(context, column, units);
  };
  return { ...source, parts: source.parts.map((part) => part.only(part.columns.map(change))) };
}

function unitsOf({ field, codec }: ColumnCodec): CfUnits | undefined {
  const numbers = /^(U?[Ii]nt|Float)\d+$/.test(String(codec.type));
  const floats = String(codec.type).startsWith("Float");
  return numbers ? cfUnits(field.metadata.get("units"), field.metadata.get("calendar"), floats) : undefined;
}

/** Counts of a unit since 1970. */
function counted(context: CodecContext, column: ColumnCodec, { unit, zone }: TimeColumn): ColumnCodec {
  const { arrow } = context;
  const type = new arrow.Timestamp(timeUnit(arrow, unit)!, zone);
  const whole = (values: AnyData): BigInt64Array => {
    if (values instanceof BigInt64Array) return values;
    if (values instanceof BigUint64Array) return BigInt64Array.from(values);
    if (ArrayBuffer.isView(values)) return BigInt64Array.from(values as Float64Array, toWhole);
    throw new DTypeError("are no times", { structure: "column", found: column.field.name, allowed: "numbers" });
  };
  return timed(context, column, type, (values) => ({ times: whole(values) }));
}

/** Numbers that are none stand for no time. */
const toWhole = (value: number): bigint => (Number.isNaN(value) ? -(2n ** 63n) : BigInt(Math.round(value)));

/** Counts of the unit, and since the moment, that the attributes say. */
function conventional(context: CodecContext, column: ColumnCodec, units: CfUnits): ColumnCodec {
  const { arrow } = context;
  const type = new arrow.Timestamp(timeUnit(arrow, units.unit)!, units.zone);
  return timed(context, column, type, (values) => cfTimes(values, units));
}

interface Times {
  readonly times: BigInt64Array;
}

function timed(
  context: CodecContext,
  column: ColumnCodec,
  type: Timestamp,
  convert: (values: AnyData) => Times,
): ColumnCodec {
  const { arrow } = context;
  const none = -(2n ** 63n);
  const codec: Codec = {
    ...column.codec,
    type: type as DataType,
    ownNulls: true,
    decode: (values, count, valid) => {
      const { times } = convert(values);
      const there = times.includes(none)
        ? Uint8Array.from(times, (time, i) => Number(time !== none && valid?.[i] !== 0))
        : valid;
      return arrowData(arrow, type, count, { values: times, valid: there });
    },
  };
  const metadata = new Map(column.field.metadata);
  metadata.delete("h5ts:dtype");
  return { ...column, codec, field: new arrow.Field(column.field.name, type, true, metadata) };
}
