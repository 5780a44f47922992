/** Datasets whose elements are no compounds: one column each, or of two axes one for each place along the second. */
import type { Field } from "apache-arrow";
import { type AnyData, type CompoundData, type Dataset, LimitError, type Mode, slice } from "h5ts";
import type { CodecContext, ColumnCodec } from "../codec.ts";
import { takeElements } from "../elements.ts";
import { fieldOf, naturalCodec } from "../natural.ts";
import { bytesOf, inAxes, innerAxes } from "./compound-table.ts";
import { withHint } from "./hints.ts";
import type { ReadRows, TablePart } from "./table-source.ts";

/** A dataset as one column; those of more axes have a list of a fixed length in each row. */
export function datasetColumn(context: CodecContext, dataset: Dataset<Mode>, name: string): TablePart {
  const codec = inAxes(context, naturalCodec(context, dataset.dtype), innerAxes(dataset));
  const field = withHint(context, fieldOf(context, name, codec), codec.dtype);
  return columnPart(dataset, { name, codec, field });
}

/** A dataset as the column that it is known to be. */
export function columnPart(dataset: Dataset<Mode>, column: ColumnCodec, mask?: Dataset<Mode>): TablePart {
  const { codec, name } = column;
  const read = (selection: SliceOf, how: ReadRows): Promise<AnyData> | AnyData => elements(dataset, selection, how);
  return {
    columns: [column],
    rows: dataset.shape[0] ?? 1,
    chunkRows: dataset.chunks?.[0],
    rowBytes: bytesOf(codec.dtype),
    only: ([one]) => columnPart(dataset, one, mask),
    read: async (start, stop, how) => {
      const selection = dataset.ndim === 0 ? undefined : [slice(start, stop)];
      const record: { [name: string]: AnyData } = Object.create(null);
      record[name] = await read(selection, how);
      if (mask !== undefined) record[column.mask!] = await elements(mask, selection, how);
      return record;
    },
  };
}

type SliceOf = ReturnType<typeof slice>[] | undefined;

async function elements(dataset: Dataset<Mode>, selection: SliceOf, how: ReadRows): Promise<AnyData> {
  return (await dataset.read(selection, how)).data;
}

/** Columns that a matrix may become. */
const MOST_COLUMNS = 16_384;

/** A dataset of two axes: a column for each place along the second. */
export function matrixColumns(context: CodecContext, dataset: Dataset<Mode>, names: readonly string[]): TablePart {
  if (names.length > MOST_COLUMNS) {
    throw new LimitError('has too many columns; the option matrix: "tensors" makes one of them', {
      path: dataset.name,
      found: names.length,
      allowed: `${MOST_COLUMNS}`,
    });
  }
  const codec = naturalCodec(context, dataset.dtype);
  const columns = names.map((name): ColumnCodec => {
    const field: Field = withHint(context, fieldOf(context, name, codec), codec.dtype);
    return { name, codec, field };
  });
  return new MatrixPart(dataset, columns, new Map(names.map((name, i) => [name, i])));
}

class MatrixPart implements TablePart {
  readonly columns: readonly ColumnCodec[];
  readonly rows: number;
  readonly chunkRows: number | undefined;
  readonly rowBytes: number;
  private readonly dataset: Dataset<Mode>;
  private readonly places: ReadonlyMap<string, number>;

  constructor(dataset: Dataset<Mode>, columns: readonly ColumnCodec[], places: ReadonlyMap<string, number>) {
    this.dataset = dataset;
    this.columns = columns;
    this.places = places;
    this.rows = dataset.shape[0];
    this.chunkRows = dataset.chunks?.[0];
    this.rowBytes = bytesOf(dataset.dtype) * Math.max(dataset.shape[1], 1);
  }

  only(columns: readonly ColumnCodec[]): TablePart {
    return new MatrixPart(this.dataset, columns, this.places);
  }

  async read(start: number, stop: number, { signal }: ReadRows): Promise<CompoundData> {
    const chosen = this.columns.map(({ name }) => this.places.get(name)!);
    const all = chosen.length === this.dataset.shape[1] && chosen.every((place, i) => place === i);
    const sorted = [...new Set(chosen)].sort((a, b) => a - b);
    const { data } = await this.dataset.read([slice(start, stop), all ? null : sorted], { signal });
    const record: { [name: string]: AnyData } = Object.create(null);
    const step = sorted.length;
    for (const { name } of this.columns) {
      const first = sorted.indexOf(this.places.get(name)!);
      const rows = Int32Array.from({ length: stop - start }, (_, i) => i * step + first);
      record[name] = takeElements(this.dataset.dtype.datatype, data, rows);
    }
    return record;
  }
}
