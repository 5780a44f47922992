/**
 * A storage whose power may fail: keeps what was written since the last sync apart, so that a test can look at every
 * state that a disk may be left in. Any subset of those writes may be lost, or torn at 512 bytes.
 */

import type { Companion, Extent, Outcome, Patch, SyncWritable } from "../../src/steps/storage.ts";
import { MemoryStorage } from "../../src/storage/memory.ts";

export const SECTOR = 512;

/** Thrown when the power goes. */
export class PowerCut extends Error {}

type Event =
  | { readonly kind: "write"; readonly file: string; readonly patch: Patch }
  | { readonly kind: "size"; readonly file: string; readonly size: number }
  | { readonly kind: "create" | "remove" | "sync"; readonly file: string };

/** Some files on one disk. */
export class Disk {
  /** What the programs see. */
  readonly files: Map<string, MemoryStorage> = new Map();
  /** What is certain to survive. */
  private durable = new Map<string, Uint8Array>();
  /** All since, in order. */
  private events: Event[] = [];
  /** Operations until the power goes; counts down. */
  cutAfter: number = Infinity;
  operations = 0;

  put(name: string, bytes: Uint8Array): void {
    this.files.set(name, new MemoryStorage(bytes.slice(), name));
    this.durable.set(name, bytes.slice());
  }

  /** Told of every operation before it is done; the one at which the power goes counts as begun. */
  private note(event: Event): void {
    this.operations++;
    if (event.kind === "sync") this.settle(event.file);
    else this.events.push(event);
    if (--this.cutAfter < 0) throw new PowerCut();
  }

  /** What a sync of one file makes certain: that file, whether it exists, and its bytes. */
  private settle(file: string): void {
    const kept = this.events.filter((event) => event.file !== file);
    const settled = this.events.filter((event) => event.file === file);
    const state = new Map(this.durable);
    for (const event of settled) apply(state, event, () => true);
    this.durable = state;
    this.events = kept;
  }

  /** Writes that may be lost. */
  get pending(): number {
    return this.events.length;
  }

  /** The files as they may be found: `keeps(i, sector)` says whether sector `sector` of pending operation `i` reached the disk. */
  after(keeps: (i: number, sector: number) => boolean): Map<string, Uint8Array> {
    const state = new Map([...this.durable].map(([name, bytes]) => [name, bytes.slice()]));
    this.events.forEach((event, i) => {
      apply(state, event, (sector) => keeps(i, sector));
    });
    return state;
  }

  open(name: string): SyncWritable & { companion: Companion } {
    const journal = `${name}.journal`;
    return {
      ...this.handle(name),
      companion: {
        label: journal,
        openSync: (create) => {
          if (create) {
            this.note({ kind: "create", file: journal });
            this.files.set(journal, new MemoryStorage(new Uint8Array(0), journal));
          }
          return this.files.has(journal) ? this.handle(journal) : undefined;
        },
        removeSync: () => {
          this.note({ kind: "remove", file: journal });
          this.files.delete(journal);
        },
      },
    };
  }

  private handle(name: string): SyncWritable {
    const file = (): MemoryStorage => this.files.get(name) as MemoryStorage;
    return {
      label: name,
      costs: { gap: 0, parallel: 1, maxAccess: Infinity },
      readSync: (extents: readonly Extent[]): Outcome[] =>
        file()
          .readSync(extents)
          .map((bytes, i) => (extents[i].into ? bytes : bytes.slice())),
      sizeSync: () => file().sizeSync(),
      closeSync: () => {},
      writeSync: (patches) => {
        for (const { at, bytes } of patches) {
          this.note({ kind: "write", file: name, patch: { at, bytes: bytes.slice() } });
          file().writeSync([{ at, bytes }]);
        }
      },
      truncateSync: (size) => {
        this.note({ kind: "size", file: name, size });
        file().truncateSync(size);
      },
      syncSync: () => this.note({ kind: "sync", file: name }),
    };
  }
}

function apply(state: Map<string, Uint8Array>, event: Event, keeps: (sector: number) => boolean): void {
  if (event.kind === "sync") return;
  if (event.kind === "create" && keeps(0)) state.set(event.file, new Uint8Array(0));
  if (event.kind === "remove" && keeps(0)) state.delete(event.file);
  if (event.kind === "size" && keeps(0))
    state.set(event.file, sized(state.get(event.file) ?? new Uint8Array(0), event.size));
  if (event.kind !== "write") return;
  const { at, bytes } = event.patch;
  let now = state.get(event.file);
  if (now === undefined) return;
  for (let offset = 0, sector = 0; offset < bytes.length; sector++) {
    const next = Math.min(bytes.length, (Math.floor((at + offset) / SECTOR) + 1) * SECTOR - at);
    if (keeps(sector)) {
      if (now.length < at + next) now = sized(now, at + next);
      now.set(bytes.subarray(offset, next), at + offset);
    }
    offset = next;
  }
  state.set(event.file, now);
}

function sized(bytes: Uint8Array, size: number): Uint8Array {
  const next = new Uint8Array(size);
  next.set(bytes.subarray(0, size));
  return next;
}
