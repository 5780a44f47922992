/** `h5ts stat`: what a file consists of, in numbers. */
import type { AnyObject, Dataset } from "h5ts";
import type { Command } from "../command.ts";
import { outcomeOf, withFile } from "../opened.ts";
import { json } from "../terminal/json.ts";
import { columns, safe, sizeText } from "../terminal/text.ts";

/** Datasets that are named, the largest first. */
const LARGEST = 5;

interface Sized {
  readonly path: string;
  readonly bytes: number;
  readonly stored: number;
}

interface Counts {
  readonly groups: number;
  readonly datasets: number;
  readonly datatypes: number;
  readonly attributes: number;
  /** Bytes of all elements, and what they take in the file. */
  readonly bytes: number;
  readonly stored: number;
  readonly layouts: Readonly<Record<string, number>>;
  readonly filters: Readonly<Record<string, number>>;
  readonly dtypes: Readonly<Record<string, number>>;
  readonly largest: readonly Sized[];
  /** Objects that could not be read as a whole. */
  readonly errors: number;
}

export const stat: Command = {
  name: "stat",
  summary: "Count objects, bytes, layouts, filters and datatypes; name the largest datasets",
  usage: "FILE [--json]",
  details: [
    "Groups, datasets, attributes; bytes of all elements, and what they take in the file; how many datasets are of which layout, filter and datatype.",
  ],
  examples: [["data.h5", "objects, bytes, filters, and the largest datasets"]],
  operands: [1, 1],
  async run({ operands: [file], json: asJson, output, opening }) {
    return withFile(file, opening, async (opened) => {
      const tally = new Tally();
      await tally.add("/", opened);
      const objects: [string, AnyObject<"async">][] = [];
      await opened.visitItems((path, object) => void objects.push([`/${path}`, object]));
      for (const [path, object] of objects) await tally.add(path, object);
      const counts = tally.counts();
      output.out(asJson ? json(counts) : countText(counts, output.columns));
      return counts.errors > 0 ? 1 : 0;
    });
  },
};

class Tally {
  private readonly kinds: Record<AnyObject<"async">["kind"], number> = {
    group: 0,
    dataset: 0,
    datatype: 0,
    unknown: 0,
  };
  private readonly layouts: Map<string, number> = new Map();
  private readonly filters: Map<string, number> = new Map();
  private readonly dtypes: Map<string, number> = new Map();
  private readonly sized: Sized[] = [];
  private attributes = 0;
  private errors = 0;

  async add(path: string, object: AnyObject<"async">): Promise<void> {
    this.kinds[object.kind]++;
    const attributes = await outcomeOf(object.attrs.count());
    if (attributes instanceof Error) this.errors++;
    else this.attributes += attributes;
    if (object.kind === "dataset") await this.addDataset(path, object);
  }

  private async addDataset(path: string, dataset: Dataset<"async">): Promise<void> {
    count(this.layouts, dataset.layout);
    count(this.dtypes, dataset.dtype.name);
    for (const { id, name } of dataset.filters) count(this.filters, name || String(id));
    const stored = await outcomeOf(dataset.storageSize());
    if (stored instanceof Error) this.errors++;
    else this.sized.push({ path, bytes: dataset.nbytes, stored });
  }

  counts(): Counts {
    const { kinds, sized } = this;
    return {
      groups: kinds.group,
      datasets: kinds.dataset,
      datatypes: kinds.datatype,
      attributes: this.attributes,
      bytes: sized.reduce((sum, { bytes }) => sum + bytes, 0),
      stored: sized.reduce((sum, { stored }) => sum + stored, 0),
      layouts: Object.fromEntries(this.layouts),
      filters: Object.fromEntries(this.filters),
      dtypes: Object.fromEntries(this.dtypes),
      largest: sized.sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST),
      errors: this.errors,
    };
  }
}

const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);

function countText(counts: Counts, terminal: number | undefined): string {
  const { bytes, stored, layouts, filters, dtypes, largest, ...numbers } = counts;
  const rows = Object.entries(numbers).map(([name, value]) => [name, String(value)]);
  rows.push(["data", `${sizeText(bytes)}, stored in ${sizeText(stored)}`]);
  for (const [name, map] of Object.entries({ layouts, filters, dtypes })) {
    const parts = Object.entries(map).map(([key, n]) => `${safe(key)}: ${n}`);
    if (parts.length > 0) rows.push([name, parts.join(", ")]);
  }
  for (const { path, bytes, stored } of largest) {
    rows.push(["large", `${sizeText(bytes).padStart(9)}, stored in ${sizeText(stored).padStart(9)}  ${safe(path)}`]);
  }
  return columns(rows, terminal);
}
