/** Bytes laid over those of a storage: a metadata cache image, a journal. Positions are those of the storage. */
interface Overlay {
  readonly at: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

export class Overlays {
  /** In ascending order, apart from each other. */
  private parts: Overlay[] = [];

  /** Position after the last byte laid over; 0 without any. */
  get end(): number {
    return this.parts.length === 0 ? 0 : this.parts[this.parts.length - 1].end;
  }

  /** Lays bytes over; where others lie already, these replace them. */
  add(at: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const end = at + bytes.length;
    const kept: Overlay[] = [];
    for (const part of this.parts) {
      if (part.at < at) {
        const left = Math.min(part.end, at);
        kept.push({ at: part.at, end: left, bytes: part.bytes.subarray(0, left - part.at) });
      }
      if (part.end > end) {
        const right = Math.max(part.at, end);
        kept.push({ at: right, end: part.end, bytes: part.bytes.subarray(right - part.at) });
      }
    }
    kept.push({ at, end, bytes });
    this.parts = kept.sort((a, b) => a.at - b.at);
  }

  /** All of them; none is laid over any more. */
  take(): { readonly at: number; readonly bytes: Uint8Array }[] {
    const taken = this.parts;
    this.parts = [];
    return taken;
  }

  /** Whether any of the bytes from `at` to `end` is laid over. */
  touch(at: number, end: number): boolean {
    return this.parts.length > 0 && this.parts.some((part) => part.at < end && part.end > at);
  }

  /**
   * The bytes as they are with everything laid over, at most `length` of them; the same array where nothing is. Behind
   * the storage's end, overlays may add bytes: what lies between is zero.
   */
  over(at: number, bytes: Uint8Array, length: number): Uint8Array {
    const seen = Math.min(length, Math.max(bytes.length, this.end - at));
    if (seen === bytes.length && !this.touch(at, at + seen)) return bytes;
    const result = new Uint8Array(seen);
    result.set(bytes.subarray(0, seen));
    for (const part of this.parts) {
      const from = Math.max(part.at, at);
      const to = Math.min(part.end, at + result.length);
      if (from < to) result.set(part.bytes.subarray(from - part.at, to - part.at), from - at);
    }
    return result;
  }
}
