/** Intervals of Parquet's: months, days and milliseconds, each of 32 bits without a sign, the lowest byte first. */
import type { PlainValue } from "@h5ts/arrow-adapter";
import type { Interval } from "apache-arrow";
import { DTypeError } from "h5ts";
import type { Arrow } from "./table-stream.ts";

const NANOS = 1_000_000n;

/** An interval as Parquet has it. DTypeError for negative ones, and for parts of a millisecond. */
export function intervalBytes({ IntervalUnit }: Arrow, type: Interval, value: PlainValue): Uint8Array {
  if (type.unit === IntervalUnit.YEAR_MONTH) return packed(type, [BigInt(value as number), 0n, 0n]);
  const [a, b, low = 0, high = 0] = Array.from(value as readonly number[]);
  if (type.unit === IntervalUnit.DAY_TIME) return packed(type, [0n, BigInt(a), BigInt(b)]);
  const nanoseconds = (BigInt(high) << 32n) | BigInt(low >>> 0);
  if (nanoseconds % NANOS !== 0n) throw lacking(type, nanoseconds, "whole milliseconds");
  return packed(type, [BigInt(a), BigInt(b), nanoseconds / NANOS]);
}

function packed(type: Interval, parts: readonly bigint[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(12));
  for (const [i, part] of parts.entries()) {
    if (part < 0n || part >= 2n ** 32n) throw lacking(type, part, "0 to 2^32 - 1");
    bytes.setUint32(i * 4, Number(part), true);
  }
  return new Uint8Array(bytes.buffer);
}

const lacking = (type: Interval, found: bigint, allowed: string): DTypeError =>
  new DTypeError("has an interval that Parquet cannot count", { structure: String(type), found, allowed });

/** An interval of Parquet's as a value of the type. DTypeError for parts that the type lacks. */
export function intervalOf({ IntervalUnit }: Arrow, type: Interval, bytes: Uint8Array): PlainValue {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [months, days, milliseconds] = [0, 4, 8].map((at) => view.getUint32(at, true));
  if (type.unit === IntervalUnit.YEAR_MONTH) return months;
  if (type.unit === IntervalUnit.DAY_TIME) return [days, milliseconds];
  const nanoseconds = BigInt(milliseconds) * NANOS;
  return [months, days, Number(nanoseconds & 0xffffffffn), Number(nanoseconds >> 32n)];
}
