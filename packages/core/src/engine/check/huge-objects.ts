/** Checks the huge objects of a fractal heap: each has a record in the heap's B-tree, and space of its own in the file. */
import { recordAt } from "../../format/btree-v2/node.ts";
import {
  type FilteredHugeObject,
  HUGE_DIRECT_FILTERED_RECORD,
  HUGE_DIRECT_RECORD,
  HUGE_INDIRECT_FILTERED_RECORD,
  HUGE_INDIRECT_RECORD,
  type HugeNumber,
  type HugeObject,
} from "../../format/btree-v2/records/huge-object.ts";
import type { HeapId } from "../../format/fractal-heap/heap-id.ts";
import type { Steps } from "../../steps/steps.ts";
import type { FractalHeap } from "../fractal-heap/heap.ts";
import { checkBtreeV2 } from "./btree-v2.ts";
import type { Checker } from "./checker.ts";

type HugeRecord = HugeObject & Partial<HugeNumber & FilteredHugeObject>;

const TITLE = "Fractal heap";

export function* checkHugeObjects(check: Checker, heap: FractalHeap, objects: readonly HeapId[]): Steps<void> {
  const { header, address } = heap;
  const wanted = new Set<number>();
  for (const id of objects) {
    if (id.kind === "huge-numbered") wanted.add(id.id);
    if (id.kind === "huge") wanted.add(id.object.address);
  }
  const records = header.hugeBtree === null ? [] : yield* checkRecords(check, heap);
  let bytes = 0;
  for (const record of records) {
    check.uses(record.address, record.length, "Huge object");
    bytes += record.memorySize ?? record.length;
    const key = record.id ?? record.address;
    if (!wanted.delete(key))
      check.fault("has a huge object that nothing refers to", { structure: TITLE, address, found: key });
  }
  for (const key of wanted) check.fault("has no record of a huge object", { structure: TITLE, address, found: key });
  if (bytes !== header.hugeSpace)
    check.fault("has a wrong number of bytes of huge objects in its header", {
      structure: TITLE,
      address,
      found: header.hugeSpace,
      allowed: String(bytes),
    });
}

/** All records, in their order. */
function* checkRecords(check: Checker, heap: FractalHeap): Steps<HugeRecord[]> {
  const { hugeBtree: tree } = heap.header;
  const layout = layoutOf(heap);
  const records: HugeRecord[] = [];
  yield* checkBtreeV2(check, tree!, layout, (node, i) => {
    const record = recordAt<HugeRecord>(node, i, layout as unknown as typeof HUGE_INDIRECT_RECORD, check.sizes);
    const last = records.at(-1);
    records.push(record);
    if (last !== undefined && (last.id ?? last.address) >= (record.id ?? record.address))
      check.fault("has records out of order", { structure: layout.title, address: tree! });
  });
  return records;
}

function layoutOf({ shape }: FractalHeap): typeof HUGE_DIRECT_RECORD | typeof HUGE_INDIRECT_RECORD {
  const filtered = shape.hugeDirect ? HUGE_DIRECT_FILTERED_RECORD : HUGE_INDIRECT_FILTERED_RECORD;
  if (shape.hugeFiltered) return filtered as unknown as typeof HUGE_DIRECT_RECORD;
  return shape.hugeDirect ? HUGE_DIRECT_RECORD : HUGE_INDIRECT_RECORD;
}
