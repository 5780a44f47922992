/**
 * Readers: the inner loops that take numbers out of elements of a file. Each is bound to the array that it fills, so
 * that its loops see arrays and widths of one kind only.
 */

/** Takes elements in the file's encoding into the array it is bound to. */
export interface Reader {
  /** `count` elements, the first at `source[at]`, each `stride` bytes after the one before; to `index` and those that follow. */
  put(source: Uint8Array, at: number, stride: number, index: number, count: number): void;
}

/** One view of a block, kept while elements come from the same block (a new view costs as much as twenty elements). */
export abstract class ViewReader implements Reader {
  private block: Uint8Array | undefined;
  private held: DataView | undefined;

  abstract put(source: Uint8Array, at: number, stride: number, index: number, count: number): void;

  protected view(source: Uint8Array): DataView {
    if (this.block !== source) {
      this.held = new DataView(source.buffer, source.byteOffset, source.byteLength);
      this.block = source;
    }
    return this.held!;
  }

  /** Lets go of the block. */
  release(): void {
    this.block = undefined;
    this.held = undefined;
  }
}
