/**
 * All changes since the last commit: what was written already, and what waits.
 *
 * New structures and raw data go to space that the last commit does not refer to: raw data is written there at once,
 * structures with the commit. What changes in place is kept as patches, which reads see, until the commit applies them.
 */
import type { Address } from "../bytes/address.ts";
import { Encoder } from "../bytes/encoder.ts";
import type { AddressedStructure, Structures } from "../engine/structures.ts";
import { ClosedError } from "../errors.ts";
import type { PageCache } from "../steps/page-cache.ts";
import { patchedStorage } from "../steps/patched-storage.ts";
import { Patches } from "../steps/patches.ts";
import { type Steps, size, write } from "../steps/steps.ts";
import { type Extent, isSyncWritable, type Patch, type Storage, type WritableStorage } from "../steps/storage.ts";
import type { Allocator } from "./allocator.ts";
import { commitPatches, type Durability, type SuperblockChange } from "./commit.ts";
import { CommitJournal } from "./commit-journal.ts";
import type { RawWriter } from "./editor-file.ts";
import { encode, Runs } from "./new-bytes.ts";

/** What a transaction must know of the file, once it was opened through {@link Transaction.storage}. */
export interface TransactionFile {
  readonly base: number;
  readonly pages: PageCache;
  readonly structures: Structures;
  readonly allocator: Allocator;
}

/** Bytes that change in place and wait in memory, at most; what is more waits in the journal. */
const WAITING = 16 << 20;

/** Raw data in pieces of up to this many bytes waits for what comes to stand beside it, so many bytes in all. */
const SMALL = 8 << 10;
const SMALL_WAITING = 4 << 20;

/** Structures that wait in memory for the commit, some kilobytes each; larger ones than this change too often to be written before. */
const MOST_STRUCTURES = 8192;
const LARGE_STRUCTURE = 16 << 10;

export class Transaction implements RawWriter {
  /** The file as its readers see it: with all that is to be changed in place. */
  readonly storage: Storage;
  readonly durability: Durability;
  private readonly target: WritableStorage;
  private readonly patches = new Patches();
  /** Small pieces of raw data that go to new space. */
  private readonly small = new Patches();
  private opened: TransactionFile | undefined;
  private readonly journal: CommitJournal | undefined;
  private failure: ClosedError | undefined;
  /** Where the storage ended with the last commit. */
  private end: number | undefined;
  /** Whether bytes were written, or are to be. */
  private writes = false;
  /** Structures that may wait, before those in new space are written. */
  private most = MOST_STRUCTURES;

  constructor(target: WritableStorage, durability: Durability) {
    this.target = target;
    this.storage = patchedStorage(target, this.patches, {
      failure: (extents) => this.failure ?? this.settle(extents),
      // After a commit that failed, who opens the file next may need it.
      leftover: () => (this.failure === undefined ? this.journal?.leftover : undefined),
    });
    this.durability = durability;
    const { companion } = target;
    if (companion !== undefined && durability !== "none") this.journal = new CommitJournal(companion, this.patches);
  }

  /** Changes may begin. */
  begin(file: TransactionFile): void {
    this.opened = file;
    this.end ??= file.base + file.allocator.end;
  }

  /** ClosedError if an earlier commit or change failed: what is in memory is then not what is to be in the file. */
  check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** What shall stand in the file from the next commit on, and is read at once; alone it is no reason for a commit. */
  lay(patches: Iterable<Patch>): void {
    for (const { at, bytes } of patches) this.patches.add(at, bytes.slice());
  }

  /** Whether there is anything to commit. */
  get changed(): boolean {
    const { allocator, structures } = this.file;
    return this.writes || allocator.changed || structures.changedCount > 0;
  }

  fail(cause: unknown): void {
    this.failure ??= poisoned(this.target.label, "a change failed half-way", cause);
  }

  *write(address: Address, bytes: Uint8Array): Steps<void> {
    this.check();
    this.writes = true;
    const { base, pages } = this.file;
    const at = base + address;
    if (this.isNew(address, bytes.length)) yield* this.writeNew(at, bytes);
    else yield* this.wait(at, bytes);
    pages.invalidate(address, bytes.length);
  }

  private *writeNew(at: number, bytes: Uint8Array): Steps<void> {
    const { small, target } = this;
    if (bytes.length > SMALL || !isSyncWritable(target)) {
      small.discard(at, bytes.length);
      yield* write(target, [{ at, bytes }]);
      return;
    }
    small.add(at, bytes.slice());
    if (small.inMemory > SMALL_WAITING) {
      const waiting = this.smallPieces();
      small.clear();
      yield* write(target, waiting);
    }
  }

  /** Small pieces of new data, joined where they touch. */
  private smallPieces(): Patch[] {
    const runs = new Runs();
    for (const { at, bytes } of this.small) runs.add(at, bytes!);
    return runs.finish();
  }

  /** What is to be read must not wait to be written. */
  private settle(extents: readonly Extent[] | undefined): ClosedError | undefined {
    const { small, target } = this;
    if (small.count === 0 || !isSyncWritable(target)) return undefined;
    try {
      // Who reads beyond them learns where the storage ends.
      const reach = extents === undefined ? 0 : Math.min(small.start, target.sizeSync());
      if (extents?.every(({ at, length }) => at + length <= reach)) return undefined;
      target.writeSync(this.smallPieces());
      small.clear();
    } catch (cause) {
      this.failure = poisoned(target.label, "a change failed half-way", cause);
    }
    return this.failure;
  }

  /** Keeps bytes for the commit. */
  private *wait(at: number, bytes: Uint8Array): Steps<void> {
    const { patches, journal } = this;
    if (journal === undefined || patches.inMemory + bytes.length <= WAITING) {
      patches.add(at, bytes.slice());
      return;
    }
    yield* journal.takeAll();
    if (bytes.length <= WAITING >> 2) patches.add(at, bytes.slice());
    else yield* journal.take(at, bytes);
  }

  discard(address: Address, length: number): void {
    const at = this.file.base + address;
    this.patches.discard(at, length);
    this.small.discard(at, length);
  }

  /**
   * Writes all that waits and then the superblock. After a failure the file is as the last commit left it, or as this one
   * does when it is opened next; this transaction can do no more, and its storage cannot be read any more.
   */
  *commit(superblock: () => SuperblockChange): Steps<void> {
    this.check();
    const { file, target, patches, durability, journal } = this;
    let reached = false;
    try {
      yield* write(target, this.encodeChanged());
      // The end of the file may have moved by all that was allocated until here, and not later.
      const end = file.base + file.allocator.end;
      yield* commitPatches(target, patches, {
        end,
        durability,
        superblock: superblock(),
        journal,
        reached: () => (reached = true),
      });
      this.end = end;
    } catch (cause) {
      this.failure = poisoned(target.label, "a commit failed", cause);
      if (!reached) yield* this.giveBack();
      throw cause;
    }
    patches.clear();
    this.writes = false;
    file.allocator.committed();
  }

  /** Cuts off what was written behind the end of the last commit: the disk may be full of it. */
  private *giveBack(): Steps<void> {
    const { target, end } = this;
    try {
      if (end !== undefined && (yield* size(target)) > end) yield* write(target, [], { size: end });
    } catch {
      // The storage has failed already, which is what is told; what is behind the end does no harm.
    }
  }

  private get file(): TransactionFile {
    if (this.opened === undefined) throw new ClosedError("changes begin once the file was opened");
    return this.opened;
  }

  /** Changed structures as bytes: those in new space are returned, with the small pieces there; the others join the patches. */
  private encodeChanged(): Patch[] {
    const { base, pages, structures } = this.file;
    const encoder = new Encoder(structures.sizes);
    const fresh: AddressedStructure[] = [];
    for (const changed of structures.takeChanged()) {
      const { address, room } = changed;
      if (this.isNew(address, room)) fresh.push(changed);
      else {
        pages.invalidate(address, room);
        this.patches.add(base + address, encode(encoder, changed).slice());
      }
    }
    return this.encodeNew(fresh, encoder);
  }

  /** Structures in new space, in order of address, and all small pieces between them. */
  private encodeNew(fresh: readonly AddressedStructure[], encoder: Encoder): Patch[] {
    const { small } = this;
    const { base, pages } = this.file;
    for (const { address, room } of fresh) {
      pages.invalidate(address, room);
      // Its space may have been that of raw data that was given up.
      if (small.count > 0) small.discard(base + address, room);
    }
    const runs = new Runs();
    const pieces = [...small];
    let next = 0;
    for (const changed of fresh) {
      const at = base + changed.address;
      for (; next < pieces.length && pieces[next].at < at; next++) runs.add(pieces[next].at, pieces[next].bytes!);
      runs.add(at, encode(encoder, changed));
    }
    for (; next < pieces.length; next++) runs.add(pieces[next].at, pieces[next].bytes!);
    small.clear();
    return runs.finish();
  }

  private isNew(address: Address, length: number): boolean {
    return this.durability === "none" || this.file.allocator.isFresh(address, length);
  }

  /** Whether {@link relieve} has something to do. */
  get crowded(): boolean {
    return this.file.structures.changedCount > this.most;
  }

  /**
   * Between two changes: where very many structures wait for the commit, those in new space are written already, so that memory
   * does not grow with them. Nothing refers to them before the commit, which writes what changes of them until then once more.
   */
  *relieve(): Steps<void> {
    const { structures } = this.file;
    const taken = structures.takeChanged((address, room) => room <= LARGE_STRUCTURE && this.isNew(address, room));
    this.writes = true;
    try {
      yield* write(this.target, this.encodeNew(taken, new Encoder(structures.sizes)));
    } catch (cause) {
      this.failure = poisoned(this.target.label, "a change failed half-way", cause);
      throw cause;
    }
    // What must wait is not looked at with every change.
    this.most = Math.max(MOST_STRUCTURES, 2 * structures.changedCount);
  }
}

function poisoned(label: string, what: string, cause: unknown): ClosedError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ClosedError(`cannot be used any more: ${what} (${reason}); close the file and open it anew`, {
    found: label,
    cause,
  });
}
