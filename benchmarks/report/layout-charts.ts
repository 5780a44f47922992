/** The layout study in the page: heat maps of what is chosen, and what would be chosen. */
import * as Plot from "@observablehq/plot";
import type { LayoutFigures } from "../layouts/measure.ts";
import type { PageData } from "./data.ts";
import { add, chart, main, table } from "./elements.ts";

/** What a heat map can show of each cell. */
const MEASURES: Readonly<Record<string, (figures: LayoutFigures, i: number) => number | undefined>> = {
  "milliseconds of a read": ({ patterns }, i) => patterns[i].time,
  "MB/s of what is asked for": ({ patterns }, i) => patterns[i].needed / 1000 / patterns[i].time,
  "bytes read for one that is asked for": ({ patterns }, i) => patterns[i].bytes / patterns[i].needed,
  "requests of a read": ({ patterns }, i) => patterns[i].requests,
  "chunks that a read touches": ({ patterns }, i) => patterns[i].chunks,
  "chunks decoded by a read": ({ patterns }, i) => patterns[i].decoded,
  "MB of memory of a read": ({ patterns }, i) => patterns[i].memory && patterns[i].memory / 1e6,
};
const [TIME] = Object.keys(MEASURES);

interface Cell {
  readonly column: string;
  readonly row: string;
  readonly value: number;
}

/** Text to three figures, at most. */
const short = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(value < 1 ? 2 : 3)));

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** Dark cells cost the most, or are the best, as the scheme has it; each has its figure in it. */
function heatMap(cells: readonly Cell[], label: string, into: Element, scheme: "blues" | "greens" = "blues"): void {
  const columns = unique(cells.map(({ column }) => column));
  const rows = unique(cells.map(({ row }) => row));
  const positive = cells.filter(({ value }) => value > 0);
  const most = Math.max(...positive.map(({ value }) => value));
  const least = Math.min(...positive.map(({ value }) => value));
  const isDark = ({ value }: Cell): boolean => value > Math.sqrt(most * least);
  chart(
    {
      width: Math.min(1040, 190 + 120 * columns.length),
      height: 70 + 30 * rows.length,
      marginLeft: 150,
      marginTop: 30,
      marginBottom: 10,
      x: { domain: columns, label: null, axis: "top", padding: 0.03 },
      y: { domain: rows, label: null, padding: 0.05 },
      color: { type: "log", scheme, domain: [least, most], label },
      marks: [
        Plot.cell(positive, { x: "column", y: "row", fill: "value", inset: 0.5 }),
        Plot.text(cells, {
          x: "column",
          y: "row",
          text: ({ value }: Cell) => short(value),
          fill: (cell: Cell) => (cell.value <= 0 ? "currentColor" : isDark(cell) ? "white" : "#1f2328"),
        }),
      ],
    },
    into,
  );
}

/** A list to choose from; `changed` is called with what is chosen. */
function chooser(label: string, values: readonly string[], into: Element, changed: () => void): HTMLSelectElement {
  const named = add("label", `${label} `, "", into);
  const list = add("select", "", "", named);
  for (const value of values) add("option", value, "", list);
  list.addEventListener("change", changed);
  return list;
}

/** Shapes of chunks by patterns, of one kind of data and one filter. */
function shapesByPatterns(all: readonly LayoutFigures[]): void {
  const row = add("p", "", "choosers");
  const figure = add("div");
  const show = (): void => {
    figure.replaceChildren();
    const measure = MEASURES[what.value];
    const found = all.filter(
      (one) =>
        one.kind === kind.value &&
        (one.filter === filter.value || (one.chunks === undefined && filter.value === "none")),
    );
    const cells = found.flatMap((one) =>
      one.patterns.map(({ pattern }, i) => ({ column: pattern, row: rowOf(one), value: measure(one, i) ?? 0 })),
    );
    heatMap(cells, what.value, figure);
  };
  const kind = chooser("data", unique(all.map((one) => one.kind)), row, show);
  const filter = chooser("filters", unique(all.map((one) => one.filter)), row, show);
  const what = chooser("of", Object.keys(MEASURES), row, show);
  filter.value = "shuffle+gzip:4";
  what.value = TIME;
  show();
}

const rowOf = ({ shape, chunks }: LayoutFigures): string =>
  chunks === undefined ? shape : `${shape} ${chunks.join("×")}`;

/** Filters by kinds of data, in chunks of a common size: space, and the speed of writing and of reading all. */
function filtersByKinds(all: readonly LayoutFigures[]): void {
  const common = all.filter(({ shape }) => shape === "slab" || shape === "32 Ki rows");
  const readAll = ({ bytes, patterns }: LayoutFigures): number =>
    bytes / 1000 / patterns.find(({ pattern }) => pattern === "all")!.time;
  const shown: [title: string, value: (one: LayoutFigures) => number][] = [
    ["bytes of elements for one stored", ({ ratio }) => ratio],
    ["MB/s of elements, all read", readAll],
    ["MB/s of elements, all written", ({ bytes, written }) => bytes / 1000 / written],
  ];
  for (const [title, value] of shown) {
    add("h3", title);
    const cells = common.map((one) => ({
      column: `${one.kind} ${one.dtype.split(" ")[0]}`,
      row: one.filter,
      value: value(one),
    }));
    heatMap(cells, title, main, "greens");
  }
}

export function layoutStudy({ layouts, choices }: Pick<PageData, "layouts" | "choices">): void {
  if (layouts.length === 0) return;
  const named = layouts.filter(({ shape }) => shape !== "advised");
  add("h2", "Layouts");
  add(
    "p",
    `${named.length} layouts: shapes of chunks, filters and levels, on ${unique(named.map(({ kind }) => kind)).length} kinds of data, each read by patterns at scattered places, with a cache of chunks of half a MiB. From memory, so that the code is measured and not a disk; bytes and requests tell what a disk or a server would add.`,
    "note",
  );
  add("h3", "Shapes of chunks by patterns of access");
  shapesByPatterns(named);
  filtersByKinds(named);
  add("h3", "What would be chosen");
  add(
    "p",
    "For each kind of data and pattern: the least product of time (with that of a disk of 500 MB/s) and space among all, and beside it the chunks that h5ts advise says, with the better of no filter and shuffle and gzip 4.",
    "note",
  );
  table(["data", "read by", "best", "ms a read", "ratio", "advised", "ms a read", "ratio"], choices);
}
