/** Raw data in the file: writing of pieces that stand side by side at once, and giving back. */
import { type Address, asAddress } from "../bytes/address.ts";
import type { Steps } from "../steps/steps.ts";
import type { EditorFile } from "./editor-file.ts";

/** Gives back the space of raw data. */
export function freeRaw(file: EditorFile, address: Address, size: number): void {
  file.allocator.free(address, size, "raw");
  file.raw.discard(address, size);
  file.pages.invalidate(address, size);
}

/** Pieces are joined up to this many bytes; what is larger than a quarter of it is written as it is. */
const RUN = 1 << 20;
/** Bytes that there is room for at first: often there is one small piece. */
const ROOM = 1 << 12;

/** Writes pieces in the order of their addresses, joined where they stand side by side. */
export class RawRuns {
  private readonly file: EditorFile;
  private buffer: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  private start = 0;
  private length = 0;

  constructor(file: EditorFile) {
    this.file = file;
  }

  *add(address: number, bytes: Uint8Array): Steps<void> {
    if (bytes.length > RUN / 4) {
      yield* this.flush();
      yield* this.file.raw.write(asAddress(address), bytes);
      return;
    }
    if (this.length > 0 && (address !== this.start + this.length || this.length + bytes.length > RUN))
      yield* this.flush();
    if (this.length === 0) this.start = address;
    this.reserve(this.length + bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  *flush(): Steps<void> {
    if (this.length === 0) return;
    const { length } = this;
    this.length = 0;
    yield* this.file.raw.write(asAddress(this.start), this.buffer.subarray(0, length));
  }

  private reserve(length: number): void {
    if (length <= this.buffer.length) return;
    const buffer = new Uint8Array(Math.min(RUN, Math.max(ROOM, 2 * length)));
    buffer.set(this.buffer.subarray(0, this.length));
    this.buffer = buffer;
  }
}
