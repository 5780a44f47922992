/**
 * Heap objects of several files, as if they stood in one: elements refer to them by numbers of this heap, in place of
 * addresses, until a sink asks for the objects.
 */
import { all, type HeapReferences, type Sink, type Steps } from "@h5ts/core";
import type { Converter } from "./converter.ts";

/** Where the objects are: a file, or the foreign heap of a view that is itself a source. */
export interface HeapOrigin {
  complete(sink: Sink): Steps<void>;
}

/** The collections of one file, and what becomes of their objects. */
export interface HeapSource {
  readonly origin: HeapOrigin;
  /** What an object's elements become, and bytes of one in the source; absent: it stays as it is. */
  readonly elements?: { readonly size: number; readonly converter: Converter };
}

type Entry = { readonly source: HeapSource; readonly address: number } | { readonly bytes: Uint8Array };

export class ForeignHeap implements HeapOrigin {
  private readonly entries: Entry[] = [];
  private readonly numbers = new Map<HeapSource, Map<number, number>>();

  /** The number of a collection, which stands in elements in place of its address. Never 0. */
  numberOf(source: HeapSource, address: number): number {
    let known = this.numbers.get(source);
    if (known === undefined) {
      known = new Map();
      this.numbers.set(source, known);
    }
    let number = known.get(address);
    if (number === undefined) {
      number = this.entries.push({ source, address });
      known.set(address, number);
    }
    return number;
  }

  /** The number of an object that is made here. */
  add(bytes: Uint8Array): number {
    return this.entries.push({ bytes });
  }

  /** Fetches objects until the sink needs no more. */
  *complete(sink: Sink): Steps<void> {
    for (let needed = sink.finish(); needed !== undefined; needed = sink.finish()) yield* this.fetch(needed);
  }

  private *fetch(needed: HeapReferences): Steps<void> {
    const lists = new Map<HeapSource, number[]>();
    for (let i = 0; i < needed.count; i++) {
      const entry = this.entries[needed.addresses[i] - 1];
      if ("bytes" in entry) {
        needed.resolved(i, entry.bytes, 0, entry.bytes.length);
        continue;
      }
      const list = lists.get(entry.source);
      if (list === undefined) lists.set(entry.source, [i]);
      else list.push(i);
    }
    const addressOf = (number: number): number => (this.entries[number - 1] as { address: number }).address;
    yield* all(
      [...lists].map(([source, list]) => source.origin.complete(new PartSink(needed, list, source, addressOf))),
    );
  }
}

/** Asks one origin for some of the objects that a sink needs. */
class PartSink implements Sink {
  readonly elementSize = 0;
  private asked: HeapReferences | undefined;

  constructor(
    needed: HeapReferences,
    list: readonly number[],
    { elements }: HeapSource,
    addressOf: (number: number) => number,
  ) {
    this.asked = {
      count: list.length,
      addresses: Float64Array.from(list, (i) => addressOf(needed.addresses[i])),
      indices: Uint32Array.from(list, (i) => needed.indices[i]),
      resolved: (k, block, offset, length) => {
        if (elements === undefined) return needed.resolved(list[k], block, offset, length);
        const { size, converter } = elements;
        const count = Math.floor(length / size);
        const made = new Uint8Array(count * converter.size);
        converter.convert(block, offset, size, count, made, 0, converter.size);
        needed.resolved(list[k], made, 0, made.length);
      },
    };
  }

  put(): void {}

  fill(): void {}

  finish(): HeapReferences | undefined {
    const { asked } = this;
    this.asked = undefined;
    return asked;
  }
}
