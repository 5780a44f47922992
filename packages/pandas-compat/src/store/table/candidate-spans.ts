/** The rows of a table that a condition must look at: all, or those that indexes of PyTables' leave. */

import { indexOfColumn, type OpenIndex } from "../../pytables/index/open-index.ts";
import { type Lookup, lookupInIndex, type Wanted } from "../../pytables/index/search-index.ts";
import type { Candidates } from "../../where/compile.ts";
import type { TableField, TableLayout } from "./layout.ts";

/** Rows from `from` to `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Spans of whole chunks, in their order, as many together as have so many bytes. */
export async function candidateSpans(
  layout: TableLayout,
  candidates: Candidates | undefined,
  { from, to }: Span,
  batchBytes: number,
): Promise<Span[][]> {
  const { table } = layout;
  const rowBytes = table.dtype.itemsize;
  const chunkRows = table.chunks?.[0] ?? Math.max(1, to);
  const most =
    table.chunks === undefined || table.chunks === null
      ? Math.ceil(batchBytes / rowBytes)
      : chunkRows * Math.max(1, Math.round(batchBytes / (chunkRows * rowBytes)));
  const chunks = candidates === undefined ? undefined : await (await new Indexes(layout).lookup(candidates))?.chunks();
  const batches: Span[][] = [];
  let room = 0;
  for (const span of spansOf(chunks, chunkRows, from, to, most)) {
    const count = span.to - span.from;
    if (count > room) {
      batches.push([]);
      room = most;
    }
    batches[batches.length - 1].push(span);
    room -= count;
  }
  return batches;
}

/** Neighbouring chunks together, up to `most` rows. */
function* spansOf(
  chunks: Uint8Array | undefined,
  chunkRows: number,
  from: number,
  to: number,
  most: number,
): Generator<Span> {
  for (let at = from; at < to; ) {
    const first = Math.floor(at / chunkRows);
    if (chunks !== undefined && chunks[first] === 0) {
      at = (first + 1) * chunkRows;
      continue;
    }
    const limit = Math.min(to, at - (at % most) + most);
    let end = Math.min(limit, (first + 1) * chunkRows);
    while (end < limit && (chunks === undefined || chunks[Math.floor(end / chunkRows)] !== 0))
      end = chunks === undefined ? limit : Math.min(limit, end + chunkRows);
    yield { from: at, to: end };
    at = end;
  }
}

/** The indexes of a table, each opened once. */
class Indexes {
  private readonly layout: TableLayout;
  private readonly open = new Map<string, Promise<OpenIndex | undefined>>();

  constructor(layout: TableLayout) {
    this.layout = layout;
  }

  /** `undefined`: all chunks must be looked at. */
  async lookup(candidates: Candidates): Promise<Lookup | undefined> {
    if (candidates.kind === "or") {
      const left = await this.lookup(candidates.left);
      // All must be looked at for one side: the other saves nothing.
      const right = left && (await this.lookup(candidates.right));
      return left && right && { cost: left.cost + right.cost, chunks: () => either(left, right) };
    }
    const parts = (await this.parts(candidates)).filter((part) => part !== undefined).sort((a, b) => a.cost - b.cost);
    const { table } = this.layout;
    const chunkBytes = (table.chunks?.[0] ?? 1) * table.dtype.itemsize;
    return parts.length === 0 ? undefined : { cost: parts[0].cost, chunks: () => allOf(parts, chunkBytes) };
  }

  /** Of what must all hold: what compares one column is looked up together. */
  private parts(candidates: Candidates): Promise<(Lookup | undefined)[]> {
    const byField = new Map<TableField, (readonly Wanted[])[]>();
    const others: Candidates[] = [];
    const collect = (part: Candidates): void => {
      if (part.kind === "or") others.push(part);
      else if (part.kind === "compare") byField.set(part.field, [...(byField.get(part.field) ?? []), part.wanted]);
      else for (const side of [part.left, part.right]) collect(side);
    };
    collect(candidates);
    return Promise.all([
      ...[...byField].map(([field, lists]) => this.comparing(field, lists)),
      ...others.map((part) => this.lookup(part)),
    ]);
  }

  private async comparing(field: TableField, lists: readonly (readonly Wanted[])[]): Promise<Lookup | undefined> {
    const { group, table } = this.layout;
    const chunkRows = table.chunks?.[0];
    if (chunkRows === undefined) return undefined;
    const opened = this.open.get(field.name) ?? indexOfColumn(group, "table", field.name);
    this.open.set(field.name, opened);
    const index = await opened;
    return index && lookupInIndex(index, lists, table.shape[0], chunkRows);
  }
}

async function either(left: Lookup, right: Lookup): Promise<Uint8Array> {
  const [some, others] = await Promise.all([left.chunks(), right.chunks()]);
  return some.map((one, i) => one | others[i]);
}

/** The cheapest first; the others where they may save more than they cost. */
async function allOf([first, ...others]: readonly Lookup[], chunkBytes: number): Promise<Uint8Array> {
  let chunks = await first.chunks();
  for (const { cost, chunks: more } of others) {
    const left = chunks.reduce((sum, one) => sum + one, 0);
    if (cost > left * chunkBytes) break;
    const also = await more();
    chunks = chunks.map((one, i) => one & also[i]);
  }
  return chunks;
}
