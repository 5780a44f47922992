/**
 * Object modification time messages, type 0x0012 and the old 0x000E (HDF5 File Format Specification, sections IV.A.2.s and
 * o): when an object was last changed. Headers of version 2 have a field for it.
 */
import type { Fields } from "../../bytes/fields.ts";

export interface ModificationTime {
  /** Since the epoch. */
  readonly seconds: number;
}

export function modificationTimeMessage(f: Fields, v?: ModificationTime): ModificationTime {
  const version = f.u8(1);
  if (version !== 1) f.fail("has a version that is not known", version, "1");
  f.reserved(3);
  return { seconds: f.u32(v?.seconds) };
}

const DIGITS = /^\d{14}$/;

/** Fourteen digits, `YYYYMMDDhhmmss`, in UTC. */
export function oldModificationTimeMessage(f: Fields, v?: ModificationTime): ModificationTime {
  const text = f.text(v && digits(v.seconds), 14);
  f.reserved(2);
  if (v !== undefined) return v;
  if (!DIGITS.test(text)) f.fail("holds no date", text, "14 digits");
  const field = (from: number, to: number): number => Number(text.slice(from, to));
  const time = Date.UTC(field(0, 4), field(4, 6) - 1, field(6, 8), field(8, 10), field(10, 12), field(12, 14));
  return { seconds: time / 1000 };
}

function digits(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\D/g, "").slice(0, 14);
}
