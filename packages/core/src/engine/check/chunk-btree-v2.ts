/** Checks version 2 B-trees of chunks. */
import { Decoder } from "../../bytes/decoder.ts";
import {
  CHUNK_RECORD,
  type ChunkRecord,
  chunkRecord,
  chunkRecordForm,
  FILTERED_CHUNK_RECORD,
} from "../../format/btree-v2/records/chunk.ts";
import type { Steps } from "../../steps/steps.ts";
import type { ChunkGrid } from "../dataset/chunk-grid.ts";
import { checkBtreeV2 } from "./btree-v2.ts";
import type { Checker } from "./checker.ts";
import type { FoundChunks } from "./found-chunks.ts";

const TITLE = "B-tree of chunks";

export function* checkChunkBtreeV2(check: Checker, found: FoundChunks): Steps<void> {
  const { grid } = found;
  const { sizes } = check;
  const address = grid.layout.index.address!;
  const form = chunkRecordForm(grid.layout, grid.bytes, grid.filtered, sizes);
  const kind = { type: grid.filtered ? FILTERED_CHUNK_RECORD : CHUNK_RECORD, bytes: () => form.bytes };
  let last: ChunkRecord | undefined;
  yield* checkBtreeV2(check, address, kind, (node, i) => {
    const { records, view } = node;
    const record = chunkRecord(
      new Decoder(records, sizes, TITLE, 0, i * form.bytes, (i + 1) * form.bytes, view),
      undefined,
      form,
    );
    if (last !== undefined && compare(last.coordinates, record.coordinates) >= 0)
      check.fault("has records out of order", {
        structure: TITLE,
        address,
        found: `[${record.coordinates.join(", ")}]`,
      });
    last = record;
    found.add(numberOf(grid, record.coordinates), record.address, record.size ?? grid.bytes, record.mask ?? 0);
  });
}

/** -1 of a chunk outside the extent. */
function numberOf({ counts, strides }: ChunkGrid, coordinates: readonly number[]): number {
  let number = 0;
  for (let d = 0; d < counts.length; d++) {
    if (coordinates[d] >= counts[d]) return -1;
    number += coordinates[d] * strides[d];
  }
  return number;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return a[d] - b[d];
  return 0;
}
