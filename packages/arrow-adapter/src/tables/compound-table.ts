/** Compound datasets as tables: a column a member, which is all that is read of them. */
import type { Data, Schema } from "apache-arrow";
import { type AnyData, type CompoundData, type Dataset, type DType, dtype, type Mode, ShapeError, slice } from "h5ts";
import type { Codec, CodecContext, ColumnCodec } from "../codec.ts";
import { arrayOf, fieldOf, naturalCodec } from "../natural.ts";
import { RecordColumns } from "../records/record-columns.ts";
import { storedColumns } from "../stored.ts";
import { withHint } from "./hints.ts";
import { namesIn, type ReadRows, type TablePart } from "./table-source.ts";

/** Bytes that an element takes in memory, about: those of variable length stand elsewhere. */
export const bytesOf = (type: DType): number => (type.class === "vlen" ? 64 : type.itemsize);

/** The axes beside that of the rows. ShapeError where one of them is without elements: rows are nothing then. */
export function innerAxes(dataset: Dataset<Mode>): readonly number[] {
  const dims = dataset.shape.slice(1);
  if (!dims.includes(0)) return dims;
  throw new ShapeError("has rows without elements", {
    path: dataset.name,
    found: `[${dataset.shape.join(", ")}]`,
    allowed: "axes of at least 1 beside the first",
  });
}

/** Rows of several elements: a list of a fixed length in each. */
export function inAxes(context: CodecContext, codec: Codec, dims: readonly number[]): Codec {
  return dims.length === 0 ? codec : arrayOf(context, dtype.array(codec.dtype, dims), dims, codec);
}

export function compoundTable(
  context: CodecContext,
  dataset: Dataset<Mode>,
  schema: Schema | undefined,
  chosen?: readonly string[],
): TablePart {
  const dims = innerAxes(dataset);
  const members = dataset.dtype.fields!;
  const recorded = schema === undefined ? [] : storedColumns(context, schema.fields).filter(matches(members));
  const known = new Set(namesIn(recorded));
  const others = [...members.keys()].filter((name) => !known.has(name) && isChosen(chosen, name));
  const columns = others.map((name): ColumnCodec => {
    const codec = inAxes(context, naturalCodec(context, members.get(name)!.dtype), dims);
    return { name, codec, field: withHint(context, fieldOf(context, name, codec), codec.dtype) };
  });
  return new CompoundPart(dataset, [...recorded, ...columns], new RecordColumns(context.arrow, dataset, members));
}

const isChosen = (chosen: readonly string[] | undefined, name: string): boolean =>
  chosen === undefined || chosen.includes(name);

type Members = NonNullable<DType["fields"]>;

/** Whether members are still as they were recorded: others are taken for what they are now. */
const matches =
  (members: Members) =>
  ({ name, mask, codec }: ColumnCodec): boolean =>
    members.get(name)?.dtype.equals(codec.dtype) === true &&
    (mask === undefined || members.get(mask)?.dtype.name === "bool");

class CompoundPart implements TablePart {
  readonly columns: readonly ColumnCodec[];
  readonly rows: number;
  readonly chunkRows: number | undefined;
  readonly rowBytes: number;
  private readonly dataset: Dataset<Mode>;
  private readonly records: RecordColumns;

  constructor(dataset: Dataset<Mode>, columns: readonly ColumnCodec[], records: RecordColumns) {
    this.dataset = dataset;
    this.columns = columns;
    this.records = records;
    this.rows = dataset.shape[0] ?? 1;
    this.chunkRows = dataset.chunks?.[0];
    this.rowBytes = columns.reduce((sum, { codec }) => sum + bytesOf(codec.dtype), 0);
  }

  only(columns: readonly ColumnCodec[]): TablePart {
    return new CompoundPart(this.dataset, columns, this.records);
  }

  readColumns(start: number, stop: number, how: ReadRows): Promise<(Data | undefined)[] | undefined> {
    return this.records.read(this.columns, start, stop, how);
  }

  async read(start: number, stop: number, how: ReadRows): Promise<CompoundData> {
    const { dataset } = this;
    const names = namesIn(this.columns);
    const all = names.length === dataset.dtype.fields!.size;
    const selection = dataset.ndim === 0 ? undefined : [slice(start, stop)];
    const view = all ? dataset : dataset.fields(names);
    const { data } = await view.read(selection, how);
    return data as AnyData as CompoundData;
  }
}
