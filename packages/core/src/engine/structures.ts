/** Decoded structures by address, read through the page cache. The engine sees structures only through here. */
import type { Address, Sizes } from "../bytes/address.ts";
import { Decoder } from "../bytes/decoder.ts";
import type { Fields } from "../bytes/fields.ts";
import { FormatError } from "../errors.ts";
import type { Structure } from "../format/structure.ts";
import type { Pages, Window } from "../steps/pages.ts";
import type { Steps } from "../steps/steps.ts";

interface Entry {
  readonly structure: Structure<unknown, never>;
  readonly value: unknown;
  /** What was worked out from the value. */
  derived?: unknown;
}

/** A structure to be written: `room` bytes at its address. */
export interface ChangedStructure {
  readonly room: number;
  readonly write: (to: Fields) => void;
}

export interface AddressedStructure extends ChangedStructure {
  readonly address: Address;
}

type Changed = Entry & ChangedStructure;

/** Decoded structures kept at most; the oldest half goes when they are exceeded. */
const CAPACITY = 16_384;
/** A structure whose length is learned in steps: header, then what the header says, then a checksum behind it. */
const MAX_ROUNDS = 4;

export class Structures {
  readonly pages: Pages;
  readonly sizes: Sizes;
  private readonly entries = new Map<Address, Entry>();
  /** Structures that stand in front of the file's bytes: changed, and not written yet. */
  private readonly changed = new Map<Address, Changed>();
  /** Grows with every change. */
  changes = 0;

  constructor(pages: Pages, sizes: Sizes) {
    this.pages = pages;
    this.sizes = sizes;
  }

  /** The structure, where it or its bytes are in hand: no generator, no request. */
  peek<T, C>(structure: Structure<T, C>, address: Address, context: C): T | undefined {
    const entry = this.entries.get(address) ?? this.changed.get(address);
    if (entry !== undefined && entry.structure === (structure as unknown)) return entry.value as T;
    const window = this.pages.peek(address, structure.guess(context));
    return window === undefined ? undefined : this.decode(structure, address, context, window);
  }

  /** The structure, its bytes read if need be. In hot paths: `peek(...) ?? (yield* get(...))`. */
  *get<T, C>(structure: Structure<T, C>, address: Address, context: C): Steps<T> {
    let value = this.peek(structure, address, context);
    let length = structure.guess(context);
    for (let round = 0; value === undefined; round++) {
      const window = this.pages.peek(address, length) ?? (yield* this.pages.read(address, length));
      const extent = this.extent(structure, address, context, window);
      if (extent <= window.length) value = this.keep(structure, address, context, window, extent);
      else if (window.length < length || round === MAX_ROUNDS)
        throw cutShort(structure.title, address, window.length, extent);
      else length = extent;
    }
    return value;
  }

  /** The structure at an address, if it was changed and stands in front of the file's bytes. */
  inFront<T, C>(structure: Structure<T, C>, address: Address): T | undefined {
    const entry = this.changed.get(address);
    return entry !== undefined && entry.structure === (structure as unknown) ? (entry.value as T) : undefined;
  }

  /** What was worked out from the structure at an address, if it is still in hand: goes with the structure. */
  derived(address: Address): unknown {
    return (this.entries.get(address) ?? this.changed.get(address))?.derived;
  }

  /** Keeps what was worked out from the structure at an address, for as long as the structure is in hand. */
  derive(address: Address, derived: unknown): void {
    const entry = this.entries.get(address) ?? this.changed.get(address);
    if (entry !== undefined) entry.derived = derived;
  }

  /**
   * Puts a changed structure in front of the file's bytes, where every reader finds it. `room`: bytes that it has in the
   * file, filled up with zeros; `write`: writes `value`.
   */
  put<T, C>(
    structure: Structure<T, C>,
    address: Address,
    value: T,
    room: number,
    write: (to: Fields, value: T) => void,
  ): void {
    this.changes++;
    this.entries.delete(address);
    this.changed.set(address, {
      structure: structure as unknown as Structure<unknown, never>,
      value,
      room,
      write: (to) => write(to, value),
    });
  }

  /** Structures that were changed and are not written yet. */
  get changedCount(): number {
    return this.changed.size;
  }

  /**
   * Changed structures, by address, for whoever writes them: all, or those that `chosen` picks. From then on they are as the
   * file has them.
   */
  takeChanged(chosen?: (address: Address, room: number) => boolean): AddressedStructure[] {
    const taken: AddressedStructure[] = [];
    for (const [address, { structure, value, derived, room, write }] of this.changed) {
      if (chosen !== undefined && !chosen(address, room)) continue;
      taken.push({ address, room, write });
      if (this.entries.size >= CAPACITY) this.evict();
      this.entries.set(address, { structure, value, derived });
      this.changed.delete(address);
    }
    return taken.sort((a, b) => a.address - b.address);
  }

  /** Forgets a structure: its space was freed, or its context changed. */
  forget(address: Address): void {
    this.changes++;
    this.entries.delete(address);
    this.changed.delete(address);
  }

  /** Lets go of a structure that will hardly be needed again; if it was changed, it stays. */
  release(address: Address): void {
    this.entries.delete(address);
  }

  /** Forgets all but what was changed. */
  clear(): void {
    this.entries.clear();
  }

  private decode<T, C>(structure: Structure<T, C>, address: Address, context: C, window: Window): T | undefined {
    const extent = this.extent(structure, address, context, window);
    if (extent <= window.length) return this.keep(structure, address, context, window, extent);
    const whole = this.pages.peek(address, extent);
    if (whole === undefined || whole.length < extent) return undefined;
    // Asked again: with more bytes in hand the answer may grow.
    const final = this.extent(structure, address, context, whole);
    return final <= whole.length ? this.keep(structure, address, context, whole, final) : undefined;
  }

  private extent<T, C>(structure: Structure<T, C>, address: Address, context: C, window: Window): number {
    if (window.length === 0) throw cutShort(structure.title, address, 0, structure.guess(context));
    return structure.extent(decoder(this.sizes, structure.title, window, window.length), context);
  }

  private keep<T, C>(structure: Structure<T, C>, address: Address, context: C, window: Window, extent: number): T {
    const value = structure.decode(decoder(this.sizes, structure.title, window, extent), context);
    if (this.entries.size >= CAPACITY) this.evict();
    this.entries.set(address, { structure: structure as unknown as Structure<unknown, never>, value });
    return value;
  }

  private evict(): void {
    let excess = CAPACITY >> 1;
    for (const address of this.entries.keys()) {
      if (excess-- <= 0) break;
      this.entries.delete(address);
    }
  }
}

function decoder(sizes: Sizes, title: string, window: Window, length: number): Decoder {
  return new Decoder(window.block, sizes, title, window.base, window.offset, window.offset + length, window.view);
}

function cutShort(structure: string, address: number, found: number, needed: number): FormatError {
  return new FormatError("runs past the end of the file", {
    structure,
    address,
    found: `${found} bytes`,
    allowed: `at least ${needed}`,
  });
}
