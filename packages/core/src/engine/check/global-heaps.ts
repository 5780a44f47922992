/** Checks the global heap collections that something refers to: every object is there, and belongs to as many as it may. */
import { type Address, asAddress } from "../../bytes/address.ts";
import {
  GLOBAL_HEAP_TABLE,
  type GlobalHeapTable,
  objectHeaderBytes,
} from "../../format/global-heap/global-heap-collection.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Checker } from "./checker.ts";
import type { HeapUse } from "./heap-uses.ts";

const TITLE = GLOBAL_HEAP_TABLE.title;

/** Once all objects of the file were looked at. */
export function* checkGlobalHeaps(check: Checker): Steps<void> {
  const unused: Unused = { objects: 0, bytes: 0 };
  for (const [collection, uses] of check.heaps.collections) {
    check.path = "";
    yield* check.guard(checkCollection(check, asAddress(collection), uses, unused));
  }
  check.path = "";
  if (unused.objects > 0)
    check.notes.push(`${unused.objects} objects of global heaps, ${unused.bytes} bytes, are referred to by nothing`);
}

interface Unused {
  objects: number;
  bytes: number;
}

function* checkCollection(check: Checker, address: Address, uses: Map<number, HeapUse>, unused: Unused): Steps<void> {
  const table = yield* check.file.structures.get(GLOBAL_HEAP_TABLE, address, undefined);
  check.uses(address, table.size, TITLE);
  for (const [index, use] of uses) {
    check.path = use.path;
    checkUse(check, address, table, index, use);
  }
  check.path = "";
  for (let index = 1; index < table.offsets.length; index++) {
    if (table.offsets[index] === 0) continue;
    check.counts.heapObjects++;
    if (uses.has(index)) continue;
    unused.objects++;
    unused.bytes += table.lengths[index];
  }
  checkFreeSpace(check, address, table);
}

function checkUse(check: Checker, address: Address, table: GlobalHeapTable, index: number, use: HeapUse): void {
  const fault = (reason: string, found: string): void => check.fault(reason, { structure: TITLE, address, found });
  if ((table.offsets[index] ?? 0) === 0) fault("has no object that an element refers to", `object ${index}`);
  else if (use.bytes > table.lengths[index])
    fault(
      "has an object shorter than its element says",
      `object ${index}, ${table.lengths[index]} of ${use.bytes} bytes`,
    );
  if (use.values > 1)
    fault("has an object that several elements have for their value", `object ${index}, ${use.values} elements`);
  if (use.values > 0 && use.references > 0)
    fault("has an object that is both a value and a reference", `object ${index}`);
}

/** Object 0, where there is room for it, takes all that is left behind the others. */
function checkFreeSpace(
  check: Checker,
  address: Address,
  { block, start, size, offsets, lengths }: GlobalHeapTable,
): void {
  const { lengths: width } = check.sizes;
  const header = objectHeaderBytes(width);
  let end = header;
  for (let index = 1; index < offsets.length; index++)
    if (offsets[index] > 0) end = Math.max(end, offsets[index] + Math.ceil(lengths[index] / 8) * 8);
  if (size - end < header) return;
  let free = 0;
  for (let i = width - 1; i >= 0; i--) free = free * 256 + block[start + end + 8 + i];
  if (free !== size - end)
    check.fault("has another amount of free space than is left", {
      structure: TITLE,
      address,
      found: free,
      allowed: String(size - end),
    });
}
