/** Opening a file: superblock, what its extension says, and from then on a reader. */
import { asAddress, type Sizes } from "../bytes/address.ts";
import { Decoder } from "../bytes/decoder.ts";
import { FormatError } from "../errors.ts";
import { HeaderRoom } from "../format/object-header/header-message.ts";
import { commitMarker } from "../format/superblock/commit-marker.ts";
import { DRIVER_INFORMATION, type DriverInformation } from "../format/superblock/driver-information.ts";
import { addressRegions, MULTI_DRIVER, multiMembers } from "../format/superblock/multi-driver.ts";
import { driverInformationAddress, readSuperblock, type Superblock } from "../format/superblock/superblock.ts";
import { closeStorage } from "../steps/close.ts";
import type { LinkPolicy } from "../steps/link-policy.ts";
import type { MemberFiles, MultiPart } from "../steps/member-files.ts";
import { PageCache, type PageCacheOptions } from "../steps/page-cache.ts";
import { type Steps, size } from "../steps/steps.ts";
import type { Storage } from "../steps/storage.ts";
import { overlayCacheImage } from "./cache-image.ts";
import type { ChunkCache } from "./chunk-cache.ts";
import type { EngineFile } from "./file.ts";
import { describeFile, type FileDescription, fileInfo } from "./file-info.ts";
import { BlockCache } from "./fractal-heap/block-cache.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { GroupHints, type MetadataFile } from "./metadata-file.ts";
import { Structures } from "./structures.ts";
import { type FoundSuperblock, findSuperblock } from "./superblock.ts";

export interface ReaderOptions {
  readonly filters: EngineFile["filters"];
  /** Which other files it may lead to. */
  readonly links: LinkPolicy;
  /** Finishes a commit that was cut short; see `finishCommit`. Absent: a file with such a commit is a FormatError. */
  readonly finish?: (storage: Storage, found: FoundSuperblock) => Steps<Storage>;
  /** Finds the other files of a file in several parts. Absent: the storage has all parts, each at its place. */
  readonly members?: MemberFiles;
  readonly chunkCache: ChunkCache;
  /** Bounds; those not given are {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;
  readonly pages?: Omit<PageCacheOptions, "base">;
}

/** Drivers that keep a file in several. */
const FAMILY_DRIVER = "NCSAfami";

/** Flags of a file that is being written, or was when its writer died. */
const BEING_WRITTEN = 0x01 | 0x04;

/** What a reader needs of a file: reads superblock, extension and cache image. */
export function* openMetadata(
  storage: Storage,
  options: ReaderOptions,
  known?: DriverInformation,
): Steps<MetadataFile> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const pages = new PageCache(storage, options.pages);
  const found = yield* findSuperblock(pages, storage);
  const finished = yield* finishedStorage(storage, found, options);
  if (finished !== storage) return yield* openMetadata(finished, options, known);
  const base = found.position;
  pages.rebase(base);
  const driver = known ?? (yield* driverInformation(pages, found));
  const sizes = sizesOf(found, driver);
  const superblock = readSuperblock(found.bytes, 0, sizes);
  const structures = new Structures(pages, sizes);
  const headers = { objectHeaderBytes: limits.objectHeaderBytes, room: new HeaderRoom() };
  const { filters, chunkCache, links } = options;
  const file = { storage, base, pages, structures, limits, headers, filters, chunkCache, links };
  const description = yield* describeFile(file, superblock, driver);
  const whole = yield* wholeFile(storage, options, superblock, description.driver, sizes);
  if (whole !== storage) return yield* openWhole(whole, options, description.driver);
  yield* checkEnd(storage, base, superblock);
  yield* arrangePages(pages, structures, limits, description);
  return {
    ...file,
    info: fileInfo(storage.label, sizes, base, superblock, description),
    ranks: description.ranks,
    sharedMessages: description.sharedMessages,
    hints: hintsOf(superblock),
    heapBlocks: new BlockCache(),
  };
}

/** Lays the cache image over the file's bytes, and makes pages as large as a paged file's. */
function* arrangePages(
  pages: PageCache,
  structures: Structures,
  limits: Limits,
  { cacheImage, fileSpace }: FileDescription,
): Steps<void> {
  if (cacheImage !== undefined) yield* overlayCacheImage(pages, structures, limits, cacheImage);
  if (fileSpace?.strategy === "page") pages.repage(fileSpace.pageSize);
}

/** The storage as it is after the commit that was not finished, if there is one. */
function* finishedStorage(storage: Storage, found: FoundSuperblock, { finish }: ReaderOptions): Steps<Storage> {
  if (commitMarker(found.bytes, 0, found.sizes) === undefined) return storage;
  if (finish !== undefined) return yield* finish(storage, found);
  throw new FormatError("is between two commits, and nothing looks for the journal to finish the second", {
    structure: "File",
    found: storage.label,
  });
}

/** Whoever opened the first file does not know of the others. */
function* openWhole(whole: Storage, options: ReaderOptions, driver?: DriverInformation): Steps<MetadataFile> {
  try {
    return yield* openMetadata(whole, { ...options, members: undefined }, driver);
  } catch (error) {
    yield* closeStorage(whole);
    throw error;
  }
}

function* driverInformation(pages: PageCache, { bytes, sizes }: FoundSuperblock): Steps<DriverInformation | undefined> {
  const address = driverInformationAddress(bytes, 0, sizes);
  return address === null ? undefined : yield* new Structures(pages, sizes).get(DRIVER_INFORMATION, address, undefined);
}

/** Addresses of a file of the multi driver lie beyond 2^53, and are read as others. */
function sizesOf({ sizes }: FoundSuperblock, driver: DriverInformation | undefined): Sizes {
  if (driver?.driver !== MULTI_DRIVER) return sizes;
  return { ...sizes, regions: addressRegions(multiMembers(driver, sizes)) };
}

/** The storage that joins all files, where this is the first of several; else the storage itself. */
function* wholeFile(
  storage: Storage,
  { members }: ReaderOptions,
  superblock: Superblock,
  driver: DriverInformation | undefined,
  sizes: Sizes,
): Steps<Storage> {
  if (members === undefined) return storage;
  if (driver?.driver === MULTI_DRIVER) return yield* members.multi(storage, multiParts(driver, sizes));
  if (driver?.driver === FAMILY_DRIVER) return (yield* members.family(storage, familySize(driver, sizes))) ?? storage;
  // Until version 1.6 of the library, families said nothing of themselves.
  if (driver !== undefined || superblock.endOfFile - superblock.base <= (yield* size(storage))) return storage;
  return (yield* members.family(storage, undefined)) ?? storage;
}

function multiParts(driver: DriverInformation, sizes: Sizes): MultiPart[] {
  return multiMembers(driver, sizes).map(({ template, end, at }) => ({
    template,
    at,
    // Ends are counted from the beginning of the member.
    length: Number(end),
  }));
}

/** Bytes of all members of a family but the last. */
const familySize = ({ data }: DriverInformation, sizes: Sizes): number =>
  new Decoder(data, sizes, "Driver information of the family driver").u64();

/** A file that is cut short is refused at once, unless it is being written: then it grows, or is not closed yet. */
function* checkEnd(storage: Storage, position: number, superblock: Superblock): Steps<void> {
  if ((superblock.consistencyFlags & BEING_WRITTEN) !== 0) return;
  const end = yield* size(storage);
  const needed = superblock.endOfFile - superblock.base + position;
  if (end < needed) {
    throw new FormatError("is cut short", {
      structure: "File",
      found: `${end} bytes`,
      allowed: `at least ${needed}, as its superblock says`,
    });
  }
}

/** The root group's entry says where its symbol table is. */
function hintsOf(superblock: Superblock): GroupHints {
  const hints = new GroupHints();
  if ("rootEntry" in superblock) {
    const { header, scratch } = superblock.rootEntry;
    if (header !== null && scratch.cacheType === 1 && scratch.btree !== null && scratch.heap !== null) {
      hints.set(asAddress(header), { btree: scratch.btree, heap: scratch.heap });
    }
  }
  return hints;
}
