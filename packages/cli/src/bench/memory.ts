/** How much memory something takes. */
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The collector of garbage, where the runtime lets a program call it. */
const collect = ((): (() => void) | undefined => {
  try {
    setFlagsFromString("--expose_gc");
    return runInNewContext("gc") as () => void;
  } catch {
    return undefined;
  }
})();

/** Bytes of arrays that were made meanwhile and not given back before its end; `undefined` where the runtime does not tell. */
export function takenBy(work: () => unknown): number | undefined {
  collect?.();
  const before = getHeapStatistics().external_memory;
  work();
  return collect && Math.max(0, getHeapStatistics().external_memory - before);
}
