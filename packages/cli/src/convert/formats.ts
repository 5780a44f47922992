/** Formats of tables, by the ends of file names. */
import { extname } from "node:path";

export type TableFormat = "arrow" | "arrows" | "parquet" | "csv" | "ndjson";

export const FORMATS: readonly TableFormat[] = ["arrow", "arrows", "parquet", "csv", "ndjson"];

const ENDINGS: Readonly<Record<string, TableFormat>> = {
  ".arrow": "arrow",
  ".feather": "arrow",
  ".ipc": "arrow",
  ".arrows": "arrows",
  ".parquet": "parquet",
  ".pq": "parquet",
  ".csv": "csv",
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
};

/** The format that a name ends in; `undefined` of others, which are HDF5. */
export const formatOf = (file: string): TableFormat | undefined => ENDINGS[extname(file).toLowerCase()];
