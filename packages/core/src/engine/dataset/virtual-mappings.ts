/** The mappings of a virtual dataset, which stand in an object of a global heap. */
import type { Address } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import type { DatasetInfo, VirtualMapping } from "../../contract.ts";
import { FormatError } from "../../errors.ts";
import { GLOBAL_HEAP_TABLE, type GlobalHeapTable } from "../../format/global-heap/global-heap-collection.ts";
import { virtualMappingBlock } from "../../format/virtual-mapping/virtual-mapping-block.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EngineFile } from "../file.ts";
import { withinLimit } from "../limits.ts";

const STRUCTURE = "Global heap block for virtual datasets";

const NONE: readonly VirtualMapping[] = [];

/**
 * In the order of the file; none where the dataset is not virtual, or nothing is mapped. The same list each time for as long
 * as the heap is in hand.
 */
export function* virtualMappings(file: EngineFile, info: DatasetInfo): Steps<readonly VirtualMapping[]> {
  const { layout } = info;
  if (layout.class !== "virtual" || layout.heap === null) return NONE;
  const { structures } = file;
  const { heap, index } = layout;
  const table =
    structures.peek(GLOBAL_HEAP_TABLE, heap, undefined) ?? (yield* structures.get(GLOBAL_HEAP_TABLE, heap, undefined));
  const known = knownLists(file, heap);
  const list = known.get(index) ?? decoded(file, table, heap, index);
  known.set(index, list);
  return list;
}

/** The lists in a heap that are decoded; they go with the heap. */
function knownLists({ structures }: EngineFile, heap: Address): Map<number, readonly VirtualMapping[]> {
  const known = structures.derived(heap);
  if (known instanceof Map) return known;
  const lists = new Map<number, readonly VirtualMapping[]>();
  structures.derive(heap, lists);
  return lists;
}

function decoded(file: EngineFile, table: GlobalHeapTable, heap: Address, index: number): readonly VirtualMapping[] {
  const offset = index < table.offsets.length ? table.offsets[index] : 0;
  if (offset === 0)
    throw new FormatError("has no object of the index that the data layout refers to", {
      structure: GLOBAL_HEAP_TABLE.title,
      address: heap,
      found: index,
    });
  const start = table.start + offset;
  const from = new Decoder(
    table.block,
    file.structures.sizes,
    STRUCTURE,
    heap - table.start,
    start,
    start + table.lengths[index],
  );
  const { entries } = virtualMappingBlock(from);
  withinLimit(file.limits, "virtualMappings", entries.length, STRUCTURE);
  return entries;
}
