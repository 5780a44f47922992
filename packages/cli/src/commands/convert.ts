/** `h5ts convert`: tables out of HDF5 into Arrow, Parquet, CSV and NDJSON, and back. */
import type { TableObject, TableOptions, WriteTableOptions } from "@h5ts/arrow-adapter";
import type { RecordBatch } from "apache-arrow";
import { type H5File, open, ShapeError, UnsupportedError } from "h5ts";
import { type Command, type CommandContext, UsageError } from "../command.ts";
import { readArrow, writeArrow } from "../convert/arrow-files.ts";
import { typeNamed } from "../convert/column-types.ts";
import { FORMATS, formatOf, type TableFormat } from "../convert/formats.ts";
import { type Arrow, counted, type TableStream } from "../convert/table-stream.ts";
import { type AskedTypes, readCsv, readNdjson, writeCsv, writeNdjson } from "../convert/text-files.ts";
import { objectAt, withFile } from "../opened.ts";
import { fileAndPath, type Place } from "../place.ts";
import { json } from "../terminal/json.ts";
import { progressOn } from "../terminal/progress.ts";

export const convert: Command = {
  name: "convert",
  summary: "Convert a table: HDF5 to Arrow, Parquet, CSV or NDJSON, or one of these to HDF5",
  usage:
    "[--columns A,B] [--rows START:STOP] [--layout compound|group|pandas] [--compression FILTER[:LEVEL]] [OPTION...] IN[:PATH] OUT[:PATH]",
  options: {
    from: { type: "string" },
    to: { type: "string" },
    columns: { type: "string" },
    rows: { type: "string" },
    matrix: { type: "string" },
    enums: { type: "string" },
    times: { type: "string" },
    batch: { type: "string" },
    layout: { type: "string" },
    compression: { type: "string" },
    shuffle: { type: "boolean" },
    types: { type: "string" },
  },
  help: {
    "from FORMAT": `format of IN, if its name does not say: ${FORMATS.join(", ")}, hdf5`,
    "to FORMAT": "format of OUT, likewise",
    "columns A,B": "those to be taken, in this order",
    "rows START:STOP": "from START up to but without STOP, as in Python: --rows=-100: are the last hundred",
    "matrix columns|tensors": "datasets of two axes: as columns (default) or tensors",
    "enums dictionary|integers": "as dictionary (default) or integers",
    "times cf": "cf: numbers whose attribute units says so become times",
    "batch ROWS": "rows that are converted at once; default whole chunks of about 16 MB",
    "layout compound|group": "of HDF5: one compound dataset (default), or a group with a dataset for each column",
    "compression FILTER[:LEVEL]": "of HDF5: gzip, gzip:9, zstd, ...",
    shuffle: "of HDF5: sort the bytes of elements before compression",
    "types NAME=TYPE,...": "of columns in CSV and NDJSON: id=int32,at=timestamp[us],name=category",
  },
  details: [
    "The formats are told by the ends of names. Rows are converted a part at a time, so that tables may be larger than memory. HDF5 files are changed where they exist; others are replaced.",
  ],
  choices: {
    from: [...FORMATS, "hdf5"],
    to: [...FORMATS, "hdf5"],
    matrix: ["columns", "tensors"],
    enums: ["dictionary", "integers"],
    times: ["cf"],
    layout: ["compound", "group"],
  },
  examples: [
    ["data.h5:/events events.parquet", "a compound dataset, or a group of columns"],
    ["data.h5:/events events.csv --columns id,time --rows 0:1000", "two columns of the first rows"],
    ["events.csv data.h5:/events --types id=int32 --compression zstd", "a table into HDF5"],
  ],
  operands: [2, 2],
  async run(context) {
    const [from, to] = context.operands.map(fileAndPath);
    const [source, target] = [chosenFormat(context, "from", from), chosenFormat(context, "to", to)];
    if ((source === undefined) === (target === undefined)) {
      throw new UsageError("convert: one of IN and OUT is HDF5, the other is not; --from and --to name formats");
    }
    const arrow = await import("apache-arrow");
    const rows =
      target !== undefined
        ? await fromHdf5(arrow, context, from, to.file, target)
        : await toHdf5(arrow, context, from.file, source!, to);
    if (context.json) context.output.out(json({ in: context.operands[0], out: context.operands[1], rows }));
    return 0;
  },
};

function chosenFormat({ values }: CommandContext, option: "from" | "to", { file }: Place): TableFormat | undefined {
  const asked = values[option] as string | undefined;
  if (asked === undefined) return formatOf(file);
  if (asked === "hdf5") return undefined;
  if (FORMATS.includes(asked as TableFormat)) return asked as TableFormat;
  throw new UsageError(`--${option} must be one of ${FORMATS.join(", ")}, hdf5`);
}

/** Runs `use` with a teller of rows, who draws a bar on a terminal. */
async function telling(
  { output }: CommandContext,
  total: number,
  label: string,
  use: (told: (rows: number) => void) => Promise<void>,
): Promise<number> {
  const bar = progressOn(output);
  let done = 0;
  try {
    await use((rows) => {
      done = rows;
      bar.show(rows, Math.max(total, rows), label);
    });
  } finally {
    bar.clear();
  }
  return done;
}

async function fromHdf5(
  arrow: Arrow,
  context: CommandContext,
  { file, path = "/" }: Place,
  target: string,
  format: TableFormat,
): Promise<number> {
  const { arrowSchema, recordBatches } = await import("@h5ts/arrow-adapter");
  const options = tableOptions(context);
  return withFile(file, context.opening, async (opened) => {
    const object = await tableAt(opened, path);
    const { pandasTable } = await import("../convert/pandas-tables.ts");
    const stored = object.kind === "group" ? await pandasTable(opened, path, options) : undefined;
    if (stored !== undefined)
      return telling(context, stored.rows ?? 0, target, (told) =>
        write(arrow, target, format, { ...stored, batches: counted(stored.batches, told) }),
      );
    const schema = await arrowSchema(object, options);
    const total = object.kind === "dataset" ? (object.shape[0] ?? 1) : 0;
    return telling(context, total, target, async (told) => {
      await write(arrow, target, format, { schema, batches: counted(recordBatches(object, options), told) });
    });
  });
}

async function tableAt(
  file: H5File<"async">,
  path: string,
): Promise<TableObject & { readonly kind: "dataset" | "group" }> {
  const object = await objectAt(file, path);
  if (object.kind === "dataset" || object.kind === "group") return object;
  throw new ShapeError("is no table", { path, found: object.kind, allowed: "a dataset or a group of datasets" });
}

async function write(arrow: Arrow, path: string, format: TableFormat, table: TableStream): Promise<void> {
  switch (format) {
    case "arrow":
      return writeArrow(path, table, "file");
    case "arrows":
      return writeArrow(path, table, "stream");
    case "parquet":
      return (await import("../convert/parquet-files.ts")).writeParquet(arrow, path, table);
    case "csv":
      return writeCsv(arrow, path, table);
    case "ndjson":
      return writeNdjson(arrow, path, table);
  }
}

async function toHdf5(
  arrow: Arrow,
  context: CommandContext,
  source: string,
  format: TableFormat,
  { file, path = "/table" }: Place,
): Promise<number> {
  const { fromArrow } = await import("@h5ts/arrow-adapter");
  if (context.values.layout === "pandas")
    return toPandas(context, await read(arrow, source, format, askedTypes(arrow, context)), file, path);
  const table = chosenColumns(context, await read(arrow, source, format, askedTypes(arrow, context)));
  const target = await open(file, "a", context.opening);
  try {
    return await telling(context, table.rows ?? 0, file, async (progress) => {
      await fromArrow(table.batches, target, path, { ...writeOptions(context), progress });
    });
  } finally {
    await target.close();
  }
}

/** Into a table of pandas', batch by batch. */
async function toPandas(context: CommandContext, table: TableStream, file: string, path: string): Promise<number> {
  const { writePandas } = await import("../convert/pandas-tables.ts");
  const chosen = chosenColumns(context, table);
  return telling(context, chosen.rows ?? 0, file, (told) => writePandas(chosen, file, path, told));
}

async function read(arrow: Arrow, path: string, format: TableFormat, types: AskedTypes): Promise<TableStream> {
  switch (format) {
    case "arrow":
    case "arrows":
      return readArrow(arrow, path);
    case "parquet":
      return (await import("../convert/parquet-files.ts")).readParquet(arrow, path);
    case "csv":
      return readCsv(arrow, path, types);
    case "ndjson":
      return readNdjson(arrow, path, types);
  }
}

function chosenColumns({ values }: CommandContext, table: TableStream): TableStream {
  if (values.rows !== undefined) throw new UnsupportedError("rows can be chosen out of HDF5 alone");
  if (values.columns === undefined) return table;
  const names = (values.columns as string).split(",");
  const missing = names.find((name) => !table.schema.names.includes(name));
  if (missing !== undefined) throw new UsageError(`--columns: there is no column ${missing}`);
  const select = async function* (): AsyncGenerator<RecordBatch, void> {
    for await (const batch of table.batches) yield batch.select(names);
  };
  return { ...table, schema: table.schema.select(names), batches: select() };
}

function tableOptions({ values }: CommandContext): TableOptions {
  return {
    ...(values.columns !== undefined && { columns: (values.columns as string).split(",") }),
    ...(values.rows !== undefined && { rows: rowsOf(values.rows as string) }),
    ...(values.batch !== undefined && { batchRows: wholeNumber(values.batch as string, "batch") }),
    ...(values.matrix !== undefined && { matrix: oneOf(values.matrix as string, ["columns", "tensors"], "matrix") }),
    ...(values.enums !== undefined && { enums: oneOf(values.enums as string, ["dictionary", "integers"], "enums") }),
    ...(values.times !== undefined && { times: oneOf(values.times as string, ["cf"], "times") }),
  };
}

function rowsOf(text: string): { start?: number; stop?: number } {
  const match = /^(-?\d*):(-?\d*)$/.exec(text);
  if (match === null) throw new UsageError("--rows must be START:STOP");
  return {
    ...(match[1] !== "" && { start: Number(match[1]) }),
    ...(match[2] !== "" && { stop: Number(match[2]) }),
  };
}

function wholeNumber(text: string, option: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`--${option} must be a number above 0`);
}

function oneOf<const T extends string>(text: string, allowed: readonly T[], option: string): T {
  if (allowed.includes(text as T)) return text as T;
  throw new UsageError(`--${option} must be one of ${allowed.join(", ")}`);
}

function writeOptions({ values }: CommandContext): WriteTableOptions {
  const [filter, level] = ((values.compression as string | undefined) ?? "").split(":");
  return {
    layout: values.layout === undefined ? "compound" : oneOf(values.layout as string, ["compound", "group"], "layout"),
    ...(filter !== "" && { compression: filter }),
    ...(level !== undefined && { compressionOpts: wholeNumber(level, "compression") }),
    ...(values.shuffle === true && { shuffle: true }),
  };
}

function askedTypes(arrow: Arrow, { values }: CommandContext): AskedTypes {
  const text = (values.types as string | undefined) ?? "";
  const pairs = text === "" ? [] : text.split(/,(?=[^,=\]]+=)/);
  return new Map(
    pairs.map((pair) => {
      const [name, type] = [pair.slice(0, pair.lastIndexOf("=")), pair.slice(pair.lastIndexOf("=") + 1)];
      const found = typeNamed(arrow, type);
      if (found === undefined) throw new UsageError(`--types: there is no type ${type}`);
      return [name, found];
    }),
  );
}
