/** Random cases for filters: types, shapes, contents and pipelines of one to four filters. */

import { defaultFilters } from "../../packages/filters/src/default.ts";
import type { ElementType, FilterOptions } from "../../packages/filters/src/filter.ts";
import { KINDS, sample, seeded } from "../../packages/filters/test/bytes.ts";
import { codecOf } from "../../packages/filters/test/vectors.ts";

/** A case as it is drawn. */
export interface Case {
  readonly dtype: string;
  readonly dims: readonly number[];
  readonly libver: string;
  readonly filters: readonly { readonly name: string; readonly options: FilterOptions }[];
  readonly kind: (typeof KINDS)[number];
  readonly seed: number;
}

/** A case with its data and what we make of it. */
export interface Prepared extends Omit<Case, "filters"> {
  readonly title: string;
  readonly filters: readonly {
    readonly name: string;
    readonly options: FilterOptions;
    readonly id: number;
    readonly clientData: readonly number[];
  }[];
  readonly lossy: boolean;
  readonly mask: number;
  readonly data: Uint8Array;
  readonly chunk: Uint8Array;
}

const integer = (size: number, signed: boolean, order = "le"): ElementType => ({
  class: "integer",
  size,
  signed,
  order,
});
const float = (size: number, order = "le"): ElementType => ({ class: "float", size, order });
const member = (name: string, offset: number, type: ElementType) => ({ name, offset, type });

/** Types by NumPy's names. */
const TYPES: Readonly<Record<string, ElementType>> = {
  "|u1": integer(1, false),
  "|i1": integer(1, true),
  "<i2": integer(2, true),
  ">u2": integer(2, false, "be"),
  "<u4": integer(4, false),
  ">i4": integer(4, true, "be"),
  "<i8": integer(8, true),
  ">u8": integer(8, false, "be"),
  "<f4": float(4),
  ">f4": float(4, "be"),
  "<f8": float(8),
  ">f8": float(8, "be"),
  "|S3": { class: "string", size: 3 },
  "|S13": { class: "string", size: 13 },
  "<c8": { class: "compound", size: 8, members: [member("r", 0, float(4)), member("i", 4, float(4))] },
  "<c16": { class: "compound", size: 16, members: [member("r", 0, float(8)), member("i", 8, float(8))] },
};

const pick = <T>(random: () => number, list: readonly T[]): T => list[Math.floor(random() * list.length)];

/** Filters that compress, each with a draw of its options. */
const COMPRESSORS: Readonly<Record<string, (random: () => number, type: ElementType) => FilterOptions>> = {
  deflate: (random) => Math.floor(random() * 10),
  lzf: () => undefined,
  szip: (random) => [pick(random, ["nn", "ec"]), pick(random, [4, 8, 16, 32])],
  lz4: (random) => ({ nbytes: pick(random, [0, 64, 1000, 65536]) }),
  bzip2: (random) => ({ blocksize: 1 + Math.floor(random() * 9) }),
  zstd: (random) => ({ clevel: pick(random, [-5, 1, 2, 3, 4, 6, 9, 13, 19]) }),
  bitshuffle: (random) => ({
    nelems: pick(random, [0, 0, 16, 256]),
    cname: pick(random, ["none", "lz4", "zstd"]),
    clevel: 3,
  }),
  blosc: (random) => ({
    cname: pick(random, ["blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"]),
    clevel: 1 + Math.floor(random() * 9),
    shuffle: Math.floor(random() * 3),
  }),
  blosc2: (random) => ({
    cname: pick(random, ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]),
    clevel: 1 + Math.floor(random() * 9),
    filters: Math.floor(random() * 4),
  }),
};

/** Options of zfp that suit a type. */
function zfpOptions(random: () => number, { class: kind }: ElementType): FilterOptions {
  const options = [
    { rate: 1 + Math.floor(random() * 20) },
    { precision: 1 + Math.floor(random() * 30) },
    { reversible: true },
  ];
  return pick(random, kind === "float" ? [...options, { accuracy: 10 ** (3 - Math.floor(random() * 8)) }] : options);
}

function drawDims(random: () => number): number[] {
  const rank = pick(random, [1, 1, 2, 2, 3, 4]);
  const most = random() < 0.01 ? 1_000_000 : random() < 0.1 ? 20_000 : 1500;
  const total = 1 + random() * most;
  return Array.from({ length: rank }, () => Math.max(1, Math.floor(total ** (1 / rank) * (0.5 + random()))));
}

function drawCase(random: () => number, seed: number): Case {
  const dtype = pick(random, Object.keys(TYPES));
  const type = TYPES[dtype];
  const number = type.class === "integer" || type.class === "float";
  const dims = drawDims(random);
  const count = dims.reduce((n, size) => n * size, 1);
  const filters: { name: string; options: FilterOptions }[] = [];
  const add = (name: string, options?: FilterOptions): void => void filters.push({ name, options });
  const draw = random();
  if (draw < 0.1 && number) add("scaleoffset", type.class === "float" ? Math.floor(random() * 4) : 0);
  else if (draw < 0.15) add("nbit");
  else if (draw < 0.3 && number && count > 1 && type.size >= 4 && type.order === "le")
    add("zfp", zfpOptions(random, type));
  if (random() < 0.4) add("shuffle");
  if (random() < 0.85) {
    const names = Object.keys(COMPRESSORS).filter(
      (name) => name !== "szip" || (type.size <= 8 && type.size !== 3 && count >= 32 && type.class !== "compound"),
    );
    // szip, Blosc and n-dimensional frames take the chunk for elements: they come first where a filter changes its size.
    const sized = filters.some(({ name }) => name !== "shuffle");
    const name = pick(random, sized ? names.filter((one) => one !== "szip" && one !== "blosc2") : names);
    add(name, COMPRESSORS[name](random, type));
  }
  if (random() < 0.3 || filters.length === 0) add("fletcher32");
  const libver = filters.some(({ name }) => name === "scaleoffset" || name === "nbit")
    ? "latest"
    : pick(random, ["earliest", "latest"]);
  return { dtype, dims, libver, filters, kind: pick(random, KINDS), seed };
}

/** The first `count` cases of a fixed sequence. */
export function randomCases(count: number): Case[] {
  const random = seeded(1970);
  return Array.from({ length: count }, (_, i) => drawCase(random, i));
}

/** Bytes of a chunk; floats of lossy filters are finite. */
function dataOf({ dtype, dims, kind, seed, filters }: Case): Uint8Array {
  const type = TYPES[dtype];
  const count = dims.reduce((n, size) => n * size, 1);
  const lossy = filters.some(({ name }) => name === "zfp" || name === "scaleoffset");
  if (type.class !== "float" || !lossy) return sample(kind, count * type.size, seed);
  const bytes = new Uint8Array(count * type.size);
  const view = new DataView(bytes.buffer);
  const random = seeded(seed);
  for (let i = 0; i < count; i++) {
    const value = kind === "zeros" ? 0 : 100 * Math.sin(i / 9) + (kind === "random" ? 50 * random() : (i % 7) / 8);
    if (type.size === 4) view.setFloat32(4 * i, value, type.order === "le");
    else view.setFloat64(8 * i, value, type.order === "le");
  }
  return bytes;
}

/** Encodes a case as the engine does: a filter that does not help is skipped and masked. */
export function prepare(drawn: Case): Prepared {
  const type = TYPES[drawn.dtype];
  const data = dataOf(drawn);
  let mask = 0;
  let chunk = data;
  const filters = drawn.filters.map(({ name, options }, i) => {
    const filter = defaultFilters.get(name);
    if (!filter) throw new Error(`no filter ${name}`);
    const codec = codecOf(filter.id);
    const clientData = codec.clientData?.(options, { dims: drawn.dims, type }) ?? [];
    const encoded = codec.encode?.(chunk, clientData);
    if (encoded) chunk = encoded;
    else mask |= 1 << i;
    return { name, options: options ?? null, id: filter.id, clientData } as Prepared["filters"][number];
  });
  const lossy = filters.some(
    ({ name, options }) =>
      (name === "zfp" && !(options as { reversible?: boolean }).reversible) ||
      (name === "scaleoffset" && type.class === "float"),
  );
  const title = `${drawn.dtype} [${drawn.dims}] ${drawn.kind} ${JSON.stringify(drawn.filters)}`;
  return { ...drawn, title, filters, lossy, mask, data, chunk };
}
