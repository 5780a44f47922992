/** Arrow to HDF5: tables into a compound dataset, or a group with a dataset for each column. */
import type { RecordBatch, Schema } from "apache-arrow";
import { type Dataset, ExistsError, type Group, type Mode } from "h5ts";
import { annotated } from "./annotations.ts";
import { loadArrow } from "./arrow.ts";
import { type ArrowSource, type Batches, batchesOf } from "./arrow-source.ts";
import type { CodecContext } from "./codec.ts";
import { storedColumns } from "./stored.ts";
import type { WriteTableOptions } from "./write-options.ts";
import { writeCompound } from "./writing/compound-writer.ts";
import { writeGroup } from "./writing/group-writer.ts";
import type { TableWriter } from "./writing/table-writer.ts";

/**
 * Writes a table of Arrow's: from memory, from batches as they come, or from Arrow's IPC format. Nulls are kept by masks or by values that
 * stand for them, and the schema in an attribute, so that `toArrow` gives the same table again; the README tells how.
 *
 * ```ts
 * await fromArrow(table, file, "events", { compression: "gzip" });
 * await fromArrow(response.body, file, "columns", { layout: "group" });
 * ```
 *
 * What was made, in which batches are written one by one. ExistsError where the name is taken; DTypeError for values that HDF5 cannot
 * hold, as text with NUL: what is written until then stays.
 */
export async function fromArrow<M extends Mode>(
  source: ArrowSource,
  parent: Group<M>,
  path: string,
  options: WriteTableOptions = {},
): Promise<Dataset<M> | Group<M>> {
  const arrow = await loadArrow();
  const context: CodecContext = { arrow, options: {} };
  const given = await batchesOf(arrow, source);
  if (await parent.has(path)) throw new ExistsError("is there already", { path });
  const chunks = options.masks === "nullable" ? undefined : given.chunks;
  const fields = annotated(arrow, given.schema.fields, chunks ?? given.schema.fields.map(() => undefined), options);
  const schema: Schema = new arrow.Schema(fields, given.schema.metadata);
  const columns = storedColumns(context, fields);
  const make = options.layout === "group" ? writeGroup : writeCompound;
  const writer = await make(context, { parent, path, schema, columns, options });
  await writeBatches(given, writer, options);
  return (await writer.finish()) as Dataset<M> | Group<M>;
}

/** Writes all batches; how many rows they had. */
export async function writeBatches(
  { batches }: Batches,
  writer: TableWriter,
  options: Pick<WriteTableOptions, "signal" | "progress">,
): Promise<number> {
  let rows = 0;
  for await (const batch of batches as AsyncIterable<RecordBatch>) {
    options.signal?.throwIfAborted();
    if (batch.numRows > 0) await writer.append(batch);
    rows += batch.numRows;
    options.progress?.(rows);
  }
  return rows;
}
