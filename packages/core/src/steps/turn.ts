/** Lets others run now and then: a long series of answers that are in hand would otherwise keep the event loop to itself. */

/** Milliseconds of work without a turn: short enough for a page that draws, long enough that turns cost nothing. */
const LONGEST = 20;

export class Turns {
  private last: number = performance.now();

  /** A promise, if it is time to let others run. */
  due(): Promise<void> | undefined {
    const now = performance.now();
    if (now - this.last < LONGEST) return undefined;
    this.last = now;
    return turn();
  }
}

/** A timer would wait for 1 ms, and for 4 ms in browsers. */
function turn(): Promise<void> {
  const { setImmediate } = globalThis as { setImmediate?: (go: () => void) => void };
  return new Promise((go) => {
    if (setImmediate !== undefined) return setImmediate(go);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go();
    };
    port2.postMessage(undefined);
  });
}
