/** Files written anew. It cannot be asked for shuffle or lzf. */
import { type Dataset, type File, File as Source } from "h5wasm/node";
import { COMPRESSED, framesOf, STORED } from "../../workloads.ts";
import { ROW, row, tableColumns, textOf } from "../made.ts";
import type { Context, Preparation } from "../serve.ts";

type Write = (file: File) => number;
type Options = Parameters<File["create_dataset"]>[0];

const writing =
  (Opened: typeof File, make: (context: Context) => Write): Preparation =>
  (context) => {
    const write = make(context);
    const path = context.written();
    return () => {
      const file = new Opened(path, "w");
      const done = write(file);
      file.close();
      return done;
    };
  };

function images(context: Context, name: string, options: object): Write {
  const source = new Source(context.file("W1_contig"), "r");
  const frames = framesOf(name, context.sizes);
  const data = (source.get("data") as Dataset).slice([[0, frames], [], []] as never) as Float32Array;
  source.close();
  const given = { name: "data", data, shape: [frames, 256, 256], dtype: "<f4", ...options } as Options;
  return (file) => {
    file.create_dataset(given);
    return data.byteLength;
  };
}

function appending(batches: number, rows: number): Write {
  const data = row(rows);
  const shape = [rows, ROW];
  return (file) => {
    const dataset = file.create_dataset({ name: "data", data, shape, maxshape: [null, ROW], chunks: [256, ROW] });
    for (let i = 1; i < batches; i++) {
      dataset.resize([(i + 1) * rows, ROW]);
      dataset.write_slice(
        [
          [i * rows, (i + 1) * rows],
          [0, ROW],
        ],
        data,
      );
    }
    return batches * data.byteLength;
  };
}

function creating(objects: number): Write {
  const data = new Float32Array(10);
  return (file) => {
    const group = file.create_group("g");
    for (let i = 0; i < objects; i++) {
      const dataset = group.create_dataset({ name: `d${String(i).padStart(5, "0")}`, data });
      dataset.create_attribute("index", i, null, "<i4");
      dataset.create_attribute("scale", i * 0.5, null, "<f8");
      dataset.create_attribute("units", "counts", null, "S6");
    }
    return objects;
  };
}

/** A compound as it takes one: a map of columns. */
function table(rows: number): Write {
  const data = new Map(Object.entries(tableColumns(rows)));
  const dtype = [
    ["id", "<i4"],
    ["t", "<d"],
    ["name", "S20"],
    ["x", "<f"],
    ["y", "<f"],
    ["flag", "<B"],
  ];
  return (file) => {
    file.create_dataset({ name: "data", data, shape: [rows], dtype } as unknown as Options);
    return rows * 41;
  };
}

export function writingWorkloads(Opened: typeof File): Record<string, Preparation> {
  const by = (make: (context: Context) => Write): Preparation => writing(Opened, make);
  const pictures = Object.entries(STORED).map(([name, options]): [string, object] => [name, options]);
  for (const [name, { chunks, compressionOpts: level, shuffle, compression }] of Object.entries<Compressed>(COMPRESSED))
    if (compression === "gzip" && shuffle === undefined) pictures.push([name, { chunks, compression: level }]);
  return {
    ...Object.fromEntries(pictures.map(([name, options]) => [name, by((context) => images(context, name, options))])),
    X5_append_rows: by(({ sizes }) => appending(sizes.appends, 1)),
    X6_append_batches: by(({ sizes }) => appending(sizes.batches, 100)),
    X7_create: by(({ sizes }) => creating(sizes.objects)),
    X8_vlen: by(({ sizes }) => {
      const data = Array.from({ length: sizes.texts }, (_, i) => textOf(i));
      return (file) => {
        file.create_dataset({ name: "data", data, dtype: "S" });
        return data.length;
      };
    }),
    X9_compound: by(({ sizes }) => table(sizes.rows)),
  };
}

interface Compressed {
  readonly chunks: readonly number[];
  readonly compression: string;
  readonly compressionOpts?: number;
  readonly shuffle?: boolean;
}
