/** Writers: the inner loops that put numbers into elements of a file; the mirror of readers. */

/** Gives elements of the array it is bound to, in the file's encoding. */
export interface Writer {
  /** `count` elements from `index` on: the first to `target[at]`, each `stride` bytes after the one before. */
  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void;
}

/** One view of a block, kept while elements go to the same block. */
export abstract class ViewWriter implements Writer {
  private block: Uint8Array | undefined;
  private held: DataView | undefined;

  abstract take(index: number, count: number, target: Uint8Array, at: number, stride: number): void;

  protected view(target: Uint8Array): DataView {
    if (this.block !== target) {
      this.held = new DataView(target.buffer, target.byteOffset, target.byteLength);
      this.block = target;
    }
    return this.held!;
  }
}
