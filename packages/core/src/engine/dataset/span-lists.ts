/** What a span reader gathers: units that are wanted, and spans of the file that cover them. */

/** Bytes of a span at most: enough that a call costs nothing, little enough to stay in the processor's cache. */
export const SPAN: number = 256 << 10;

/** Units in flat arrays that grow. */
export class UnitList {
  count = 0;
  /** Bytes of those that are read into scratch memory. */
  bytes = 0;
  // Arrays of up to 64 bytes cost engines no more than objects do.
  positions: Float64Array = new Float64Array(8);
  lengths: Float64Array = new Float64Array(8);
  indices: Float64Array = new Float64Array(8);
  nests: Int32Array = new Int32Array(8);
  private ascending = true;

  add(position: number, length: number, index: number, nest: number): void {
    const i = this.count++;
    if (i === this.positions.length) this.grow();
    this.positions[i] = position;
    this.lengths[i] = length;
    this.indices[i] = index;
    this.nests[i] = nest;
    if (nest >= 0) this.bytes += length;
    if (i > 0 && position < this.positions[i - 1]) this.ascending = false;
  }

  /** Numbers of the units by position; `undefined`: they ascend as they are. */
  order(): Uint32Array | undefined {
    if (this.ascending) return undefined;
    const { positions } = this;
    return Uint32Array.from({ length: this.count }, (_, i) => i).sort((a, b) => positions[a] - positions[b]);
  }

  clear(): void {
    this.count = 0;
    this.bytes = 0;
    this.ascending = true;
  }

  private grow(): void {
    const room = this.positions.length * 4;
    const wider = (from: Float64Array): Float64Array => {
      const into = new Float64Array(room);
      into.set(from);
      return into;
    };
    this.positions = wider(this.positions);
    this.lengths = wider(this.lengths);
    this.indices = wider(this.indices);
    const nests = new Int32Array(room);
    nests.set(this.nests);
    this.nests = nests;
  }
}

/** Spans in ascending order; those with a place in the result take up only what goes on where they end there too. */
export class SpanList {
  readonly ats: number[] = [];
  readonly lengths: number[] = [];
  /** Byte of the result; -1: into scratch memory. */
  readonly intos: number[] = [];

  get count(): number {
    return this.ats.length;
  }

  /** Bytes by which the last span grows to cover this one too; -1 where it cannot. */
  growth(at: number, length: number, into: number, gap: number): number {
    const last = this.ats.length - 1;
    if (last < 0) return -1;
    const end = this.ats[last] + this.lengths[last];
    if (into >= 0)
      return this.intos[last] >= 0 && at === end && into === this.intos[last] + this.lengths[last] ? length : -1;
    if (this.intos[last] >= 0 || at - end > gap) return -1;
    const grown = Math.max(0, at + length - end);
    return this.lengths[last] + grown > SPAN ? -1 : grown;
  }

  add(at: number, length: number, into: number): void {
    this.ats.push(at);
    this.lengths.push(length);
    this.intos.push(into);
  }

  grow(bytes: number): void {
    this.lengths[this.lengths.length - 1] += bytes;
  }
}
