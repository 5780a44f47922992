/**
 * A file that can only be replaced as a whole (`createWritable`): what is written waits in memory, and is part of the file with the next commit, which
 * writes a copy that takes its place.
 */
import { ClosedError } from "../errors.ts";
import { Patches } from "../steps/patches.ts";
import type { AsyncStorage, AsyncWrites, Extent, Outcome, Patch } from "../steps/storage.ts";
import { BlobStorage } from "./blob.ts";
import { browserError } from "./browser-errors.ts";
import type { FileHandle, FileStream } from "./open-storage.ts";

export class FileHandleStorage implements AsyncStorage, AsyncWrites {
  readonly label: string;
  readonly costs: AsyncStorage["costs"];
  private readonly file: FileHandle;
  private readonly release: () => void;
  private present: BlobStorage;
  /** Bytes of the present file that are still part of it. */
  private kept: number;
  private length: number;
  private readonly patches = new Patches();
  private closed = false;

  constructor(file: FileHandle, present: Blob, release: () => void) {
    this.label = file.name;
    this.file = file;
    this.release = release;
    this.present = new BlobStorage(present);
    this.costs = this.present.costs;
    this.kept = present.size;
    this.length = present.size;
  }

  async read(extents: readonly Extent[], signal?: AbortSignal): Promise<Outcome[]> {
    const { kept } = this;
    const inFile = extents.map(({ at, length }) => ({ at, length: Math.max(0, Math.min(length, kept - at)) }));
    const found = await this.present.read(inFile, signal);
    return extents.map(({ at, length, into }, i) => {
      const outcome = found[i];
      if (!(outcome instanceof Uint8Array)) return outcome;
      const wanted = Math.max(0, Math.min(length, this.length - at));
      const bytes = into === undefined ? new Uint8Array(wanted) : into.subarray(0, wanted).fill(0);
      bytes.set(outcome.subarray(0, wanted));
      this.patches.over(at, bytes);
      return bytes;
    });
  }

  async size(): Promise<number> {
    return this.length;
  }

  async write(patches: readonly Patch[]): Promise<void> {
    this.check();
    for (const { at, bytes } of patches) {
      this.patches.add(at, bytes.slice());
      this.length = Math.max(this.length, at + bytes.length);
    }
  }

  async truncate(size: number): Promise<void> {
    this.check();
    if (size < this.length) this.patches.discard(size, this.length - size);
    this.kept = Math.min(this.kept, size);
    this.length = size;
  }

  /** What is published is as durable as the browser makes files. */
  async sync(): Promise<void> {}

  async publish(): Promise<void> {
    this.check();
    let stream: FileStream | undefined;
    try {
      stream = (await this.file.createWritable?.({ keepExistingData: true })) as FileStream;
      await stream.truncate(this.kept);
      for (const { at, bytes } of this.patches) {
        await stream.write({ type: "write", position: at, data: bytes as Uint8Array<ArrayBuffer> });
      }
      await stream.truncate(this.length);
      await stream.close();
      this.present = new BlobStorage(await this.file.getFile());
    } catch (cause) {
      await stream?.abort().catch(() => {});
      throw browserError(`write ${this.label}`, cause);
    }
    this.patches.clear();
    this.kept = this.length;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.patches.clear();
    await this.present.close();
    this.release();
  }

  private check(): void {
    if (this.closed) throw new ClosedError(`${this.label} was closed`);
  }
}
