/** Rows of a table as record batches: columns chosen, rows filtered, chunk by chunk. */
import type { Data, RecordBatch, Schema, Struct } from "apache-arrow";
import { type AnyData, type CompoundData, NotFoundError, SelectionError } from "h5ts";
import { plainField } from "./annotations.ts";
import type { CodecContext, ColumnCodec } from "./codec.ts";
import { decodeColumns } from "./codecs/columns.ts";
import { takeElements } from "./elements.ts";
import type { Filter, FilterRow, TableOptions } from "./options.ts";
import type { TablePart, TableSource } from "./tables/table-source.ts";

/** Which columns and rows of a table are read. */
export class BatchReader {
  readonly schema: Schema;
  readonly start: number;
  readonly stop: number;
  private readonly context: CodecContext;
  private readonly parts: readonly TablePart[];
  private readonly columns: readonly ColumnCodec[];
  private readonly filter: { readonly columns: readonly ColumnCodec[]; readonly test: Filter["test"] } | undefined;
  private readonly options: TableOptions;

  constructor(context: CodecContext, source: TableSource, options: TableOptions) {
    const { arrow } = context;
    const all = source.parts.flatMap(({ columns }) => columns);
    this.context = context;
    this.options = options;
    this.columns = options.columns === undefined ? all : options.columns.map((name) => named(all, name));
    const { filter } = options;
    this.filter = filter && { columns: filter.columns.map((name) => named(all, name)), test: filter.test };
    const needed = new Set([...this.columns, ...(this.filter?.columns ?? [])]);
    this.parts = source.parts
      .map((part) => part.only(part.columns.filter((column) => needed.has(column))))
      .filter(({ columns }) => columns.length > 0);
    const fields = this.columns.map(({ field }) => plainField(arrow, field));
    this.schema = new arrow.Schema(fields, source.metadata);
    [this.start, this.stop] = range(source.rows, options.rows ?? {});
  }

  /** Rows of a batch where none are asked for: whole chunks, of about 16 MB. */
  get rowsOfBatch(): number {
    const bytes = this.parts.reduce((sum, { rowBytes }) => sum + rowBytes, 0);
    const rows = Math.min(Math.max(1, Math.floor(TARGET_BYTES / Math.max(bytes, 1))), MOST_ROWS);
    const chunk = Math.max(0, ...this.parts.map(({ chunkRows }) => chunkRows ?? 0));
    if (chunk === 0 || chunk * bytes > LARGEST_BYTES) return rows;
    return chunk * Math.max(1, Math.floor(rows / chunk));
  }

  /** Rows `start` to `stop` that pass the filter. */
  async read(start: number, stop: number): Promise<RecordBatch> {
    if (this.filter === undefined) return this.readAll(start, stop);
    const { view, signal } = this.options;
    const record: { [name: string]: AnyData } = Object.create(null);
    for (const part of this.parts) Object.assign(record, await part.read(start, stop, { view, signal }));
    const rows = this.passing(record, stop - start);
    const count = rows === undefined ? stop - start : rows.length;
    return this.batch(
      decodeColumns(this.columns, rows === undefined ? record : this.taken(record, rows), count),
      count,
    );
  }

  /** All rows: columns that can be had without elements between are. */
  private async readAll(start: number, stop: number): Promise<RecordBatch> {
    const { view, signal } = this.options;
    const found = new Map<ColumnCodec, Data>();
    for (const part of this.parts) {
      const ready = (await part.readColumns?.(start, stop, { view, signal })) ?? [];
      part.columns.forEach((column, i) => {
        if (ready[i] !== undefined) found.set(column, ready[i]);
      });
      const others = part.columns.filter((column) => !found.has(column));
      if (others.length === 0) continue;
      const record = await part.only(others).read(start, stop, { view, signal });
      const data = decodeColumns(others, record, stop - start);
      for (const [i, column] of others.entries()) found.set(column, data[i]);
    }
    return this.batch(
      this.columns.map((column) => found.get(column)!),
      stop - start,
    );
  }

  private batch(children: Data[], count: number): RecordBatch {
    const { arrow } = this.context;
    const type = new arrow.Struct(this.schema.fields);
    const none = new Uint8Array(0);
    const data: Data<Struct> = new arrow.Data<Struct>(type, 0, count, 0, [undefined, undefined, none], children);
    return new arrow.RecordBatch(this.schema, data);
  }

  /** The rows that pass the filter; `undefined` where all do. */
  private passing(record: CompoundData, count: number): Int32Array | undefined {
    const { arrow } = this.context;
    const { columns, test } = this.filter!;
    const vectors = decodeColumns(columns, record, count).map((data) => new arrow.Vector([data]));
    const rows = new Int32Array(count);
    let found = 0;
    const row: { [name: string]: unknown } = Object.create(null);
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < columns.length; c++) row[columns[c].field.name] = vectors[c].get(i);
      if (test(row as FilterRow)) rows[found++] = i;
    }
    return found === count ? undefined : rows.subarray(0, found);
  }

  private taken(record: CompoundData, rows: Int32Array): CompoundData {
    const taken: { [name: string]: AnyData } = Object.create(null);
    for (const { name, mask, codec } of this.columns) {
      taken[name] = takeElements(codec.dtype.datatype, record[name], rows);
      if (mask !== undefined) taken[mask] = Uint8Array.from(rows, (i) => (record[mask] as Uint8Array)[i]);
    }
    return taken;
  }
}

/** Bytes of a batch: large enough that work per batch does not count. */
const TARGET_BYTES = 16 * 2 ** 20;
const MOST_ROWS = 2 ** 17;
/** Chunks above this are read in parts. */
const LARGEST_BYTES = 64 * 2 ** 20;

function named(columns: readonly ColumnCodec[], name: string): ColumnCodec {
  const found = columns.find(({ field }) => field.name === name);
  if (found !== undefined) return found;
  const names = columns.slice(0, 20).map(({ field }) => field.name);
  throw new NotFoundError("has no such column", { structure: "table", found: name, allowed: names.join(", ") });
}

function range(rows: number, { start = 0, stop = rows }: { start?: number; stop?: number }): [number, number] {
  const place = (row: number): number => {
    if (!Number.isInteger(row)) throw new SelectionError("is no row", { structure: "rows", found: row });
    return Math.min(Math.max(row < 0 ? row + rows : row, 0), rows);
  };
  const [first, last] = [place(start), place(stop)];
  return [first, Math.max(first, last)];
}
