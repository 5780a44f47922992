/** Files written anew: in sync or async mode, with the default durability or none. */
import { type Dataset, type Durability, dtype, type H5File, open, openSync, slice } from "h5ts";
import { COMPRESSED, framesOf, STORED } from "../../workloads.ts";
import { ROW, row, tableColumns, textOf } from "../made.ts";
import type { Context, Preparation } from "../serve.ts";

interface Writer {
  sync(file: H5File<"sync">): number;
  async(file: H5File<"async">): Promise<number>;
}

function writing(variant: string, make: (context: Context) => Writer): Preparation {
  const [mode, durability = "process"] = variant.split(" ");
  const options = { durability: durability as Durability };
  return (context) => {
    const { sync, async } = make(context);
    const path = context.written();
    if (mode === "sync") {
      return () => {
        const file = openSync(path, "w", options);
        const done = sync(file);
        file.close();
        return done;
      };
    }
    return async () => {
      const file = await open(path, "w", options);
      const done = await async(file);
      await file.close();
      return done;
    };
  };
}

/** One dataset from what `options` holds. */
const oneDataset = (options: object, bytes: number): Writer => ({
  sync(file) {
    file.createDataset("data", options);
    return bytes;
  },
  async async(file) {
    await file.createDataset("data", options);
    return bytes;
  },
});

/** Images of the data; their reading is not measured. */
function images(context: Context, name: string, options: object): Writer {
  const source = openSync(context.file("W1_contig"));
  const frames = framesOf(name, context.sizes);
  const { data } = source.dataset("data", "f4").read([slice(0, frames)]);
  source.close();
  return oneDataset({ data, shape: [frames, 256, 256], ...options }, data.byteLength);
}

/** Rows one by one, or in batches. */
function appending(batches: number, rows: number): Writer {
  const data = row(rows);
  const value = { data, shape: [rows, ROW] };
  const options = { ...value, maxShape: [null, ROW], chunks: [256, ROW] };
  return {
    sync(file) {
      const dataset = file.createDataset("data", options) as Dataset<"sync">;
      for (let i = 1; i < batches; i++) dataset.append(value);
      return batches * data.byteLength;
    },
    async async(file) {
      const dataset = (await file.createDataset("data", options)) as Dataset<"async">;
      for (let i = 1; i < batches; i++) await dataset.append(value);
      return batches * data.byteLength;
    },
  };
}

const [INT, DOUBLE, UNITS] = [{ dtype: "i4" }, { dtype: "f8" }, { dtype: "S6" }] as const;
const nameOf = (i: number): string => `d${String(i).padStart(5, "0")}`;

function creating(objects: number): Writer {
  const data = new Float32Array(10);
  return {
    sync(file) {
      const group = file.createGroup("g");
      for (let i = 0; i < objects; i++) {
        const { attrs } = group.createDataset(nameOf(i), { data });
        attrs.create("index", i, INT);
        attrs.create("scale", i * 0.5, DOUBLE);
        attrs.create("units", "counts", UNITS);
      }
      return objects;
    },
    async async(file) {
      const group = await file.createGroup("g");
      for (let i = 0; i < objects; i++) {
        const { attrs } = await group.createDataset(nameOf(i), { data });
        await attrs.create("index", i, INT);
        await attrs.create("scale", i * 0.5, DOUBLE);
        await attrs.create("units", "counts", UNITS);
      }
      return objects;
    },
  };
}

const TABLE = dtype.compound({ id: "i4", t: "f8", name: "S20", x: "f4", y: "f4", flag: "u1" });

export function writingWorkloads(variant: string): Record<string, Preparation> {
  const by = (make: (context: Context) => Writer): Preparation => writing(variant, make);
  const pictures = Object.entries({ ...STORED, ...COMPRESSED });
  return {
    ...Object.fromEntries(pictures.map(([name, options]) => [name, by((context) => images(context, name, options))])),
    X5_append_rows: by(({ sizes }) => appending(sizes.appends, 1)),
    X6_append_batches: by(({ sizes }) => appending(sizes.batches, 100)),
    X7_create: by(({ sizes }) => creating(sizes.objects)),
    X8_vlen: by(({ sizes }) =>
      oneDataset({ data: Array.from({ length: sizes.texts }, (_, i) => textOf(i)) }, sizes.texts),
    ),
    X9_compound: by(({ sizes }) => oneDataset({ data: tableColumns(sizes.rows), dtype: TABLE }, sizes.rows * 41)),
  };
}
