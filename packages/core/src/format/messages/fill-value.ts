/** Fill value message, type 0x0005, and the old one, 0x0004 (HDF5 File Format Specification, sections IV.A.2.e and f). */

import type { Fields } from "../../bytes/fields.ts";

export interface FillValue {
  /**
   * `"default"`: zero bytes; `"user"`: `value`; `"undefined"`: the writer left unwritten elements as they come, and
   * readers get zeros.
   */
  readonly defined: "default" | "user" | "undefined";
  /** One element in the file's own bytes, where `defined` is `"user"`. */
  readonly value?: Uint8Array;
  readonly allocTime: "early" | "late" | "incremental";
  readonly writeTime: "onalloc" | "never" | "ifset";
  /** Version of the message found, 1 to 3; 0 stands for the old message. */
  readonly version?: 0 | 1 | 2 | 3;
}

const ALLOC_TIMES = ["late", "early", "late", "incremental"] as const;
const ALLOC_NUMBERS = { early: 1, late: 2, incremental: 3 } as const;
const WRITE_TIMES = ["onalloc", "never", "ifset"] as const;
/** Size that marks an undefined fill value. */
const UNDEFINED_SIZE = -1;

/** The message 0x0005, versions 1 to 3. Written in the value's own version, 2 where it has none. */
export function fillValueMessage(f: Fields, v?: FillValue): FillValue {
  const version = f.u8(v && (v.version || 2));
  if (version === 1 || version === 2) return unpacked(f, version, v);
  return version === 3 ? packed(f, v) : f.fail("has an unknown version", version, "1 to 3");
}

/** The message 0x0004: a size and the value. */
export function oldFillValueMessage(f: Fields, v?: FillValue): FillValue {
  const size = f.u32(v && (v.value?.length ?? 0));
  const times = { allocTime: "late", writeTime: "ifset", version: 0 } as const;
  if (size === 0) return { defined: "undefined", ...times };
  return { defined: "user", value: f.bytes(v?.value, size), ...times };
}

function unpacked(f: Fields, version: 1 | 2, v?: FillValue): FillValue {
  const allocTime = ALLOC_TIMES[f.u8(v && ALLOC_NUMBERS[v.allocTime])] ?? f.fail("has an unknown allocation time");
  const writeTime = WRITE_TIMES[f.u8(v && WRITE_TIMES.indexOf(v.writeTime))] ?? f.fail("has an unknown write time");
  const times = { allocTime, writeTime, version };
  if (f.u8(v && Number(v.defined !== "undefined")) === 0) return { defined: "undefined", ...times };
  const size = f.i32(v && (v.value?.length ?? 0));
  if (size < UNDEFINED_SIZE) f.fail("has a negative size", size);
  if (size <= 0) return { defined: size === 0 ? "default" : "undefined", ...times };
  return { defined: "user", value: f.bytes(v?.value, size), ...times };
}

const MARKED_UNDEFINED = 0x10;
const HAS_VALUE = 0x20;

function packed(f: Fields, v?: FillValue): FillValue {
  const flags = f.u8(v && flagsOf(v));
  if (flags >= 0x40) f.fail("has unknown flags", flags, "0 to 63");
  const writeTime = WRITE_TIMES[(flags >> 2) & 3] ?? f.fail("has an unknown write time", (flags >> 2) & 3, "0 to 2");
  const times = { allocTime: ALLOC_TIMES[flags & 3], writeTime, version: 3 } as const;
  if ((flags & MARKED_UNDEFINED) !== 0) {
    if ((flags & HAS_VALUE) !== 0) f.fail("is both defined and undefined", flags);
    return { defined: "undefined", ...times };
  }
  if ((flags & HAS_VALUE) === 0) return { defined: "default", ...times };
  const size = f.u32(v?.value?.length);
  return size === 0 ? { defined: "default", ...times } : { defined: "user", value: f.bytes(v?.value, size), ...times };
}

function flagsOf(v: FillValue): number {
  const value = v.defined === "user" ? HAS_VALUE : v.defined === "undefined" ? MARKED_UNDEFINED : 0;
  return ALLOC_NUMBERS[v.allocTime] | (WRITE_TIMES.indexOf(v.writeTime) << 2) | value;
}
