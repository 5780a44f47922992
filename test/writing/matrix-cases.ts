/** The one table of the matrix: datatype x layout x chunk index x filters x library version x rank. */
import { type MatrixType, TYPES } from "./matrix-types.ts";

export type Libver = "earliest" | "v108" | "v110" | "v114" | "v200";

export interface MatrixCase {
  readonly id: string;
  readonly type: MatrixType;
  readonly libver: Libver;
  readonly shape: readonly number[];
  /** As `createDataset` takes them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Only a part is written, the rest is this. */
  readonly fill?: number;
  readonly filters: FilterName;
}

const LIBVERS: readonly Libver[] = ["earliest", "v108", "v110", "v114", "v200"];
const SHAPES: readonly (readonly number[])[] = [[], [23], [7, 5], [3, 4, 5]];
const CHUNKS: readonly (readonly number[])[] = [[], [4], [3, 2], [2, 2, 3]];

const FILTERS = {
  none: {},
  gzip: { compression: "gzip", compressionOpts: 6 },
  "shuffle gzip": { shuffle: true, compression: "gzip" },
  fletcher32: { fletcher32: true },
  all: { shuffle: true, compression: "gzip", fletcher32: true },
  scaleoffset: { scaleOffset: 0 },
  nbit: { filters: ["nbit"] },
  szip: { compression: "szip" },
} as const;
export type FilterName = keyof typeof FILTERS;

interface Layout {
  readonly name: string;
  readonly ranks: readonly number[];
  readonly filters: readonly FilterName[];
  options(shape: readonly number[], chunks: readonly number[]): Record<string, unknown>;
}

/** With the chunk indexes that they have by the newer library versions. */
const LAYOUTS: readonly Layout[] = [
  { name: "compact", ranks: [0, 1, 2, 3], filters: ["none"], options: () => ({ layout: "compact" }) },
  { name: "contiguous", ranks: [0, 1, 2, 3], filters: ["none"], options: () => ({}) },
  { name: "contiguous early", ranks: [2], filters: ["none"], options: () => ({ allocTime: "early" }) },
  {
    name: "fixed array",
    ranks: [1, 2, 3],
    filters: ["none", "shuffle gzip", "all"],
    options: (_, chunks) => ({ chunks }),
  },
  {
    name: "fixed array that grows",
    ranks: [2],
    filters: ["none", "gzip"],
    options: (shape, chunks) => ({ chunks, maxShape: shape.map((n) => n + 3) }),
  },
  { name: "single", ranks: [1, 2, 3], filters: ["none", "gzip"], options: (shape) => ({ chunks: shape }) },
  { name: "implicit", ranks: [1, 2, 3], filters: ["none"], options: (_, chunks) => ({ chunks, allocTime: "early" }) },
  {
    name: "extensible array",
    ranks: [1, 2, 3],
    filters: ["none", "fletcher32", "all"],
    options: (shape, chunks) => ({ chunks, maxShape: shape.map((n, d) => (d === shape.length - 1 ? null : n)) }),
  },
  {
    name: "B-tree",
    ranks: [2, 3],
    filters: ["none", "shuffle gzip"],
    options: (shape, chunks) => ({ chunks, maxShape: shape.map(() => null) }),
  },
];

/** Datasets of whole or part, many chunks, and filters that only numbers have. */
function* ofNumbers(type: MatrixType, libver: Libver): Generator<Omit<MatrixCase, "id"> & { readonly name: string }> {
  const base = { type, libver, filters: "none" as FilterName };
  yield { ...base, name: "part of contiguous", shape: [7, 5], options: { fillValue: 3 }, fill: 3 };
  yield {
    ...base,
    name: "part of chunks",
    shape: [23],
    options: { chunks: [4], maxShape: [null], fillValue: 2 },
    fill: 2,
  };
  if (type.name !== "<i4") return;
  yield { ...base, name: "paged fixed array", shape: [3000], options: { chunks: [1] } };
  yield { ...base, name: "paged extensible array", shape: [3000], options: { chunks: [1], maxShape: [null] } };
  yield { ...base, name: "deep B-tree", shape: [50, 60], options: { chunks: [1, 1], maxShape: [null, null] } };
  const options = { chunks: [1], ...FILTERS.gzip };
  yield { ...base, filters: "gzip", name: "paged, filtered", shape: [1500], options };
}

function* integerFilters(
  type: MatrixType,
  libver: Libver,
): Generator<Omit<MatrixCase, "id"> & { readonly name: string }> {
  for (const filters of ["scaleoffset", "nbit", "szip"] as const) {
    const options = { chunks: [3, 4], ...FILTERS[filters] };
    yield { type, libver, filters, name: "chunked", shape: [7, 5], options };
  }
}

/** All cases, in an order that spreads each kind over the whole. */
export function matrixCases(): MatrixCase[] {
  const cases: MatrixCase[] = [];
  for (const libver of LIBVERS) {
    for (const type of TYPES) {
      if (type.native === true && libver !== "v200") continue;
      const extra = [
        ...(type.number ? ofNumbers(type, libver) : []),
        ...(type.integer ? integerFilters(type, libver) : []),
      ];
      for (const one of [...layoutCases(type, libver), ...extra]) {
        const { name, ...rest } = one;
        cases.push({ ...rest, id: `${libver}, ${type.name}, ${name}, ${one.filters}, rank ${one.shape.length}` });
      }
    }
  }
  return cases;
}

function* layoutCases(type: MatrixType, libver: Libver): Generator<Omit<MatrixCase, "id"> & { readonly name: string }> {
  for (const { name, ranks, filters, options } of LAYOUTS) {
    for (const rank of ranks) {
      const shape = SHAPES[rank];
      for (const filter of filters) {
        if (type.variable === true && (filter === "fletcher32" || filter === "all")) continue;
        yield {
          type,
          libver,
          shape,
          name,
          filters: filter,
          options: { ...options(shape, CHUNKS[rank]), ...FILTERS[filter] },
        };
      }
    }
  }
}
