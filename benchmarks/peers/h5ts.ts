/** h5ts, from its build. Variants: `sync`, `async`. */
import { type H5File, type Mode, open, openSync, slice } from "h5ts";
import { type Body, type Context, type Preparation, places, runPeer } from "../protocol.ts";
import { CROPS, IMAGES, TINY, WHOLE } from "../workloads.ts";

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

function single(variant: string): Record<string, Preparation> {
  const list = Array.from({ length: 50 }, (_, i) => 20 * i);
  const read = (name: string, path: string, selection?: never): Preparation =>
    both(
      variant,
      name,
      (file) => bytesOf(file.dataset(path).read(selection).data),
      async (file) => bytesOf((await (await file.dataset(path)).read(selection)).data),
    );
  return {
    W1_contig_into: into(variant),
    W7e_open: both(
      variant,
      "W7e_small",
      (f) => openedSync(f, false),
      (f) => openedAsync(f, false),
    ),
    W7l_open: both(
      variant,
      "W7l_small",
      (f) => openedSync(f, false),
      (f) => openedAsync(f, false),
    ),
    W7e_data: both(
      variant,
      "W7e_small",
      (f) => openedSync(f, true),
      (f) => openedAsync(f, true),
    ),
    W7l_data: both(
      variant,
      "W7l_small",
      (f) => openedSync(f, true),
      (f) => openedAsync(f, true),
    ),
    W7g_walk: both(variant, "W7g_groups", walkSync, walkAsync),
    W8_column_t: both(
      variant,
      "W8_compound",
      (file) => bytesOf(file.dataset("data").fields("t").read().data),
      async (file) => bytesOf((await (await file.dataset("data")).fields("t").read()).data),
    ),
    W8_raw: both(
      variant,
      "W8_compound",
      (file) => bytesOf(file.dataset("data").asBytes().read().data),
      async (file) => bytesOf((await (await file.dataset("data")).asBytes().read()).data),
    ),
    W9_vlen_str: both(
      variant,
      "W9_vlen",
      (file) => lengths(file.dataset("data").read().data as string[]),
      async (file) => lengths((await (await file.dataset("data")).read()).data as string[]),
    ),
    W10_fancy50_c1M: read("W2a_chunk1M", "data", [list] as never),
    W11_local: both(
      variant,
      "W11_random",
      (f) => randomSync(f, true),
      (f) => randomAsync(f, true),
    ),
    W11_uniform: both(
      variant,
      "W11_random",
      (f) => randomSync(f, false),
      (f) => randomAsync(f, false),
    ),
    W14_pandas: read("W14_pandas", "df/table"),
  };
}

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
