/** Indexes of a table that has got more rows: brought up to date as PyTables does, or marked as dirty. */
import { Group } from "h5ts";
import { NodeAttributes } from "../attributes.ts";
import type { AnyGroup } from "../create.ts";
import { tableColumns } from "../table-node.ts";
import { asBool, writeAttributes } from "../write-attributes.ts";
import { columnValues, type IndexedColumn } from "./column-values.ts";
import { createIndex, type IndexedTable } from "./create-index.ts";
import { appendSlice, type Sorted, sortRows, writeLastRow } from "./fill-index.ts";
import { indexedRows, indexGroupName, type OpenIndex, openIndex } from "./open-index.ts";
import { KIND_BYTES } from "./sizes.ts";
import { type PackedValues, sortedOrder, takeBytes } from "./sort.ts";

/** All groups of indexes of a table, by the paths of their columns. */
async function* indexGroups(container: AnyGroup, prefix = ""): AsyncGenerator<readonly [string, AnyGroup]> {
  for (const name of await container.keys()) {
    const object = await container.get(name);
    if (!(object instanceof Group)) continue;
    if ((await NodeAttributes.of(object)).systemText("CLASS") === "INDEX") yield [prefix + name, object];
    else yield* indexGroups(object, `${prefix}${name}/`);
  }
}

/**
 * Marks the indexes of a table as dirty: PyTables does without them then, and makes them anew when it changes the table. An index that is
 * left as it is hides rows from conditions.
 */
export async function markIndexesDirty(parent: AnyGroup, table: string): Promise<void> {
  const container = await parent.get(indexGroupName(table));
  if (!(container instanceof Group)) return;
  for await (const [, group] of indexGroups(container)) await markDirty(group);
}

const markDirty = (group: AnyGroup): Promise<void> => writeAttributes(group, { DIRTY: { as: "int32", value: 1 } });

/**
 * Brings the indexes of a table up to its rows, of which the first `had` were there before. What was dirty stays so, and becomes so where the
 * table says that its indexes are not to be kept, or where an index did not know the rows before.
 */
export async function updateIndexes(of: IndexedTable, had: number): Promise<void> {
  const container = await of.parent.get(indexGroupName(of.name));
  if (!(container instanceof Group)) return;
  const isManual = await indexesAreManual(container);
  const columns = await columnsByPath(of);
  for await (const [path, group] of indexGroups(container)) {
    const column = columns.get(path);
    const index = isManual || column === undefined ? undefined : await openIndex(group);
    if (index === undefined || column === undefined || (!index.isDirty && indexedRows(index) !== had))
      await markDirty(group);
    else if (!index.isDirty) await updateIndex(index, of, column);
  }
}

/** Makes the indexes of a table anew whose rows have changed; those that the table says are not to be kept are marked as dirty. */
export async function rebuildIndexes(of: IndexedTable): Promise<void> {
  const container = await of.parent.get(indexGroupName(of.name));
  if (!(container instanceof Group)) return;
  const isManual = await indexesAreManual(container);
  const columns = await columnsByPath(of);
  const found: (readonly [string, AnyGroup])[] = [];
  for await (const one of indexGroups(container)) found.push(one);
  for (const [path, group] of found) {
    const column = columns.get(path);
    const index = isManual ? undefined : await openIndex(group);
    if (index === undefined || column === undefined || index.isDirty) await markDirty(group);
    else await createIndex(of, column, { kind: index.kind, optlevel: index.optlevel });
  }
}

async function indexesAreManual(container: AnyGroup): Promise<boolean> {
  const attrs = await NodeAttributes.of(container);
  return attrs.get("AUTO_INDEX") === false || attrs.number("AUTO_INDEX") === 0;
}

async function columnsByPath({ table }: IndexedTable): Promise<Map<string, IndexedColumn>> {
  const columns = tableColumns({ dataset: table, attrs: await NodeAttributes.of(table) });
  return new Map(columns.map((column) => [column.path, column]));
}

async function updateIndex(index: OpenIndex, { table }: IndexedTable, column: IndexedColumn): Promise<void> {
  const { slicesize } = index.sizes;
  const rows = table.shape[0];
  await markDirty(index.group);
  let row = index.slices;
  let lastRows = index.kind === "full" ? index.lastRows : 0;
  for (; (row + 1) * slicesize <= rows; row++) {
    await appendSlice(index, row, await sortedPart(row * slicesize, (row + 1) * slicesize));
    lastRows = 0;
  }
  const rest = rows - row * slicesize;
  if (rest > 0) await writeLastRow(index, await sortedPart(row * slicesize, rows));
  else await writeLastRow(index, { values: new Uint8Array(0), numbers: new Uint8Array(0), count: 0 });
  if (index.kind === "full" && row > 0 && rows > 0) await writeAttributes(index.group, { is_csi: asBool(false) });
  await writeAttributes(index.group, { DIRTY: { as: "int32", value: 0 } });

  async function sortedPart(from: number, to: number): Promise<Sorted> {
    const values = await columnValues(table, column, from, to);
    return lastRows === 0 ? sortRows(index, values, from, table) : mixed(index, values, from, lastRows);
  }
}

/** The last row of a full index may hold other rows than the table's last: those stand in it already. */
async function mixed(index: OpenIndex, values: PackedValues, first: number, lastRows: number): Promise<Sorted> {
  const { group, sortedLR, type } = index;
  const width = KIND_BYTES.full;
  const [sorted, numbers] = await Promise.all(
    [sortedLR, await group.dataset("indicesLR")].map(async (of) => (await of.asBytes().read()).data as Uint8Array),
  );
  const rows = new Uint8Array(BigUint64Array.from({ length: values.count }, (_, i) => BigInt(first + i)).buffer);
  rows.set(numbers.subarray(0, lastRows * width));
  const bytes = values.bytes.slice();
  bytes.set(sorted.subarray(0, lastRows * type.size));
  const order = sortedOrder({ ...values, bytes });
  return { values: takeBytes(bytes, type.size, order), numbers: takeBytes(rows, width, order), count: values.count };
}
