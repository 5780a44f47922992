/** How long codecs take, as far as they have been seen at work: by filter, direction, and bytes. */

/** A filter and what it does: decode where a size is given, else encode. */
interface Kind {
  readonly filter: number;
  readonly size: unknown;
  readonly bytes: number;
}

const keyOf = ({ filter, size }: Kind): number => 2 * filter + (size === undefined ? 0 : 1);

/** How much the newest time weighs: compiling in the first call is soon forgotten. */
const NEWEST = 0.5;

export class Pace {
  /** Milliseconds of work that was noted as worth a worker. */
  spent = 0;
  readonly #perByte = new Map<number, number>();

  /** Milliseconds that work will take; 0 of what has not been seen. */
  expected(work: Kind): number {
    return (this.#perByte.get(keyOf(work)) ?? 0) * work.bytes;
  }

  note(work: Kind, milliseconds: number, worth: boolean): void {
    if (worth) this.spent += milliseconds;
    if (work.bytes === 0) return;
    const key = keyOf(work);
    const now = milliseconds / work.bytes;
    const before = this.#perByte.get(key) ?? now;
    this.#perByte.set(key, before + NEWEST * (now - before));
  }
}
