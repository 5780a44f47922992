/** Texts of a local heap: read where they stand, since the heap of a large group is large. */
import type { Address } from "../../bytes/address.ts";
import { decodeText } from "../../bytes/text.ts";
import { FormatError } from "../../errors.ts";
import { LOCAL_HEAP, type LocalHeap } from "../../format/group/local-heap.ts";
import { LOCAL_HEAP_DATA } from "../../format/group/local-heap-data.ts";
import type { Window } from "../../steps/pages.ts";
import type { Steps } from "../../steps/steps.ts";
import type { EngineFile } from "../file.ts";

/** Nearly all names are shorter; a longer one is asked for again, in larger windows. */
const GUESS = 64;
const GROWTH = 8;
/** Of the data segment, fetched along with the nodes whose names it holds. */
const PREFETCH = 1 << 20;
/** Texts are looked at as bytes. */
const NO_VIEW = new DataView(new ArrayBuffer(0));

export class LocalHeapNames {
  private readonly file: EngineFile;
  private readonly address: Address;
  private readonly heap: LocalHeap;

  constructor(file: EngineFile, address: Address, heap: LocalHeap) {
    this.file = file;
    this.address = address;
    this.heap = heap;
  }

  static *open(file: EngineFile, address: Address): Steps<LocalHeapNames> {
    const { structures } = file;
    const heap =
      structures.peek(LOCAL_HEAP, address, undefined) ?? (yield* structures.get(LOCAL_HEAP, address, undefined));
    return new LocalHeapNames(file, address, heap);
  }

  /** The bytes to fetch before many names are asked for. */
  get range(): { readonly at: number; readonly length: number } {
    return { at: this.heap.data, length: Math.min(this.heap.size, PREFETCH) };
  }

  /** The text at an offset, where it is in hand. */
  peek(offset: number): string | undefined {
    const window = this.window(offset, GUESS);
    if (window === undefined) return undefined;
    const end = nul(window);
    return end < 0 ? undefined : decodeText(window.block, window.offset, end);
  }

  *text(offset: number): Steps<string> {
    const window = yield* this.read(offset);
    return decodeText(window.block, window.offset, nul(window));
  }

  /** How `name` compares with the text at an offset, as `strcmp` says; `undefined`: it is not in hand. */
  peekCompare(name: Uint8Array, offset: number): number | undefined {
    const window = this.window(offset, Math.max(GUESS, name.length + 1));
    return window && compare(name, window);
  }

  *compare(name: Uint8Array, offset: number): Steps<number> {
    const window = yield* this.read(offset);
    return compare(name, window) as number;
  }

  /** A window with the whole text and its NUL. */
  private *read(offset: number): Steps<Window> {
    for (let length = GUESS; ; length *= GROWTH) {
      const window = this.window(offset, length) ?? (yield* this.file.pages.read(...this.place(offset, length)));
      if (nul(window) >= 0) return window;
      if (window.length < length) return this.fail("holds a text without a terminating NUL", offset);
    }
  }

  private window(offset: number, length: number): Window | undefined {
    const [at, bounded] = this.place(offset, length);
    const edited = this.file.structures.inFront(LOCAL_HEAP_DATA, this.heap.data);
    if (edited === undefined) return this.file.pages.peek(at, bounded);
    const { bytes } = edited;
    return { block: bytes, view: NO_VIEW, base: this.heap.data, offset, length: bounded };
  }

  private place(offset: number, length: number): [number, number] {
    const { data, size } = this.heap;
    if (!(offset < size)) this.fail("is asked for a text outside its data segment", offset);
    return [data + offset, Math.min(length, size - offset)];
  }

  private fail(reason: string, offset: number): never {
    throw new FormatError(reason, {
      structure: LOCAL_HEAP.title,
      address: this.address,
      found: `offset ${offset}`,
      allowed: `below ${this.heap.size}`,
    });
  }
}

/** Index of the first NUL in the block, within the window; -1 without one. */
function nul(window: Window): number {
  const end = window.offset + window.length;
  for (let i = window.offset; i < end; i++) if (window.block[i] === 0) return i;
  return -1;
}

/** `undefined`: the window ends before the outcome is known. */
function compare(name: Uint8Array, { block, offset, length }: Window): number | undefined {
  const common = Math.min(name.length, length);
  for (let i = 0; i < common; i++) {
    const byte = block[offset + i];
    if (name[i] !== byte) return name[i] - byte;
    if (byte === 0) return name.length - i;
  }
  if (name.length >= length) return undefined;
  return block[offset + name.length] === 0 ? 0 : -1;
}
