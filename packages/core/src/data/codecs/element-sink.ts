/** What all sinks of elements share; see `Sink` for how the engine uses them. */
import type { AnyData } from "../arrays.ts";
import type { HeapReferences, Sink } from "../sink.ts";

/**
 * A sink that ends in data. Sinks nest as datatypes do: a compound's hands the same bytes, each time at another offset,
 * to one for each member.
 */
export abstract class ElementSink implements Sink {
  abstract readonly elementSize: number;
  readonly direct: Uint8Array | undefined;
  /** Bytes of the fill value, where it is not all zeros. Set on the outermost sink only. */
  fillElement: Uint8Array | undefined;

  constructor(direct?: Uint8Array) {
    this.direct = direct;
  }

  abstract put(source: Uint8Array, at: number, stride: number, index: number, count: number): void;

  fill(index: number, count: number): void {
    if (this.fillElement === undefined) this.clear(index, count);
    else this.put(this.fillElement, 0, 0, index, count);
  }

  /** The elements are zero bytes. */
  abstract clear(index: number, count: number): void;

  abstract finish(): HeapReferences | undefined;

  /** All data, once {@link finish} asks for no more. */
  abstract result(): AnyData;

  /** Data of the elements from `start` to `end`: one variable-length element of the sink around. May share memory with {@link result}. */
  abstract slice(start: number, end: number): AnyData;
}
