/** Checks what links and attributes in fractal heaps have in common: an index by name, and perhaps one by creation order. */
import type { Address } from "../../bytes/address.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import { compareBytes, encodeText } from "../../bytes/text.ts";
import { type RecordLayout, recordAt } from "../../format/btree-v2/node.ts";
import type { Steps } from "../../steps/steps.ts";
import { checkBtreeV2 } from "./btree-v2.ts";
import type { Checker } from "./checker.ts";
import { hex } from "./shared-uses.ts";

/** What records of an index by name have. */
export interface NameRecord {
  readonly hash: number;
  readonly heapId: Uint8Array;
}

export interface OrderRecord {
  readonly creationOrder: number;
  readonly heapId: Uint8Array;
}

/** An object and the record that led to it. */
export interface Indexed<R> {
  readonly record: R;
  readonly name: string;
  readonly creationOrder: number | undefined;
}

/** The records of an index by name, in its order. */
export function* nameRecords<R extends NameRecord>(
  check: Checker,
  address: Address,
  layout: RecordLayout<R>,
): Steps<R[]> {
  const records: R[] = [];
  yield* checkBtreeV2(check, address, layout, (node, i) => records.push(recordAt(node, i, layout, check.sizes)));
  return records;
}

/** Names are those of the hashes, ascending, each once. */
export function checkNames<R extends NameRecord>(
  check: Checker,
  structure: string,
  address: Address,
  found: readonly Indexed<R>[],
): void {
  let last: { hash: number; bytes: Uint8Array } | undefined;
  for (const { record, name } of found) {
    const bytes = encodeText(name);
    if (lookup3(bytes) !== record.hash)
      check.fault("has a hash that is not that of the name", { structure, address, found: name });
    if (
      last !== undefined &&
      (record.hash < last.hash || (record.hash === last.hash && compareBytes(last.bytes, bytes) >= 0))
    )
      check.fault("has records out of order", { structure, address, found: name });
    last = { hash: record.hash, bytes };
  }
}

/** An index by creation order names the same objects as that by name, each with its own number below `next`. */
export function* checkOrders<R extends OrderRecord>(
  check: Checker,
  address: Address,
  layout: RecordLayout<R>,
  found: readonly Indexed<NameRecord>[],
): Steps<void> {
  const { title: structure } = layout;
  const orders = new Map(found.map(({ record, creationOrder }) => [hex(record.heapId), creationOrder]));
  let last = -1;
  let count = 0;
  yield* checkBtreeV2(check, address, layout, (node, i) => {
    const { heapId, creationOrder } = recordAt(node, i, layout, check.sizes);
    count++;
    if (creationOrder <= last) check.fault("has records out of order", { structure, address, found: creationOrder });
    last = creationOrder;
    if (orders.get(hex(heapId)) !== creationOrder)
      check.fault("has a record that the index by name does not have", { structure, address, found: creationOrder });
  });
  if (count !== found.length)
    check.fault("has another number of records than the index by name", {
      structure,
      address,
      found: count,
      allowed: String(found.length),
    });
}

/** No object has a number that is still to be given away. */
export function checkNextOrder(
  check: Checker,
  structure: string,
  next: number | undefined,
  orders: Iterable<number | undefined>,
): void {
  if (next === undefined) return;
  const seen = new Set<number>();
  for (const order of orders) {
    if (order === undefined) check.fault("tracks the order of creation, and has something without one", { structure });
    else if (order >= next || seen.has(order))
      check.fault("has a creation order that is not its own", {
        structure,
        found: order,
        allowed: `below ${next}, each once`,
      });
    if (order !== undefined) seen.add(order);
  }
}
