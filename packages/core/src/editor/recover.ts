/**
 * Recovering a file that its writer left behind: one of ours in the middle of a commit, or one of the reference library's, that
 * says that it is being written, or ends where it no longer does. Nothing is ever cut off but what a writer of ours had not committed.
 */
import { asAddress } from "../bytes/address.ts";
import { checkFile } from "../engine/check/check-file.ts";
import type { CheckOptions, CheckReport } from "../engine/check/report.ts";
import { LruChunkCache } from "../engine/chunk-cache.ts";
import type { FileReaderOptions } from "../engine/file-reader.ts";
import { openMetadata } from "../engine/open-file.ts";
import { isThere } from "../engine/pending-commit.ts";
import { type FoundSuperblock, findSuperblock } from "../engine/superblock.ts";
import { UnsupportedError } from "../errors.ts";
import { commitMarker } from "../format/superblock/commit-marker.ts";
import { readSuperblock, type Superblock } from "../format/superblock/superblock.ts";
import { PageCache } from "../steps/page-cache.ts";
import { patchedStorage } from "../steps/patched-storage.ts";
import { Patches } from "../steps/patches.ts";
import { type Steps, size, write } from "../steps/steps.ts";
import type { WritableStorage } from "../steps/storage.ts";
import { finishPending, removeCompanion } from "./commit.ts";
import { encodedSuperblock } from "./editing.ts";
import { align } from "./free-extents.ts";
import { dropFreeSpace, flagsOf } from "./open-editor.ts";

export interface RecoverOptions extends FileReaderOptions, CheckOptions {
  /** Says what would be done, and does nothing but finish a commit of ours. Default `false`. */
  readonly dryRun?: boolean;
  /** Clears flags and sets the end also where parts of the file cannot be read. Default `false`. */
  readonly force?: boolean;
}

/** What was found, and what was done about it: a line each, for people. */
export interface Recovered {
  /** What was wrong, in words. */
  readonly found: readonly string[];
  /** Empty: there was nothing to do, or nothing could be done. */
  readonly done: readonly string[];
  /** Whether the file can be opened and changed from now on. */
  readonly ok: boolean;
  /** What a check says of the file. */
  readonly report: CheckReport;
}

const FLAGS: readonly (readonly [number, string])[] = [
  [0x01, "open for writing"],
  [0x04, "open for writing while others read"],
];
/** Structures of free-space managers: what is wrong with them goes with them. */
const FREE_SPACE = "Free-space";

/**
 * Makes a file usable that its writer left behind: finishes the commit that its journal holds, clears consistency flags, and
 * sets the end-of-file address behind all that is in use. Does so only where a check finds no fault, or with `force`.
 *
 * @throws FormatError where there is no file, or where its journal is missing; UnsupportedError for files in several parts
 */
export function* recoverFile(target: WritableStorage, options: RecoverOptions): Steps<Recovered> {
  const recovery = new Recovery(target, options);
  return yield* recovery.run();
}

class Recovery {
  private readonly target: WritableStorage;
  private readonly options: RecoverOptions;
  private readonly found: string[] = [];
  private readonly done: string[] = [];
  /** The last writer was one of ours, and died: it left its journal. */
  private leftover = false;

  constructor(target: WritableStorage, options: RecoverOptions) {
    this.target = target;
    this.options = options;
  }

  *run(): Steps<Recovered> {
    yield* this.settleJournal();
    const at = yield* this.superblockNow();
    const value = readSuperblock(at.bytes, 0, at.sizes);
    const flags = FLAGS.filter(([bit]) => (flagsOf(value.version, value.consistencyFlags) & bit) !== 0);
    for (const [, what] of flags) this.found.push(`the superblock says that the file is ${what}`);
    const state = yield* this.examine(at, value, flags.length > 0);
    const { report, closed } = state;
    const blocking = report.faults.filter(({ structure = "" }) => closed || !structure.startsWith(FREE_SPACE));
    for (const { message } of blocking.slice(0, FAULTS)) this.found.push(message);
    if (blocking.length > FAULTS) this.found.push(`and ${blocking.length - FAULTS} faults more`);
    const ok = blocking.length === 0 || this.options.force === true;
    if (ok) yield* this.giveBack(at, state);
    const stale = !closed && state.persists;
    if (ok && (flags.length > 0 || state.end !== state.recorded || stale)) yield* this.rewrite(at, value, state);
    return { found: this.found, done: this.done, ok, report };
  }

  /** Cuts off what a writer of ours had not committed: nothing refers to it. */
  private *giveBack(at: FoundSuperblock, { end, recorded, reach }: State): Steps<void> {
    const excess = (yield* size(this.target)) - at.position - end;
    if (!this.leftover || end !== recorded || reach > end || excess <= 0) return;
    this.found.push(`${excess} bytes behind the end that were not committed`);
    if (this.options.dryRun === true) return;
    yield* write(this.target, [], { size: at.position + end, sync: true });
    this.done.push(`gave back ${excess} bytes`);
  }

  private superblockNow(): Steps<FoundSuperblock> {
    return findSuperblock(new PageCache(this.target), this.target);
  }

  /** What a writer of ours left beside the file. */
  private *settleJournal(): Steps<void> {
    const { target } = this;
    const at = yield* this.superblockNow();
    if (commitMarker(at.bytes, 0, at.sizes) !== undefined) {
      yield* finishPending(target, at);
      this.found.push("a commit that was not finished, and the journal to finish it");
      this.done.push("finished the commit");
    } else if (target.companion === undefined || !(yield* isThere(target.companion))) return;
    else {
      this.found.push("a journal that no commit waits for");
      this.done.push("removed the journal: the file is as at its last commit");
    }
    this.leftover = true;
    if (target.companion !== undefined) yield* removeCompanion(target.companion);
  }

  /** Where the file ends, should end, and what a check says of it as it would be then. */
  private *examine(at: FoundSuperblock, value: Superblock, flagged: boolean): Steps<State> {
    const recorded = value.endOfFile - value.base;
    let length = (yield* size(this.target)) - at.position;
    let checked = yield* this.check(at, value, length);
    const reach = reachOf(checked.report);
    // Space that was taken and not written yet has no bytes; where nobody was writing, they were lost.
    if (flagged && reach > length && reach <= recorded) {
      this.found.push(`${reach - length} bytes at the end were allocated and never written`);
      if (this.options.dryRun !== true) {
        yield* write(this.target, [], { size: at.position + reach });
        this.done.push(`made the file ${reach - length} bytes longer`);
        length = reach;
        checked = yield* this.check(at, value, length);
      }
    }
    const closed = !flagged && reach <= recorded && (length <= recorded || this.leftover);
    const kept = !flagged && reach <= recorded && recorded <= length;
    const end = kept ? recorded : align(length, checked.pageSize ?? 1);
    if (end !== recorded) {
      this.found.push(
        `the end-of-file address is ${recorded}, the file has ${length} bytes, and what is in use reaches to ${reach}`,
      );
    }
    return { recorded, end, reach, closed, persists: checked.persists, report: checked.report };
  }

  /** Looks at the file as it were if its writer had closed it. */
  private *check(at: FoundSuperblock, value: Superblock, length: number): Steps<Checked> {
    const { target, options } = this;
    const patches = new Patches();
    patches.add(at.position, encodedSuperblock(closedAt(value, length), at.sizes));
    const chunkCache = new LruChunkCache(options.chunkCache);
    const file = yield* openMetadata(patchedStorage(target, patches), { ...options, chunkCache, members: undefined });
    const { driver, fileSpace } = file.info;
    if (driver !== undefined) {
      throw new UnsupportedError("files in several parts cannot be recovered", { structure: "File", found: driver });
    }
    return {
      report: yield* checkFile(file, options),
      persists: fileSpace?.persist === true,
      pageSize: fileSpace?.strategy === "page" ? fileSpace.pageSize : undefined,
    };
  }

  private *rewrite(at: FoundSuperblock, value: Superblock, { end, recorded, closed, persists }: State): Steps<void> {
    const { target, options, done } = this;
    if (options.dryRun === true) return;
    const present = yield* size(target);
    yield* write(target, [], { ...(present < at.position + end ? { size: at.position + end } : {}), sync: true });
    const bytes = encodedSuperblock(closedAt(value, end), at.sizes);
    yield* write(target, [{ at: at.position, bytes }], { sync: true });
    if (flagsOf(value.version, value.consistencyFlags) !== 0) done.push("cleared the flags of the superblock");
    if (end !== recorded) done.push(`set the end-of-file address to ${end}`);
    if (closed || !persists) return;
    // What free-space managers say is of the time when the file was opened.
    yield* dropFreeSpace(target, options);
    done.push("dropped what was recorded of free space");
  }
}

interface Checked {
  readonly report: CheckReport;
  readonly persists: boolean;
  readonly pageSize: number | undefined;
}

interface State {
  /** End-of-file addresses: as it is, and as it should be. Relative to the base address. */
  readonly recorded: number;
  readonly end: number;
  /** Where what is in use ends. */
  readonly reach: number;
  /** Whether the file's last writer closed it. */
  readonly closed: boolean;
  readonly persists: boolean;
  readonly report: CheckReport;
}

/** Faults that are told one by one. */
const FAULTS = 20;

const closedAt = (value: Superblock, end: number): Superblock => ({
  ...value,
  consistencyFlags: value.consistencyFlags & ~flagsOf(value.version, value.consistencyFlags),
  endOfFile: asAddress(value.base + end),
});

const reachOf = ({ extents }: CheckReport): number =>
  extents.reduce((most, { address, length }) => Math.max(most, address + length), 0);
