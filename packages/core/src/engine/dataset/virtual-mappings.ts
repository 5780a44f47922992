/** The mappings of a virtual dataset, which stand in an object of a global heap. */
import { Decoder } from "../../bytes/decoder.ts";
import type { DatasetInfo, VirtualMapping } from "../../contract.ts";
import { FormatError } from "../../errors.ts";
import { GLOBAL_HEAP_TABLE } from "../../format/global-heap/global-heap-collection.ts";
import { virtualMappingBlock } from "../../format/virtual-mapping/virtual-mapping-block.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EngineFile } from "../file.ts";
import { withinLimit } from "../limits.ts";

const STRUCTURE = "Global heap block for virtual datasets";

/** In the order of the file; none where the dataset is not virtual, or nothing is mapped. */
export function* virtualMappings(file: EngineFile, info: DatasetInfo): Steps<readonly VirtualMapping[]> {
  const { layout } = info;
  if (layout.class !== "virtual" || layout.heap === null) return [];
  const { structures } = file;
  const { heap, index } = layout;
  const table =
    structures.peek(GLOBAL_HEAP_TABLE, heap, undefined) ?? (yield* structures.get(GLOBAL_HEAP_TABLE, heap, undefined));
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
    structures.sizes,
    STRUCTURE,
    heap - table.start,
    start,
    start + table.lengths[index],
  );
  const { entries } = virtualMappingBlock(from);
  withinLimit(file.limits, "virtualMappings", entries.length, STRUCTURE);
  return entries;
}
