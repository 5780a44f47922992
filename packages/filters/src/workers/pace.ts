/** How long codecs take, as far as they have been seen at work: by filter, direction, and bytes. */

/** A filter and what it does: decode where a size is given, else encode. */
interface Kind {
  readonly filter: number;
  readonly size: unknown;
  readonly bytes: number;
}

const keyOf = ({ filter, size }: Kind): number => 2 * filter + (size === undefined ? 0 : 1);

/** How far a slower time than the least moves it: other programs, compiling and collecting of garbage make single calls slow. */
const DRIFT = 0.05;

export class Pace {
  /** Milliseconds of work, as expected, that was noted as worth a worker. */
  spent = 0;
  readonly #perByte = new Map<number, number>();

  /** Milliseconds that work will take; 0 of what has not been seen. */
  expected(work: Kind): number {
    return (this.#perByte.get(keyOf(work)) ?? 0) * work.bytes;
  }

  note(work: Kind, milliseconds: number): void {
    if (work.bytes === 0) return;
    const key = keyOf(work);
    const now = milliseconds / work.bytes;
    const before = this.#perByte.get(key) ?? now;
    this.#perByte.set(key, Math.min(now, before + DRIFT * (now - before)));
  }
}
