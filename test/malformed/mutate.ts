/** Damage to files: seeded, and most of it where the structures are, since raw data is large and nothing follows from it. */
import { type Random, randomOf } from "./random.ts";

/** Signatures of structures (HDF5 File Format Specification); objects of version 1 have none, and stand after symbol nodes. */
const SIGNATURES = [
  "OHDR",
  "OCHK",
  "TREE",
  "SNOD",
  "HEAP",
  "GCOL",
  "FRHP",
  "FHDB",
  "FHIB",
  "BTHD",
  "BTLF",
  "BTIN",
  "FAHD",
  "FADB",
  "EAHD",
  "EAIB",
  "EASB",
  "EADB",
  "SMTB",
  "SMLI",
  "FSHD",
  "FSSE",
].map((text) => Buffer.from(text));

/** Bytes from a structure's beginning that are damaged. */
const REACH = 320;
/** Bytes of the beginning of the file: superblock and first object headers. */
const HEAD = 2048;

/** Where structures begin; `more` are those known otherwise. */
export function structuresIn(bytes: Uint8Array, more: readonly number[]): number[] {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = new Set<number>([0]);
  for (const address of more) if (address < bytes.length) found.add(address);
  for (const signature of SIGNATURES) {
    for (let at = file.indexOf(signature); at >= 0; at = file.indexOf(signature, at + 1)) found.add(at);
  }
  return [...found].sort((a, b) => a - b);
}

type Damage = (bytes: Uint8Array, at: number, random: Random) => Uint8Array;

const INTERESTING = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 127, 128, 254, 255];

const DAMAGES: Readonly<Record<string, Damage>> = {
  "bit flip": (bytes, at, random) => {
    bytes[at] ^= 1 << random.below(8);
    return bytes;
  },
  "byte set": (bytes, at, random) => {
    bytes[at] = random.below(2) === 0 ? random.pick(INTERESTING) : random.below(256);
    return bytes;
  },
  "0xff run": (bytes, at, random) => bytes.fill(0xff, at, at + random.pick([2, 4, 8, 16])),
  "zero run": (bytes, at, random) => bytes.fill(0, at, at + random.pick([2, 4, 8, 16])),
  truncation: (bytes, at) => bytes.slice(0, at),
  "field swap": (bytes, at, random) => {
    const width = random.pick([2, 4, 8]);
    const other = at + width * (1 + random.below(6));
    if (other + width > bytes.length) return bytes;
    const first = bytes.slice(at, at + width);
    bytes.copyWithin(at, other, other + width);
    bytes.set(first, other);
    return bytes;
  },
  arithmetic: (bytes, at, random) => {
    bytes[at] += random.pick([1, -1, 8, -8, 16, 64]);
    return bytes;
  },
  "copied bytes": (bytes, at, random) => {
    const from = random.below(bytes.length);
    return bytes.copyWithin(at, from, from + random.pick([4, 8, 24]));
  },
};

const NAMES = [
  "bit flip",
  "bit flip",
  "byte set",
  "byte set",
  "0xff run",
  "zero run",
  "truncation",
  "field swap",
  "arithmetic",
  "copied bytes",
];

export interface Mutant {
  readonly bytes: Uint8Array;
  /** What was done, for the report. */
  readonly damages: readonly string[];
}

/** The file with one to four damages. */
export function mutant(original: Uint8Array, structures: readonly number[], seed: number): Mutant {
  const random = randomOf(seed);
  let bytes: Uint8Array = Uint8Array.from(original);
  const damages: string[] = [];
  for (let left = 1 + random.below(4); left > 0 && bytes.length > 0; left--) {
    const name = random.pick(NAMES);
    const at = placeIn(bytes.length, structures, random);
    bytes = DAMAGES[name](bytes, at, random);
    damages.push(`${name} at 0x${at.toString(16)}`);
  }
  return { bytes, damages };
}

/** Nine in ten in a structure, or at the beginning of the file. */
function placeIn(length: number, structures: readonly number[], random: Random): number {
  const kind = random.below(10);
  if (kind === 0) return random.below(length);
  if (kind === 1) return random.below(Math.min(length, HEAD));
  return Math.min(random.pick(structures) + random.below(REACH), length - 1);
}
