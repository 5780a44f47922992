/** The attribute by which pyarrow makes the same frame out of columns. */
import type { Frame } from "../frame/frame.ts";
import type { Values } from "../frame/values.ts";
import { dtypeName } from "../json/array-json.ts";
import type { Label } from "../python/values.ts";

/** JSON of the names of the index's columns, and of the types of all. */
export function pandasAttribute(
  frame: Frame,
  labels: readonly string[],
  levels: readonly string[],
  index: readonly Values[],
): string {
  const names: readonly Label[] = frame.index.kind === "index" ? [frame.index.name] : frame.index.names;
  const columns = [
    ...labels.map((name, i) => described(name, name, frame.data[i])),
    ...levels.map((name, i) => described(names[i] === null ? null : name, name, index[i])),
  ];
  const axis = frame.columns.kind === "index" ? frame.columns.name : null;
  const label = {
    name: typeof axis === "string" ? axis : null,
    field_name: null,
    pandas_type: "unicode",
    numpy_type: "object",
    metadata: null,
  };
  return JSON.stringify({
    index_columns: levels,
    column_indexes: [label],
    columns,
    creator: { library: "h5ts", version: "0.1.0" },
    pandas_version: "1.5.0",
  });
}

function described(name: string | null, field: string, values: Values): { readonly [key: string]: unknown } {
  return { name, field_name: field, ...typesOf(values) };
}

function typesOf(values: Values): { readonly [key: string]: unknown } {
  const dtype = dtypeName(values);
  switch (values.kind) {
    case "datetime":
      return values.zone === null
        ? { pandas_type: "datetime", numpy_type: dtype, metadata: null }
        : { pandas_type: "datetimetz", numpy_type: `datetime64[${values.unit}]`, metadata: { timezone: values.zone } };
    case "timedelta":
      return { pandas_type: "timedelta", numpy_type: dtype, metadata: null };
    case "categorical":
      return { pandas_type: "categorical", numpy_type: `int${8 * values.codes.BYTES_PER_ELEMENT}`, metadata: null };
    case "text":
      return {
        pandas_type: "unicode",
        numpy_type: values.dtype === "object" ? "object" : values.dtype,
        metadata: null,
      };
    case "period":
      return { pandas_type: "int64", numpy_type: "int64", metadata: null };
    case "object":
      return { pandas_type: "unicode", numpy_type: "object", metadata: null };
    default:
      return { pandas_type: dtype, numpy_type: dtype, metadata: null };
  }
}
