/** The data of make_data.py, written by h5ts: where there is no h5py. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type DatasetOptions, dtype, type OpenOptions, open } from "h5ts";
import { tableColumns, textOf } from "../peers/made.ts";
import { SIDE, type Sizes, sizesOf } from "../sizes.ts";

type Make = (path: string, sizes: Sizes) => Promise<void>;

/** Frames of a detector: a spot that wanders over a sloping ground, and noise. */
function images(frames: number): Float32Array {
  const out = new Float32Array(frames * SIDE * SIDE);
  let noise = 42;
  for (let i = 0, at = 0; i < frames; i++) {
    const [cx, cy] = [128 + 60 * Math.sin(i / 70), 128 + 60 * Math.cos(i / 50)];
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        noise = (Math.imul(1664525, noise) + 1013904223) >>> 0;
        const spot = 900 * Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 1800) + 0.3 * x + 40 + i * 0.01;
        out[at++] = Math.round(spot) + (noise >>> 28);
      }
    }
  }
  return out;
}

const GZIP = { compression: "gzip", compressionOpts: 4 };
const [MB, KB64] = [
  [4, SIDE, SIDE],
  [1, 128, 128],
];

async function writeOne(
  path: string,
  options: DatasetOptions,
  opening: OpenOptions = {},
  name = "data",
): Promise<void> {
  const file = await open(path, "w", { durability: "none", ...opening });
  await file.createDataset(name, options);
  await file.close();
}

const imagesBy =
  (options: DatasetOptions, frames: keyof Sizes = "frames"): Make =>
  (path, sizes) =>
    writeOne(path, { data: images(sizes[frames]), shape: [sizes[frames], SIDE, SIDE], ...options });

const cubes: Make = (path, { frames }) =>
  writeOne(path, { data: images(frames), shape: [frames, SIDE, SIDE], chunks: [Math.min(100, frames), 64, 64] });

async function describe(
  attrs: { create(name: string, value: unknown, options: object): unknown },
  i: number,
): Promise<void> {
  await attrs.create("index", i, { dtype: "i4" });
  await attrs.create("scale", i * 0.5, { dtype: "f8" });
  await attrs.create("units", "counts", { dtype: "S6" });
}

const smallDatasets =
  (libver: "earliest" | "latest"): Make =>
  async (path, { objects }) => {
    const file = await open(path, "w", { libver, durability: "none" });
    const group = await file.createGroup("g");
    for (let i = 0; i < objects; i++) {
      const data = Float32Array.from({ length: 10 }, (_, k) => k + i);
      const dataset = await group.createDataset(`d${String(i).padStart(5, "0")}`, { data });
      await describe(dataset.attrs, i);
    }
    await file.close();
  };

const smallGroups: Make = async (path, { objects }) => {
  const file = await open(path, "w", { durability: "none" });
  for (let i = 0; i < objects; i++) {
    const outer = String(Math.floor(i / 100)).padStart(2, "0");
    const group = await file.createGroup(`g${outer}/h${String(i).padStart(5, "0")}`);
    await describe(group.attrs, i);
  }
  await file.close();
};

const TABLE = dtype.compound({ id: "i4", t: "f8", name: "S20", x: "f4", y: "f4", flag: "u1" });
const FRAME = dtype.compound({ index: "i8", b: "f8", c: "f8", d: "i4", s: "S5" });

const pandasTable: Make = (path, { tableRows }) => {
  const index = BigInt64Array.from({ length: tableRows }, (_, i) => BigInt(i));
  const data = {
    index,
    b: Float64Array.from(index, (_, i) => i * 0.5),
    c: Float64Array.from(index, (_, i) => Math.sin(i)),
    d: Int32Array.from(index, (_, i) => i % 5),
    s: Array.from(index, (_, i) => ["alpha", "beta", "gamma", "delta"][i % 4]),
  };
  return writeOne(path, { data, dtype: FRAME, chunks: [Math.min(2048, tableRows)] }, {}, "df/table");
};

const tiny =
  (options: DatasetOptions, libver: "earliest" | "latest"): Make =>
  (path, { chunks }) =>
    writeOne(path, { data: Int32Array.from({ length: 4 * chunks }, (_, i) => i), chunks: [4], ...options }, { libver });

const matrix: Make = (path, sizes) => {
  const made = images(sizes.frames);
  const data = Float32Array.from({ length: sizes.matrix ** 2 }, (_, i) => made[i % made.length]);
  return writeOne(path, { data, shape: [sizes.matrix, sizes.matrix], chunks: [128, 128], ...GZIP });
};

const plugin = (compression: string, compressionOpts?: object): Make =>
  imagesBy({ chunks: MB, compression, ...(compressionOpts && { compressionOpts }) } as DatasetOptions, "pluginFrames");

const integers =
  (make: (n: number) => DatasetOptions): Make =>
  (path, { integers: n }) =>
    writeOne(path, make(n));

const FILES: Readonly<Record<string, Make>> = {
  W1_contig: imagesBy({}),
  W2a_chunk1M: imagesBy({ chunks: MB }),
  W2b_chunk64K: imagesBy({ chunks: KB64 }),
  W2c_chunkCube: cubes,
  W3a_gzip4_1M: imagesBy({ chunks: MB, ...GZIP }),
  W3b_gzip4_64K: imagesBy({ chunks: KB64, ...GZIP }),
  W3c_gzip4_img: imagesBy({ chunks: [1, SIDE, SIDE], ...GZIP }),
  W4_gzip4_shuf: imagesBy({ chunks: MB, shuffle: true, ...GZIP }),
  W5_lzf_shuf: imagesBy({ chunks: MB, shuffle: true, compression: "lzf" }),
  W6_bitshuffle: plugin("bitshuffle"),
  W6_blosc_lz4: plugin("blosc", { cname: "lz4", clevel: 5, shuffle: 1 }),
  W6_blosc_zstd: plugin("blosc", { cname: "zstd", clevel: 5, shuffle: 1 }),
  W6_lz4: plugin("lz4"),
  W6_zstd: plugin("zstd"),
  W7e_small: smallDatasets("earliest"),
  W7l_small: smallDatasets("latest"),
  W7g_groups: smallGroups,
  W8_compound: (path, { rows }) => writeOne(path, { data: tableColumns(rows), dtype: TABLE }),
  W9_vlen: (path, { texts }) => writeOne(path, { data: Array.from({ length: texts }, (_, i) => textOf(i)) }),
  W11_random: matrix,
  W12_i64: integers((n) => ({ data: BigInt64Array.from({ length: n }, (_, i) => BigInt(i)) })),
  W12_bef64: integers((n) => ({ data: Float64Array.from({ length: n }, (_, i) => i), dtype: ">f8" })),
  W13e_btree1: tiny({}, "earliest"),
  W13f_fixedarr: tiny({}, "latest"),
  W13x_extarr: tiny({ maxShape: [null] }, "latest"),
  W14_pandas: pandasTable,
};

/** Those that exist are kept. */
export async function makeByH5ts(folder: string): Promise<void> {
  const sizes = sizesOf(folder);
  for (const [name, make] of Object.entries(FILES)) {
    const path = join(folder, `${name}.h5`);
    if (existsSync(path)) continue;
    await make(`${path}.part`, sizes);
    renameSync(`${path}.part`, path);
  }
}
