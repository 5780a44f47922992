/** Indexes of a table's columns, as pandas makes them. */
import { SelectionError } from "h5ts";
import { canBeIndexed } from "../../pytables/index/column-values.ts";
import { createIndex, type IndexOptions } from "../../pytables/index/create-index.ts";
import { indexOfColumn } from "../../pytables/index/open-index.ts";
import type { TableField, TableLayout } from "./layout.ts";

/** Of these columns; by default of all that conditions may name and that PyTables has an index for. */
export async function indexTable(
  layout: TableLayout,
  options: IndexOptions & { readonly columns?: readonly string[] },
): Promise<void> {
  const { group, table, index, dataColumns, columns } = layout;
  const { kind = "medium", optlevel = 6 } = options;
  const all: TableField[] = [index, ...columns.filter(({ name }) => dataColumns.includes(name))];
  const wanted = options.columns?.map((name) => fieldNamed(all, name)) ?? all.filter(({ type }) => canBeIndexed(type));
  for (const field of wanted) {
    const found = await indexOfColumn(group, "table", field.name);
    if (found !== undefined && !found.isDirty && found.kind === kind && found.optlevel === optlevel) continue;
    await createIndex({ parent: group, name: "table", table }, { ...field, path: field.name }, options);
  }
}

function fieldNamed(fields: readonly TableField[], wanted: string): TableField {
  const found = fields.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw new SelectionError("is no column that has an index", {
    structure: "pandas table",
    found: wanted,
    allowed: fields.map(({ name }) => name).join(", "),
  });
}
