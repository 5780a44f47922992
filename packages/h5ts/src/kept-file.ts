/** A file that stays open, and with it what machine code was made for. */
import { keepShapes, MemoryStorage, NO_FOLDER } from "@h5ts/core";
import { defaultFilters } from "@h5ts/filters";
import { virtualReader } from "@h5ts/vds";
import { openPlaceSync } from "./opening.ts";

/** A root group without links: superblock of version 3, header of version 2. */
const EMPTY =
  "iUhERg0KGgoDCAgAAAAAAAAAAAD//////////7MAAAAAAAAAMAAAAAAAAACVVVaLT0hEUgIAeAISAAAAAP////////////////////8KAgABAAAAWA" +
  `${"A".repeat(119)}MW5yKw=`;

let isKept = false;

/** Does something at the first call only; see `keepShapes`. */
export function keepMachineCode(): void {
  if (isKept) return;
  isKept = true;
  const storage = new MemoryStorage(Uint8Array.from(atob(EMPTY), (letter) => letter.charCodeAt(0)));
  keepShapes(openPlaceSync({ storage, links: NO_FOLDER, virtual: virtualReader({}) }, "r", {}, defaultFilters));
}
