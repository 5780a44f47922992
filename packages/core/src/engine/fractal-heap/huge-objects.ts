/** Huge objects of a fractal heap whose ids are numbers: a version 2 B-tree says where they stand. */
import { FormatError } from "../../errors.ts";
import { recordAt } from "../../format/btree-v2/node.ts";
import {
  type FilteredHugeObject,
  HUGE_INDIRECT_FILTERED_RECORD,
  HUGE_INDIRECT_RECORD,
  type HugeObject,
} from "../../format/btree-v2/records/huge-object.ts";
import type { Steps } from "../../steps/steps.ts";
import { findRecords, openBtreeV2 } from "../btree-v2.ts";
import type { MetadataFile } from "../metadata-file.ts";
import type { FractalHeap } from "./heap.ts";

export function* numberedObject(
  file: MetadataFile,
  heap: FractalHeap,
  id: number,
): Steps<HugeObject | FilteredHugeObject> {
  const { hugeBtree } = heap.header;
  if (hugeBtree === null) return fail(heap, id);
  const { sizes } = file.structures;
  const record = heap.pipeline === undefined ? HUGE_INDIRECT_RECORD : HUGE_INDIRECT_FILTERED_RECORD;
  const tree = yield* openBtreeV2(file, hugeBtree, record);
  // The number is the last field of both kinds.
  const at = record.bytes(sizes) - sizes.lengths;
  const numberOf = (view: DataView, from: number): number => {
    const low = sizes.lengths === 2 ? view.getUint16(from + at, true) : view.getUint32(from + at, true);
    return sizes.lengths === 8 ? low + view.getUint32(from + at + 4, true) * 0x1_0000_0000 : low;
  };
  let found: HugeObject | FilteredHugeObject | undefined;
  const compare = (view: DataView, from: number): number => id - numberOf(view, from);
  yield* findRecords(file, tree, compare, (node, i) => {
    found = recordAt<HugeObject | FilteredHugeObject>(node, i, record as typeof HUGE_INDIRECT_RECORD, sizes);
  });
  return found ?? fail(heap, id);
}

function fail(heap: FractalHeap, id: number): never {
  throw new FormatError("has no huge object of that number", {
    structure: "Fractal heap",
    address: heap.address,
    found: id,
  });
}
