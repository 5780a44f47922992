/** h5ts, from its build. Variants: `sync`, `async`. */
import { rmSync } from "node:fs";
import { type Dataset, type H5File, type Mode, type Outcomes, open, openSync, type Result, slice } from "h5ts";
import { type Body, type Context, type Preparation, places, runPeer } from "../protocol.ts";
import { CROPS, FRAMES, FRAMES_SLOW, IMAGES, TINY, WHOLE, WRITES } from "../workloads.ts";

type Use = (file: H5File<Mode>, context: Context) => number | Promise<number>;

/** Opens the file in each run, as every peer does, and closes it. */
const over =
  (variant: string, name: string, use: Use): Preparation =>
  (context) =>
    variant === "sync" ? syncBody(context, name, use) : asyncBody(context, name, use);

const syncBody =
  (context: Context, name: string, use: Use): Body =>
  () => {
    const file = openSync(context.file(name));
    const done = use(file, context) as number;
    file.close();
    return done;
  };

const asyncBody =
  (context: Context, name: string, use: Use): Body =>
  async () => {
    const file = await open(context.file(name));
    const done = await use(file, context);
    await file.close();
    return done;
  };

const bytesOf = (data: unknown): number => {
  if (ArrayBuffer.isView(data)) return data.byteLength;
  return Object.values(data as object).reduce((sum: number, column) => sum + (column.byteLength ?? column.length), 0);
};

type SyncFile = H5File<"sync">;
type AsyncFile = H5File<"async">;

/** The same in either mode: `sync` as plain calls, `async` with `await`. */
function both(
  variant: string,
  name: string,
  sync: (file: SyncFile, context: Context) => number,
  async: (file: AsyncFile, context: Context) => Promise<number>,
): Preparation {
  return over(variant, name, (variant === "sync" ? sync : async) as Use);
}

function workloads(variant: string): Record<string, Preparation> {
  const all: Record<string, Preparation> = {};
  for (const name of WHOLE) all[name] = both(variant, name, wholeSync, wholeAsync);
  for (const [key, name] of Object.entries(CROPS)) {
    const crop = [null, slice(64, 192), slice(64, 192)];
    all[`W10_crop_${key}`] = both(
      variant,
      name,
      (file) => bytesOf(file.dataset("data").read(crop).data),
      async (file) => bytesOf((await (await file.dataset("data")).read(crop)).data),
    );
  }
  for (const [key, name] of Object.entries(IMAGES))
    all[`W10_img200_${key}`] = both(variant, name, imagesSync, imagesAsync);
  for (const name of TINY) {
    const first = [slice(2_000_000, 2_000_004)];
    all[`${name}_first`] = both(
      variant,
      name,
      (file) => bytesOf(file.dataset("data").read(first).data),
      async (file) => bytesOf((await (await file.dataset("data")).read(first)).data),
    );
  }
  return { ...all, ...single(variant) };
}

/** One read, the same in either mode. */
function reading(
  variant: string,
  name: string,
  read: (dataset: Dataset<Mode>) => Outcomes<Result<unknown>>[Mode],
): Preparation {
  return both(
    variant,
    name,
    (file) => bytesOf((read(file.dataset(pathOf(name))) as Result<unknown>).data),
    async (file) => bytesOf((await read(await file.dataset(pathOf(name)))).data),
  );
}

const pathOf = (name: string): string => (name === "W14_pandas" ? "df/table" : "data");

function single(variant: string): Record<string, Preparation> {
  const list = Array.from({ length: 50 }, (_, i) => 20 * i);
  const text = async (file: AsyncFile): Promise<number> =>
    lengths((await (await file.dataset("data")).read()).data as string[]);
  const writes = Object.keys(WRITES) as (keyof typeof WRITES)[];
  return {
    ...Object.fromEntries(writes.map((name) => [name, writing(variant, name)])),
    W1_contig_into: into(variant),
    ...objects(variant),
    W8_column_t: reading(variant, "W8_compound", (dataset) => dataset.fields("t").read()),
    W8_raw: reading(variant, "W8_compound", (dataset) => dataset.asBytes().read()),
    W9_vlen_str: both(variant, "W9_vlen", (file) => lengths(file.dataset("data").read().data as string[]), text),
    W10_fancy50_c1M: reading(variant, "W2a_chunk1M", (dataset) => dataset.read([list])),
    W14_pandas: reading(variant, "W14_pandas", (dataset) => dataset.read()),
  };
}

/** Many objects, and many small reads. */
function objects(variant: string): Record<string, Preparation> {
  const opened = (name: string, withData: boolean): Preparation =>
    both(
      variant,
      name,
      (file) => openedSync(file, withData),
      (file) => openedAsync(file, withData),
    );
  const random = (local: boolean): Preparation =>
    both(
      variant,
      "W11_random",
      (file) => randomSync(file, local),
      (file) => randomAsync(file, local),
    );
  return {
    W7e_open: opened("W7e_small", false),
    W7l_open: opened("W7l_small", false),
    W7e_data: opened("W7e_small", true),
    W7l_data: opened("W7l_small", true),
    W7g_walk: both(variant, "W7g_groups", walkSync, walkAsync),
    W11_local: random(true),
    W11_uniform: random(false),
  };
}

/** Images written into a new file; their reading is not measured. */
const writing =
  (variant: string, name: keyof typeof WRITES): Preparation =>
  (context) => {
    const source = openSync(context.file("W1_contig"));
    const frames = name === "X3_gzip9" ? FRAMES_SLOW : FRAMES;
    const { data } = source.dataset("data", "f4").read([slice(0, frames)]);
    source.close();
    const options = { data, shape: [frames, 256, 256], chunks: [4, 256, 256], ...WRITES[name] };
    const path = context.file(`written_by_${variant}`);
    if (variant === "sync") {
      return () => {
        const file = openSync(path, "w");
        file.createDataset("data", options);
        file.close();
        rmSync(path);
        return data.byteLength;
      };
    }
    return async () => {
      const file = await open(path, "w");
      await file.createDataset("data", options);
      await file.close();
      rmSync(path);
      return data.byteLength;
    };
  };

/** Into memory that was there before. */
const into =
  (variant: string): Preparation =>
  (context) => {
    const target = new Float32Array(1000 * 256 * 256);
    return both(
      variant,
      "W1_contig",
      (file) => {
        file.dataset("data").readInto(target);
        return target.byteLength;
      },
      async (file) => {
        await (await file.dataset("data")).readInto(target);
        return target.byteLength;
      },
    )(context);
  };

function wholeSync(file: SyncFile, context: Context): number {
  const result = file.dataset("data").read();
  context.note(probeOf(result.data));
  return bytesOf(result.data);
}

async function wholeAsync(file: AsyncFile, context: Context): Promise<number> {
  const result = await (await file.dataset("data")).read();
  context.note(probeOf(result.data));
  return bytesOf(result.data);
}

const probeOf = (data: unknown): unknown => (ArrayBuffer.isView(data) ? (data as Float32Array)[777] : undefined);

const lengths = (texts: readonly string[]): number => texts.reduce((sum, text) => sum + text.length, 0);

function imagesSync(file: SyncFile): number {
  const data = file.dataset("data");
  let bytes = 0;
  for (let i = 0; i < 200; i++) bytes += bytesOf(data.read((i * 37) % 1000).data);
  return bytes;
}

async function imagesAsync(file: AsyncFile): Promise<number> {
  const data = await file.dataset("data");
  let bytes = 0;
  for (let i = 0; i < 200; i++) bytes += bytesOf((await data.read((i * 37) % 1000)).data);
  return bytes;
}

function openedSync(file: SyncFile, withData: boolean): number {
  const group = file.group("g");
  let sum = 0;
  for (const name of group.keys()) {
    const dataset = group.dataset(name);
    const { attrs } = dataset;
    sum +=
      dataset.shape[0] + Number(attrs.get("index")) + Number(attrs.get("scale")) + String(attrs.get("units")).length;
    if (withData) sum += (dataset.read().data as Float32Array)[0];
  }
  return sum;
}

async function openedAsync(file: AsyncFile, withData: boolean): Promise<number> {
  const group = await file.group("g");
  let sum = 0;
  for (const [, object] of await group.entries()) {
    if (object?.kind !== "dataset") continue;
    const { index, scale, units } = await object.attrs.toObject();
    sum += object.shape[0] + Number(index) + Number(scale) + String(units).length;
    if (withData) sum += ((await object.read()).data as Float32Array)[0];
  }
  return sum;
}

function walkSync(file: SyncFile): number {
  let sum = 0;
  for (const outer of file.keys()) {
    const group = file.group(outer);
    for (const name of group.keys()) {
      const { attrs } = group.group(name);
      sum += Number(attrs.get("index")) + Number(attrs.get("scale")) + String(attrs.get("units")).length;
    }
  }
  return sum;
}

async function walkAsync(file: AsyncFile): Promise<number> {
  let sum = 0;
  for (const [, outer] of await file.entries()) {
    if (outer?.kind !== "group") continue;
    for (const [, inner] of await outer.entries()) {
      const { index, scale, units } = await inner!.attrs.toObject();
      sum += Number(index) + Number(scale) + String(units).length;
    }
  }
  return sum;
}

function randomSync(file: SyncFile, local: boolean): number {
  const data = file.dataset("data");
  let bytes = 0;
  for (const [row, column] of places(local)) bytes += bytesOf(data.read([row, slice(column, column + 16)]).data);
  return bytes;
}

async function randomAsync(file: AsyncFile, local: boolean): Promise<number> {
  const data = await file.dataset("data");
  let bytes = 0;
  for (const [row, column] of places(local))
    bytes += bytesOf((await data.read([row, slice(column, column + 16)])).data);
  return bytes;
}

runPeer("h5ts", async (variant) => workloads(variant));
