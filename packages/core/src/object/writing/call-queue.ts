/**
 * The order of calls on a file that is being changed, in async mode: changes run alone, one after the other, in the order of
 * their calls; what reads runs between them, together with other reads.
 */

interface Waiting {
  readonly alone: boolean;
  readonly enter: () => void;
  /** Nobody waits any more. */
  gone: boolean;
}

/** Entries that were passed are dropped once there are so many, and no fewer than half. */
const PASSED = 1024;

/** Turns are given in the order in which they are asked for: a read that is asked for after a change sees it. */
export class CallQueue {
  private inside = 0;
  private alone = false;
  private waiting: Waiting[] = [];
  /** The first of those that wait. */
  private first = 0;

  /**
   * Asks for a turn: `alone`, or beside others that are not. Nothing, where it has come; else a promise of it. A signal that
   * aborts while it waits gives it up.
   */
  enter(alone: boolean, signal?: AbortSignal): Promise<void> | undefined {
    if (this.first === this.waiting.length && this.fits(alone)) {
      this.take(alone);
      return undefined;
    }
    return new Promise((enter, reject) => this.wait(alone, { enter, reject }, signal));
  }

  /** A turn has ended. */
  leave(): void {
    this.inside--;
    this.alone = false;
    this.admit();
  }

  private wait(
    alone: boolean,
    { enter, reject }: { readonly enter: () => void; readonly reject: (reason: unknown) => void },
    signal: AbortSignal | undefined,
  ): void {
    const entry: Waiting = {
      alone,
      gone: false,
      enter: () => {
        signal?.removeEventListener("abort", giveUp);
        enter();
      },
    };
    const giveUp = (): void => {
      entry.gone = true;
      reject(signal?.reason);
      this.admit();
    };
    this.waiting.push(entry);
    signal?.addEventListener("abort", giveUp, { once: true });
  }

  private admit(): void {
    for (; this.first < this.waiting.length; this.first++) {
      const next = this.waiting[this.first];
      if (next.gone) continue;
      if (!this.fits(next.alone)) break;
      this.take(next.alone);
      next.enter();
    }
    if (this.first < PASSED || this.first * 2 < this.waiting.length) return;
    this.waiting = this.waiting.slice(this.first);
    this.first = 0;
  }

  private take(alone: boolean): void {
    this.inside++;
    this.alone = alone;
  }

  private fits(alone: boolean): boolean {
    return !this.alone && (this.inside === 0 || !alone);
  }
}
