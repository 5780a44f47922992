/** The only chunk of a dataset while it is edited: the layout message itself says where it stands. */
import { asAddress } from "../../bytes/address.ts";
import { ABSENT } from "../../format/chunk-element/chunk-elements.ts";
import type { ChunkIndexing } from "../../format/messages/data-layout.ts";
import type { EditedIndex } from "./edited-index.ts";

export const single: EditedIndex = {
  *set(_file, grid, { count, places }): Generator<never, ChunkIndexing | undefined> {
    if (count === 0) return undefined;
    const at = places.addresses[count - 1];
    const address = at === ABSENT ? null : asAddress(at);
    if (!grid.filtered) return { kind: "single", address };
    const filtered = address === null ? { size: 0, mask: 0 } : { size: places.sizes[0], mask: places.masks[0] };
    return { kind: "single", address, filtered };
  },
  *free() {},
};
