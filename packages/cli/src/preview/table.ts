/** The first rows of compounds, and of text, as a table. */
import type { Dataset } from "h5ts";
import { slice } from "h5ts";
import { plain } from "../terminal/json.ts";
import { columns, fitted, safe } from "../terminal/text.ts";

/** Places of one cell at most. */
const CELL = 32;

const cell = (value: unknown): string =>
  fitted(safe(typeof value === "string" ? value : (JSON.stringify(plain(value)) ?? "")), CELL);

/** A line a row; of compounds with the members' names above. */
export async function drawTable(dataset: Dataset<"async">, count: number, terminal?: number): Promise<string[]> {
  const result = await dataset.read(dataset.ndim === 0 ? undefined : [slice(0, count)]);
  const shown = Math.min(count, result.size);
  const fields = result.dtype.fields;
  if (fields === undefined) return Array.from({ length: shown }, (_, i) => cell(result.item(i)));
  const names = [...fields.keys()];
  const rows = Array.from({ length: shown }, (_, i) => {
    const row = result.row(i) as Record<string, unknown>;
    return names.map((name) => cell(row[name]));
  });
  return columns([names.map(cell), ...rows], terminal).split("\n");
}
