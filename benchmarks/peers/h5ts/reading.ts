/** Elements read: whole, in parts, in many small reads. */
import { type Dataset, type Mode, type Outcomes, open, openSync, type Result, slice } from "h5ts";
import { SIDE } from "../../sizes.ts";
import { CROPS, FAILING, IMAGES, TINY, WHOLE } from "../../workloads.ts";
import { listed, middleOf, places, SPAN, sample, scattered } from "../places.ts";
import { type Context, type Preparation, refusing } from "../serve.ts";
import { type AsyncFile, both, bytesOf, type SyncFile } from "./opened.ts";

type Read = (dataset: Dataset<Mode>, context: Context) => Outcomes<Result<unknown>>[Mode];

const pathOf = (name: string): string => (name === "W14_pandas" ? "df/table" : "data");

/** One read, the same in either mode. */
function reading(variant: string, name: string, read: Read, compared = comparable): Preparation {
  const done = (context: Context, { data }: Result<unknown>): number => {
    context.note(sample(compared(data)));
    return bytesOf(data);
  };
  return both(
    variant,
    name,
    (file, context) => done(context, read(file.dataset(pathOf(name)), context) as Result<unknown>),
    async (file, context) => done(context, await read(await file.dataset(pathOf(name)), context)),
  );
}

/** What other peers can be asked for as well: the column `t` of the compound, the index of the pandas table. */
function comparable(data: unknown): ArrayLike<unknown> {
  if (ArrayBuffer.isView(data)) return data as Float32Array;
  const { t, index } = data as Record<string, ArrayLike<unknown>>;
  return t ?? index;
}

/** The last image: others read them one by one. */
const lastImage = (data: unknown): ArrayLike<unknown> => (data as Float32Array).subarray(-SIDE * SIDE);

const all: Read = (dataset) => dataset.read();

function imagesSync(file: SyncFile, { sizes, note }: Context): number {
  const dataset = file.dataset("data");
  let bytes = 0;
  let data: unknown;
  for (const i of scattered(sizes)) bytes += bytesOf((data = dataset.read(i).data));
  note(sample(data as Float32Array));
  return bytes;
}

async function imagesAsync(file: AsyncFile, { sizes, note }: Context): Promise<number> {
  const dataset = await file.dataset("data");
  let bytes = 0;
  let data: unknown;
  for (const i of scattered(sizes)) bytes += bytesOf((data = (await dataset.read(i)).data));
  note(sample(data as Float32Array));
  return bytes;
}

function random(variant: string, local: boolean): Preparation {
  return (context) => {
    const spots = places(context.sizes, local);
    const noteLast = (data: unknown): void => context.note(sample(data as Float32Array));
    return both(
      variant,
      "W11_random",
      (file) => {
        const dataset = file.dataset("data");
        let bytes = 0;
        let data: unknown;
        for (const [row, column] of spots)
          bytes += bytesOf((data = dataset.read([row, slice(column, column + SPAN)]).data));
        noteLast(data);
        return bytes;
      },
      async (file) => {
        const dataset = await file.dataset("data");
        let bytes = 0;
        let data: unknown;
        for (const [row, column] of spots)
          bytes += bytesOf((data = (await dataset.read([row, slice(column, column + SPAN)])).data));
        noteLast(data);
        return bytes;
      },
    )(context);
  };
}

/** Into memory that was there before. */
const into =
  (variant: string): Preparation =>
  (context) => {
    const target = new Float32Array(context.sizes.frames * SIDE * SIDE);
    const done = (): number => {
      context.note(sample(target));
      return target.byteLength;
    };
    return both(
      variant,
      "W1_contig",
      (file) => {
        file.dataset("data").readInto(target);
        return done();
      },
      async (file) => {
        await (await file.dataset("data")).readInto(target);
        return done();
      },
    )(context);
  };

function texts(variant: string): Preparation {
  const done = (context: Context, data: readonly string[]): number => {
    context.note(sample(data));
    return data.reduce((sum, text) => sum + text.length, 0);
  };
  return both(
    variant,
    "W9_vlen",
    (file, context) => done(context, file.dataset("data").read().data as string[]),
    async (file, context) => done(context, (await (await file.dataset("data")).read()).data as string[]),
  );
}

async function readFailing(path: string): Promise<unknown> {
  const file = await open(path);
  return (await file.dataset("data")).read();
}

const failing = (variant: string): Record<string, Preparation> => {
  const read = variant === "sync" ? (path: string) => openSync(path).dataset("data").read() : readFailing;
  return Object.fromEntries(FAILING.map((name) => [name, refusing(name, read)]));
};

export function readingWorkloads(variant: string): Record<string, Preparation> {
  const one = (name: string, read: Read): Preparation => reading(variant, name, read);
  const crop = [null, slice(64, 192), slice(64, 192)];
  const first: Read = (dataset, { sizes }) => dataset.read([slice(middleOf(sizes), middleOf(sizes) + 4)]);
  const images = (name: string): Preparation => both(variant, name, imagesSync, imagesAsync);
  return {
    ...failing(variant),
    W1_contig_into: into(variant),
    ...Object.fromEntries(WHOLE.map((name) => [name, one(name, all)])),
    ...Object.fromEntries(
      Object.entries(CROPS).map(([key, name]) => [`W10_crop_${key}`, one(name, (dataset) => dataset.read(crop))]),
    ),
    ...Object.fromEntries(Object.entries(IMAGES).map(([key, name]) => [`W10_img200_${key}`, images(name)])),
    ...Object.fromEntries(TINY.map((name) => [`${name}_first`, one(name, first)])),
    W8_column_t: one("W8_compound", (dataset) => dataset.fields("t").read()),
    W8_raw: one("W8_compound", (dataset) => dataset.asBytes().read()),
    W9_vlen_str: texts(variant),
    W10_fancy50_c1M: reading(variant, "W2a_chunk1M", (dataset, { sizes }) => dataset.read([listed(sizes)]), lastImage),
    W11_local: random(variant, true),
    W11_uniform: random(variant, false),
    W12_bef64_native: one("W12_bef64", all),
    W14_pandas: one("W14_pandas", all),
  };
}
