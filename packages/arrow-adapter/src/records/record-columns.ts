/**
 * Columns straight out of records as they stand in the file, where all of them are numbers, booleans or text of a fixed length: one pass
 * over bytes that are still in the processor's cache, in place of arrays, strings and conversions on the way.
 */
import type { Data } from "apache-arrow";
import { type Dataset, type DType, type FileDatatype, type Mode, slice } from "h5ts";
import { type Arrow, arrowData } from "../arrow.ts";
import type { ColumnCodec } from "../codec.ts";
import type { ReadRows } from "../tables/table-source.ts";
import { type MemberReader, type NumberReader, numberReader, type RecordBlock } from "./number-readers.ts";
import { type TextReader, textReader } from "./text-reader.ts";

/** Bytes of records that are read at once: they stay in the cache. Behind filters more, so that several chunks are decoded together. */
const BLOCK_BYTES = 2 ** 20;
const FILTERED_BYTES = 8 * 2 ** 20;
/** Records above this are not read as a whole for the sake of a few members. */
const LARGEST_RECORD = 4096;

/** What is read of a column. */
interface ColumnReader {
  readonly column: ColumnCodec;
  readonly values: NumberReader | TextReader;
  readonly mask: NumberReader | undefined;
}

interface Member {
  readonly reader: MemberReader;
  readonly offset: number;
}

/** Where members stand in records. */
export type Offsets = ReadonlyMap<string, { readonly dtype: DType; readonly offset: number }>;

/** Whether records hold all their bytes, and not the addresses of some. */
function isFlat(type: FileDatatype): boolean {
  if (type.class === "vlen") return false;
  if (type.class === "compound") return type.members.every((member) => isFlat(member.type));
  return type.class !== "array" || isFlat(type.base);
}

/** Reads columns of a dataset of one axis. */
export class RecordColumns {
  private readonly arrow: Arrow;
  private readonly dataset: Dataset<Mode>;
  private readonly offsets: Offsets;
  private block: RecordBlock | undefined;

  /** `offsets`: of the members; of a dataset that is no compound its elements, at 0. */
  constructor(arrow: Arrow, dataset: Dataset<Mode>, offsets: Offsets) {
    this.arrow = arrow;
    this.dataset = dataset;
    this.offsets = offsets;
  }

  /**
   * The columns of rows `start` to `stop`; `undefined` where they cannot be read so, and for a column whose text is no UTF-8.
   */
  async read(
    columns: readonly ColumnCodec[],
    start: number,
    stop: number,
    how: ReadRows,
  ): Promise<(Data | undefined)[] | undefined> {
    const { dataset } = this;
    if (dataset.ndim !== 1 || dataset.dtype.itemsize > LARGEST_RECORD || !isFlat(dataset.dtype.datatype)) {
      return undefined;
    }
    const readers = this.readersOf(columns, stop - start);
    if (readers === undefined) return undefined;
    const members = readers.flatMap((reader) => this.membersOf(reader));
    await this.each(start, stop, how, (block, first, count) => {
      const stride = dataset.dtype.itemsize;
      for (const { reader, offset } of members) reader.put(block, offset, stride, first - start, count);
    });
    return readers.map((reader) => this.finished(reader, stop - start));
  }

  private readersOf(columns: readonly ColumnCodec[], rows: number): ColumnReader[] | undefined {
    const readers: ColumnReader[] = [];
    for (const column of columns) {
      const { dtype } = this.offsets.get(column.name)!;
      // Floats of 16 bits come as their bits, among which no codec finds what stands for null.
      if (dtype.name === "float16" && column.codec.ownNulls === true) return undefined;
      const values = column.codec.fixedText === true ? textReader(dtype, rows) : numberReader(dtype, rows);
      const mask = column.mask === undefined ? undefined : numberReader(this.offsets.get(column.mask)!.dtype, rows);
      if (values === undefined || (column.mask !== undefined && mask === undefined)) return undefined;
      readers.push({ column, values, mask });
    }
    return readers;
  }

  private membersOf({ column: { name, mask }, values, mask: valid }: ColumnReader): Member[] {
    const members: Member[] = [{ reader: values, offset: this.offsets.get(name)!.offset }];
    if (valid !== undefined) members.push({ reader: valid, offset: this.offsets.get(mask!)!.offset });
    return members;
  }

  /** Reads records block by block, which end where chunks do. */
  private async each(
    start: number,
    stop: number,
    { signal }: ReadRows,
    use: (block: RecordBlock, first: number, count: number) => void,
  ): Promise<void> {
    const { dataset } = this;
    const size = dataset.dtype.itemsize;
    const rows = this.rowsOfBlock();
    const records = dataset.asBytes();
    for (let at = start; at < stop; ) {
      const end = Math.min(stop, at - (at % rows) + rows);
      const block = this.blockOf(Math.min(rows, stop - start) * size);
      await records.readInto(block.bytes.subarray(0, (end - at) * size), [slice(at, end)], { signal });
      use(block, at, end - at);
      at = end;
    }
  }

  private rowsOfBlock(): number {
    const { dtype, chunks, filters } = this.dataset;
    const wanted = Math.max(1, Math.floor((filters.length > 0 ? FILTERED_BYTES : BLOCK_BYTES) / dtype.itemsize));
    const chunk = chunks?.[0] ?? 1;
    // Of chunks without filters parts are read alone.
    if (filters.length === 0 && chunk > wanted) return wanted;
    return chunk * Math.max(1, Math.floor(wanted / chunk));
  }

  /** Memory for a block, the same again where it is large enough. */
  private blockOf(size: number): RecordBlock {
    if (this.block === undefined || this.block.bytes.length < size) {
      const bytes = new Uint8Array(size);
      this.block = { bytes, view: new DataView(bytes.buffer) };
    }
    return this.block;
  }

  private finished({ column: { codec }, values, mask }: ColumnReader, rows: number): Data | undefined {
    const valid = mask?.values as Uint8Array | undefined;
    if ("values" in values) {
      if (codec.dtype.name === "float16") return arrowData(this.arrow, codec.type, rows, { ...values, valid });
      return codec.decode(values.values, rows, valid);
    }
    const texts = values.finish();
    return texts && arrowData(this.arrow, codec.type, rows, { offsets: texts.offsets, values: texts.bytes, valid });
  }
}
