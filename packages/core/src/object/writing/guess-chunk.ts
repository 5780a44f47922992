/** The shape of chunks where none was asked for: h5py's guess, number by number. */
import type { DatasetInfo } from "../../contract.ts";

/** Bytes of a chunk of a dataset of 1 MiB. */
const BASE = 16 * 1024;
const LEAST = 8 * 1024;
const MOST = 1024 * 1024;
/** What is taken for an extent of none. */
const EMPTY = 1024;

/** Bytes of what stands for a Python object. */
const POINTER = 8;

/** Bytes of an element as NumPy has it in memory, which is what h5py goes by. */
export function guessedSize(type: DatasetInfo["datatype"]): number {
  switch (type.class) {
    case "vlen":
    case "reference":
      return POINTER;
    case "array":
      return guessedSize(type.base) * (type.size / type.base.size);
    case "compound":
      return type.members.reduce((size, { type: member }) => size + guessedSize(member) - member.size, type.size);
    default:
      return type.size;
  }
}

/** For a dataset of at least one axis. */
export function guessChunk(shape: readonly number[], itemsize: number): number[] {
  const chunk = shape.map((dim) => dim || EMPTY);
  const bytes = (): number => chunk.reduce((product, dim) => product * dim, 1) * itemsize;
  const target = Math.min(MOST, Math.max(LEAST, BASE * 2 ** Math.log10(bytes() / (1024 * 1024))));
  for (let axis = 0; ; axis = (axis + 1) % chunk.length) {
    const size = bytes();
    if ((size < target || Math.abs(size - target) / target < 0.5) && size < MOST) return chunk;
    if (size === itemsize) return chunk;
    chunk[axis] = Math.ceil(chunk[axis] / 2);
  }
}
