/** What tables are written from: tables, batches, and Arrow's IPC format in any form. */
import type { Data, RecordBatch, RecordBatchReader, Schema, Table } from "apache-arrow";
import { FormatError } from "h5ts";
import type { Arrow } from "./arrow.ts";

/** Bytes of Arrow's IPC format, whole or in pieces. */
export type IpcBytes =
  | Uint8Array
  | ArrayBuffer
  | AsyncIterable<Uint8Array>
  | Iterable<Uint8Array>
  | ReadableStream<Uint8Array>;

/** Anything that holds rows of Arrow's. */
export type ArrowSource =
  | Table
  | RecordBatch
  | RecordBatchReader
  | Iterable<RecordBatch>
  | AsyncIterable<RecordBatch>
  | IpcBytes
  | PromiseLike<Table>;

/** Rows to write. */
export interface Batches {
  readonly schema: Schema;
  /** The columns in all their pieces, where they are in memory; else `undefined`. */
  readonly chunks: readonly (readonly Data[])[] | undefined;
  readonly batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>;
}

/** Rows of a source. FormatError where it is none of Arrow's. */
export async function batchesOf(arrow: Arrow, given: ArrowSource): Promise<Batches> {
  const source = await given;
  if (arrow.isArrowTable(source)) return known(source.schema, source.batches);
  if (arrow.isArrowRecordBatch(source)) return known(source.schema, [source]);
  if (Array.isArray(source) && source.length > 0 && source.every((one) => arrow.isArrowRecordBatch(one))) {
    return known(source[0].schema, source as RecordBatch[]);
  }
  if (source instanceof arrow.RecordBatchReader) return ofReader(source);
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return ofIpc(arrow, source);
  return ofStream(arrow, source as AsyncIterable<RecordBatch | Uint8Array>);
}

function known(schema: Schema, batches: readonly RecordBatch[]): Batches {
  const chunks = schema.fields.map((_, i) => batches.map((batch) => batch.data.children[i].slice(0, batch.numRows)));
  return { schema, chunks, batches };
}

async function ofIpc(arrow: Arrow, source: Uint8Array | ArrayBuffer | AsyncIterable<Uint8Array>): Promise<Batches> {
  try {
    return await ofReader(await (arrow.RecordBatchReader.from(source as never) as PromiseLike<RecordBatchReader>));
  } catch (cause) {
    throw noIpc(cause);
  }
}

async function ofReader(reader: RecordBatchReader): Promise<Batches> {
  await reader.open({ autoDestroy: false });
  return { schema: reader.schema, chunks: undefined, batches: damagedAsFormat(reader) };
}

async function* damagedAsFormat(
  batches: AsyncIterable<RecordBatch> | Iterable<RecordBatch>,
): AsyncGenerator<RecordBatch> {
  try {
    yield* batches as AsyncIterable<RecordBatch>;
  } catch (cause) {
    throw noIpc(cause);
  }
}

const noIpc = (cause: unknown): FormatError =>
  new FormatError("is no table in Arrow's IPC format", { structure: "Arrow IPC", cause });

/** Batches or bytes, as the first of them shows. */
async function ofStream(arrow: Arrow, source: AsyncIterable<RecordBatch | Uint8Array>): Promise<Batches> {
  if (source === null || typeof source !== "object" || !(Symbol.asyncIterator in source || Symbol.iterator in source)) {
    throw new FormatError("is no table of Arrow's", { found: String(source) });
  }
  const items = iterate(source);
  const first = await items.next();
  if (first.done === true) throw new FormatError("has no batch, and so no schema", { structure: "Arrow stream" });
  const rest = (async function* (): AsyncGenerator<RecordBatch | Uint8Array> {
    yield first.value;
    for (;;) {
      const next = await items.next();
      if (next.done === true) return;
      yield next.value;
    }
  })();
  if (!arrow.isArrowRecordBatch(first.value)) return ofIpc(arrow, rest as AsyncGenerator<Uint8Array>);
  return { schema: first.value.schema, chunks: undefined, batches: rest as AsyncIterable<RecordBatch> };
}

async function* iterate<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void> {
  yield* source;
}
