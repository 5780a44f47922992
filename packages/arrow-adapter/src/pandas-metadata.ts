/** The metadata by which pyarrow makes a pandas frame with the index that a table had. */
import type { DataType, Field } from "apache-arrow";

/** Value of the schema's key `pandas`. `index`: names of the columns that are the index. */
export function pandasMetadata(fields: readonly Field[], index: readonly string[]): string {
  const columns = fields.map(({ name, type }) => ({
    name,
    field_name: name,
    pandas_type: pandasType(type),
    numpy_type: numpyType(type),
    metadata: timeZone(type),
  }));
  const label = { name: null, field_name: null, pandas_type: "unicode", numpy_type: "object", metadata: null };
  return JSON.stringify({
    index_columns: index,
    column_indexes: [label],
    columns,
    creator: { library: "h5ts", version: "0.1.0" },
    pandas_version: "1.0.0",
  });
}

const name = (type: DataType): string => String(type);

function pandasType(type: DataType): string {
  const text = name(type);
  if (/^U?[Ii]nt\d+$/.test(text) || /^Float\d+$/.test(text)) return text.toLowerCase();
  if (text === "Bool") return "bool";
  if (/Utf8/.test(text)) return text.startsWith("Dictionary") ? "categorical" : "unicode";
  if (text.startsWith("Timestamp")) return timeZone(type) === null ? "datetime" : "datetimetz";
  return "object";
}

function numpyType(type: DataType): string {
  const text = name(type);
  if (text.startsWith("Timestamp")) return "datetime64[ns]";
  return ["object", "unicode", "categorical"].includes(pandasType(type)) ? "object" : pandasType(type);
}

function timeZone(type: DataType): { timezone: string } | null {
  const { timezone } = type as { timezone?: string | null };
  return timezone ? { timezone } : null;
}
