/** Rows taken out of a table: those behind move up, and it gets shorter. */
import { slice } from "h5ts";
import { rebuildIndexes } from "../../pytables/index/update-indexes.ts";
import { asInt64, writeAttributes } from "../../pytables/write-attributes.ts";
import type { TableLayout } from "./layout.ts";

/** Bytes of records that are moved at a time. */
const BATCH_BYTES = 8 * 2 ** 20;

/** Takes out the rows of these numbers, which are in order. */
export async function removeRows({ table, group }: TableLayout, rows: readonly number[]): Promise<void> {
  if (rows.length === 0) return;
  const [all] = table.shape;
  const stride = table.dtype.itemsize;
  const step = Math.max(1, Math.floor(BATCH_BYTES / stride));
  let next = 0;
  let to = rows[0];
  for (let from = rows[0]; from < all; from += step) {
    const count = Math.min(step, all - from);
    const bytes = ((await table.asBytes().read([slice(from, from + count)])).data as Uint8Array).slice();
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (rows[next] === from + i) next++;
      else bytes.copyWithin(kept++ * stride, i * stride, (i + 1) * stride);
    }
    if (kept > 0) await table.asBytes().write(bytes.subarray(0, kept * stride), [slice(to, to + kept)]);
    to += kept;
  }
  await table.resize([to]);
  await writeAttributes(table, { NROWS: asInt64(to) });
  await rebuildIndexes({ parent: group, name: "table", table });
}
