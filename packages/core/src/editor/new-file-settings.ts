/** What a new file is asked for, checked, and what follows from it: the superblock's version and what its extension says. */
import type { CreationOrder } from "../contract.ts";
import type { BtreeRanks } from "../engine/metadata-file.ts";
import { LimitError } from "../errors.ts";
import { DEFAULT_FILE_SPACE_PAGE, type FileSpaceInfo } from "../format/messages/file-space-info.ts";
import { isAtLeast, requireVersion } from "./dataset/structure-versions.ts";
import type { VersionBounds } from "./editor-file.ts";

/** What a new file is asked for, in h5py's words. */
export interface NewFile {
  /** Bytes before the superblock for others to use, zeros at first: 0 (the default), or a power of 2 from 512 on. */
  readonly userblockSize?: number;
  /** Order of creation of the root group's links and attributes (option `trackOrder`). Not tracked by default. */
  readonly linkOrder?: CreationOrder;
  readonly attributeOrder?: CreationOrder;
  /** Keep times in the root group's header, where it has room for them: files for 1.8 and later. Default true. */
  readonly trackTimes?: boolean;
  /** How space is allocated: `"fsm"` (the default), in pages, or without looking for free space. */
  readonly fsStrategy?: "fsm" | "page" | "aggregate" | "none";
  /** Keep free space in the file, for sessions to come. Default false. */
  readonly fsPersist?: boolean;
  /** Smallest free section that is kept track of, in bytes. Default 1. */
  readonly fsThreshold?: number;
  /** Bytes of a page, for `"page"`: 512 to 2^30. Default 4096. */
  readonly fsPageSize?: number;
  /** Ranks of version 1 B-trees that differ from 4, 16 and 32. */
  readonly ranks?: Partial<BtreeRanks>;
}

export interface NewFileSettings {
  readonly version: 0 | 1 | 2 | 3;
  readonly userblockSize: number;
  readonly ranks: BtreeRanks;
  readonly defaultRanks: boolean;
  /** What differs from what files without a message have; absent: nothing. */
  readonly space?: FileSpaceInfo;
}

const DEFAULT_RANKS: BtreeRanks = { groupLeafK: 4, groupInternalK: 16, chunkInternalK: 32 };
const RANK_LIMIT = 2 ** 15 - 1;
const FIRST_USERBLOCK = 512;
const PAGE_LIMITS = [512, 2 ** 30] as const;

export function newFileSettings(asked: NewFile, bounds: VersionBounds): NewFileSettings {
  const ranks = { ...DEFAULT_RANKS, ...asked.ranks };
  for (const [name, rank] of Object.entries(ranks)) whole(`ranks.${name}`, rank, 1, RANK_LIMIT);
  const space = fileSpace(asked, bounds);
  const same = (key: keyof BtreeRanks): boolean => ranks[key] === DEFAULT_RANKS[key];
  return {
    version: superblockVersion(bounds, space !== undefined, same("chunkInternalK")),
    userblockSize: userblock(asked, space),
    ranks,
    defaultRanks: same("chunkInternalK") && same("groupInternalK") && same("groupLeafK"),
    ...(space && { space }),
  };
}

function superblockVersion(bounds: VersionBounds, extension: boolean, defaultChunkRank: boolean): 0 | 1 | 2 | 3 {
  if (isAtLeast(bounds, "v110")) return 3;
  if (isAtLeast(bounds, "v108") || extension) return 2;
  return defaultChunkRank ? 0 : 1;
}

function userblock({ userblockSize: size = 0 }: NewFile, space: FileSpaceInfo | undefined): number {
  if (size === 0) return 0;
  const power = Number.isSafeInteger(size) && size >= FIRST_USERBLOCK && Number.isInteger(Math.log2(size));
  if (!power) fail("userblockSize", size, "0, or a power of 2 from 512 on");
  // Pages count from the base address, and shall be pages of the storage too.
  if (space?.strategy === "page" && size % space.pageSize !== 0)
    fail("userblockSize", size, `a multiple of fsPageSize (${space.pageSize})`);
  return size;
}

const STRATEGIES = { fsm: "fsm-aggregate", page: "page", aggregate: "aggregate", none: "none" } as const;

function fileSpace(asked: NewFile, bounds: VersionBounds): FileSpaceInfo | undefined {
  const { fsStrategy = "fsm", fsPersist = false, fsThreshold = 1, fsPageSize = DEFAULT_FILE_SPACE_PAGE } = asked;
  const strategy = STRATEGIES[fsStrategy];
  whole("fsThreshold", fsThreshold, 0, Number.MAX_SAFE_INTEGER);
  whole("fsPageSize", fsPageSize, ...PAGE_LIMITS);
  const usual =
    strategy === "fsm-aggregate" && !fsPersist && fsThreshold === 1 && fsPageSize === DEFAULT_FILE_SPACE_PAGE;
  if (usual) return undefined;
  requireVersion(bounds, "v110", "a file-space strategy");
  // Where nothing looks for free space there is none to keep, and none too small.
  const managed = strategy === "fsm-aggregate" || strategy === "page";
  const persist = fsPersist && managed;
  return {
    version: 1,
    strategy,
    persist,
    threshold: managed ? fsThreshold : 1,
    pageSize: fsPageSize,
    pageEndThreshold: 0,
    endOfAllocation: null,
    managers: persist ? new Array<null>(12).fill(null) : [],
  };
}

function whole(option: string, value: number, least: number, most: number): void {
  if (!(Number.isSafeInteger(value) && value >= least && value <= most)) fail(option, value, `${least} to ${most}`);
}

function fail(option: string, found: number, allowed: string): never {
  throw new LimitError(`no file can have this ${option}`, { structure: "File", found, allowed });
}
