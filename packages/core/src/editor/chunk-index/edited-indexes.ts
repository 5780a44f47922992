/** The editors of chunk indexes by their kind. */
import type { ChunkIndexing } from "../../format/messages/data-layout.ts";
import { btreeV1 } from "./btree-v1.ts";
import { btreeV2 } from "./btree-v2.ts";
import type { EditedIndex } from "./edited-index.ts";
import { extensibleArray } from "./extensible-array.ts";
import { fixedArray } from "./fixed-array.ts";
import { implicit } from "./implicit.ts";
import { single } from "./single.ts";

export const EDITED_INDEXES: Record<ChunkIndexing["kind"], EditedIndex> = {
  "btree-v1": btreeV1,
  "btree-v2": btreeV2,
  "extensible-array": extensibleArray,
  "fixed-array": fixedArray,
  implicit,
  single,
};
