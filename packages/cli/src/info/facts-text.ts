/** Facts about a file or an object as lines for a person; `--json` has them as they are. */
import type { Output } from "../command.ts";
import { styleOf } from "../terminal/style.ts";
import { columns, safe, shapeText, sizeText } from "../terminal/text.ts";

/** By what they are called; `attributes` and `root` hold facts themselves. */
export type Facts = Record<string, unknown>;

/** Bytes beside which the unit that suits them is worth a word. */
const LARGE = 10_000;

const bytesText = (value: unknown): string =>
  Number(value) < LARGE ? String(value) : `${value} (${sizeText(Number(value))})`;

const filterText = ({ id, name, clientData }: { id: number; name: string; clientData: readonly number[] }): string =>
  `${name || `filter ${id}`}${name === "deflate" ? ` (level ${clientData[0]})` : ""}`;

/** How values of some names are written. */
const TEXTS: Readonly<Record<string, (value: never) => string>> = {
  shape: (value: readonly number[] | null) => shapeText(value),
  "max shape": (value: readonly (number | null)[] | null) =>
    shapeText(value as readonly number[] | null).replaceAll(/(?<=[( ])(?=,|\))/g, "unlimited"),
  chunks: (value: readonly number[]) => shapeText(value),
  filters: (value: readonly Parameters<typeof filterText>[0][]) => value.map(filterText).join(", "),
  bytes: bytesText,
  "bytes stored": bytesText,
  "end of file": bytesText,
};

const valueText = (name: string, value: unknown): string =>
  Object.hasOwn(TEXTS, name)
    ? TEXTS[name](value as never)
    : typeof value === "string"
      ? value
      : JSON.stringify(value ?? null);

/** A line each; those of the root group behind a line of its own, attributes with their `@`, as `h5ts tree` has them. */
export function factsText(facts: Facts, output: Pick<Output, "columns" | "colors">): string {
  const style = styleOf(output);
  const { attributes, root, ...plain } = facts;
  const rows = Object.entries(plain).flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([part, one]) => [`${name}: ${part}`, valueText(part, one)])
      : [[name, valueText(name, value)]],
  );
  const named = Object.entries((attributes ?? {}) as Facts).map(([name, value]) => [`@${name}`, valueText("", value)]);
  const lines = [...rows, ...named].map(([name = "", text = ""]) => [style("faint", safe(name)), safe(text)]);
  const own = columns(lines, output.columns);
  return root === undefined ? own : `${own}\n\n${style("strong", "root group")}\n${factsText(root as Facts, output)}`;
}
