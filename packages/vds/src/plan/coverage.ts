/** Which elements of a result have their source: a bit each. */
import type { RunVisitor } from "./placement.ts";

export class Coverage {
  private readonly count: number;
  private readonly bits: Uint8Array;
  private covered = 0;

  constructor(count: number) {
    this.count = count;
    this.bits = new Uint8Array(Math.ceil(count / 8));
  }

  get isWhole(): boolean {
    return this.covered === this.count;
  }

  /** Whether none of these elements is covered. */
  isFree(first: number, length: number): boolean {
    return this.next(first, first + length, true) === first + length;
  }

  /** Covers elements that are free. */
  cover(first: number, length: number): void {
    const { bits } = this;
    const end = first + length;
    let at = first;
    for (; at < end && at % 8 !== 0; at++) bits[Math.floor(at / 8)] |= 1 << (at % 8);
    const whole = Math.floor((end - at) / 8);
    bits.fill(0xff, at / 8, at / 8 + whole);
    for (at += whole * 8; at < end; at++) bits[Math.floor(at / 8)] |= 1 << (at % 8);
    this.covered += length;
  }

  /** Shows the runs of free elements among these. */
  free(first: number, length: number, visitor: RunVisitor): void {
    const end = first + length;
    for (let at = this.next(first, end, false); at < end; ) {
      const stop = this.next(at, end, true);
      visitor.run(at, at - first, stop - at);
      at = this.next(stop, end, false);
    }
  }

  /** The first element from `at` on that is covered, or is not; `end` if there is none before. */
  private next(at: number, end: number, covered: boolean): number {
    const { bits } = this;
    const passed = covered ? 0 : 0xff;
    while (at < end) {
      const index = Math.floor(at / 8);
      if (at % 8 === 0 && bits[index] === passed) {
        at += 8;
        continue;
      }
      if (((bits[index] >> (at % 8)) & 1) === (covered ? 1 : 0)) return at;
      at++;
    }
    return end;
  }
}
