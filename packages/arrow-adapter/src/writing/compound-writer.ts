/** Tables as one compound dataset. */
import { type Dataset, type Mode, Result, UnsupportedError } from "h5ts";
import type { CodecContext } from "../codec.ts";
import { encodeColumns } from "../codecs/columns.ts";
import { writeMetadata } from "../metadata.ts";
import { writeSchema } from "../recorded-schema.ts";
import { compoundOf } from "../stored.ts";
import { growing, type NewTable, type TableWriter } from "./table-writer.ts";

/** Makes the dataset. UnsupportedError for a table without columns: compounds have members. */
export async function writeCompound({ arrow }: CodecContext, table: NewTable): Promise<TableWriter> {
  const { parent, path, schema, columns, options } = table;
  if (columns.length === 0) throw new UnsupportedError("has no columns: a compound datatype needs members", { path });
  const dtype = compoundOf(columns);
  const dataset: Dataset<Mode> = await parent.createDataset(path, growing(dtype, [], options));
  await writeSchema(arrow, dataset, schema);
  await writeMetadata(dataset, schema.metadata);
  return {
    append: async ({ data, numRows }) => {
      const record = encodeColumns(columns, data.children, numRows);
      await dataset.append(new Result(record, [numRows], dtype), 0, { signal: options.signal });
    },
    finish: async () => dataset,
  };
}
