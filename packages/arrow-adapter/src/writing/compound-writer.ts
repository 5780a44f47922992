/** Tables as one compound dataset. */
import { type Dataset, LimitError, type Mode, UnsupportedError } from "h5ts";
import type { CodecContext } from "../codec.ts";
import { writeMetadata } from "../metadata.ts";
import { writeSchema } from "../recorded-schema.ts";
import { compoundOf } from "../stored.ts";
import { compoundAppender } from "./appenders.ts";
import { MOST_MESSAGE_BYTES, messageBytes } from "./message-size.ts";
import { growing, type NewTable, type TableWriter } from "./table-writer.ts";

/** Makes the dataset. UnsupportedError for a table without columns: compounds have members. */
export async function writeCompound({ arrow }: CodecContext, table: NewTable): Promise<TableWriter> {
  const { parent, path, schema, columns, options } = table;
  if (columns.length === 0) throw new UnsupportedError("has no columns: a compound datatype needs members", { path });
  const dtype = compoundOf(columns);
  const size = messageBytes(dtype.datatype);
  if (size > MOST_MESSAGE_BYTES) {
    throw new LimitError('has too many columns for one compound datatype; layout: "group" has room for them', {
      path,
      found: `${columns.length} columns, ${size} bytes`,
      allowed: `${MOST_MESSAGE_BYTES} bytes`,
    });
  }
  const dataset: Dataset<Mode> = await parent.createDataset(path, growing(dtype, [], options));
  await writeSchema(arrow, dataset, schema);
  await writeMetadata(dataset, schema.metadata);
  return compoundAppender(dataset, columns, options.signal);
}
