/** Dates and durations as Python's pickles pack them. */
import { FormatError } from "h5ts";
import type { PythonObject } from "./values.ts";

const fail = (found: unknown): never => {
  throw new FormatError("is no date as Python packs it", { structure: "Pickle", found });
};

const two = (n: number): string => String(n).padStart(2, "0");

/** Bytes of a state, which old protocols keep as text of Latin 1. */
function packed(state: unknown, lengths: readonly number[]): Uint8Array {
  const bytes = typeof state === "string" ? Uint8Array.from(state, (c) => c.charCodeAt(0)) : state;
  return bytes instanceof Uint8Array && lengths.includes(bytes.length) ? bytes : fail(state);
}

const day = (b: Uint8Array): string => `${String(b[0] * 256 + b[1]).padStart(4, "0")}-${two(b[2])}-${two(b[3])}`;

function clock(b: Uint8Array, at: number): string {
  const micro = b[at + 3] * 65536 + b[at + 4] * 256 + b[at + 5];
  const fraction = micro === 0 ? "" : `.${String(micro).padStart(6, "0")}`;
  return `${two(b[at] & 0x7f)}:${two(b[at + 1])}:${two(b[at + 2])}${fraction}`;
}

/** `datetime.date(state)`, or of three numbers. */
export function date(args: readonly unknown[]): PythonObject {
  if (args.length !== 3) return { kind: "date", iso: day(packed(args[0], [4])) };
  const [y, m, d] = args.map((arg) => (typeof arg === "bigint" ? Number(arg) : fail(arg)));
  return { kind: "date", iso: `${String(y).padStart(4, "0")}-${two(m)}-${two(d)}` };
}

const offsetOf = (zone: unknown): string => {
  const name = typeof zone === "object" && zone !== null && "name" in zone ? String(zone.name) : "";
  if (name === "UTC") return "+00:00";
  return /^UTC[+-]/.test(name) ? name.slice(3) : "";
};

/** `datetime.datetime(state, zone)`. */
export function datetime(args: readonly unknown[]): PythonObject {
  const bytes = packed(args[0], [10]);
  return { kind: "datetime", iso: `${day(bytes)}T${clock(bytes, 4)}${offsetOf(args[1])}` };
}

/** `datetime.time(state)`. */
export function time(args: readonly unknown[]): PythonObject {
  return { kind: "time", iso: clock(packed(args[0], [6]), 0) };
}

/** `datetime.timedelta(days, seconds, microseconds)`. */
export function timedelta(args: readonly unknown[]): PythonObject {
  const [days = 0n, seconds = 0n, micro = 0n] = args.map((arg) => (typeof arg === "bigint" ? arg : fail(arg)));
  return { kind: "pytimedelta", microseconds: (days * 86_400n + seconds) * 1_000_000n + micro };
}

/** `datetime.timezone(offset, name)`: as its `str`. */
export function timezone(args: readonly unknown[]): PythonObject {
  const [offset, name] = args as [PythonObject, unknown];
  if (typeof name === "string") return { kind: "zone", name };
  if (offset?.kind !== "pytimedelta") return fail(offset);
  return { kind: "zone", name: offsetName(offset.microseconds) };
}

/** `"UTC+05:30"`. */
export function offsetName(microseconds: bigint): string {
  if (microseconds === 0n) return "UTC";
  const positive = microseconds < 0n ? -microseconds : microseconds;
  const minutes = Number(positive / 60_000_000n);
  return `UTC${microseconds < 0n ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
