/** MB/s of functions that handle a chunk. */
import { BYTES } from "./chunks.ts";

/** Milliseconds for one figure, at least three calls. */
const MIN_TIME = 400;
const WARM_UPS = 2;

/** By the processor's time, that of other programs left out: the best call. */
export function processorSpeed(run: () => void): number {
  for (let n = 0; n < WARM_UPS; n++) run();
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + MIN_TIME;
  for (let n = 0; n < 3 || performance.now() < end; n++) {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return BYTES / best / 1000;
}

/** By the clock: the best round of `count` calls side by side. */
export async function parallelSpeed(count: number, run: () => Promise<unknown>): Promise<number> {
  const round = (): Promise<unknown> => Promise.all(Array.from({ length: count }, run));
  for (let n = 0; n < WARM_UPS; n++) await round();
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + MIN_TIME;
  for (let n = 0; n < 3 || performance.now() < end; n++) {
    const start = performance.now();
    await round();
    best = Math.min(best, performance.now() - start);
  }
  return (count * BYTES) / best / 1000;
}

/** One that waits: by the processor's time as well. */
export async function awaitedSpeed(run: () => unknown): Promise<number> {
  for (let n = 0; n < WARM_UPS; n++) await run();
  let best = Number.POSITIVE_INFINITY;
  const end = performance.now() + MIN_TIME;
  for (let n = 0; n < 3 || performance.now() < end; n++) {
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  return BYTES / best / 1000;
}
