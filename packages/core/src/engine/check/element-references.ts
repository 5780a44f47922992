/** Finds the global heap objects that elements refer to: data of variable length, references to regions and attributes. */
import { asAddress, type Sizes } from "../../bytes/address.ts";
import { heapAddress } from "../../data/codecs/heap-list.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { GLOBAL_HEAP_TABLE } from "../../format/global-heap/global-heap-collection.ts";
import type { Steps } from "../../steps/steps.ts";
import type { Checker } from "./checker.ts";

/** Takes one element. */
type Taker = (view: DataView, at: number) => void;

/** Elements within a heap object. */
interface Nested {
  readonly collection: number;
  readonly index: number;
  readonly count: number;
  readonly size: number;
  readonly taker: Taker;
}

/** Standard references: of objects in this file, and the flag of those in others. */
const OBJECT = 2;
const EXTERNAL = 1;

export class HeapElements {
  /** Whether elements of the type refer to heap objects at all. */
  readonly any: boolean;
  private readonly check: Checker;
  private readonly size: number;
  private readonly taker: Taker | undefined;
  private nested: Nested[] = [];

  constructor(check: Checker, type: Datatype) {
    this.check = check;
    this.size = type.size;
    this.taker = this.takerOf(type);
    this.any = this.taker !== undefined;
  }

  /** Takes whole elements, one behind the other. */
  put(bytes: Uint8Array): void {
    const { taker, size } = this;
    if (taker === undefined) return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at + size <= bytes.length; at += size) taker(view, at);
  }

  /** Goes on to what stands in the objects themselves. */
  *follow(): Steps<void> {
    const { structures } = this.check.file;
    while (this.nested.length > 0) {
      const some = this.nested;
      this.nested = [];
      for (const { collection, index, count, size, taker } of some) {
        const table = yield* structures.get(GLOBAL_HEAP_TABLE, asAddress(collection), undefined);
        const offset = table.offsets[index] ?? 0;
        if (offset === 0 || table.lengths[index] < count * size) continue;
        const { block } = table;
        const view = new DataView(block.buffer, block.byteOffset + table.start + offset, table.lengths[index]);
        for (let i = 0; i < count; i++) taker(view, i * size);
      }
    }
  }

  private takerOf(type: Datatype): Taker | undefined {
    switch (type.class) {
      case "vlen":
        return this.valueTaker(type.kind === "string" ? 1 : type.base.size, this.takerOf(type.base));
      case "reference":
        return this.referenceTaker(type.kind, this.check.sizes);
      case "array":
        return this.arrayTaker(type.dims, type.base);
      case "compound": {
        const members = type.members.flatMap(({ offset, type: member }) => {
          const taker = this.takerOf(member);
          return taker === undefined ? [] : [{ offset, taker }];
        });
        if (members.length === 0) return undefined;
        return (view, at) => {
          for (const { offset, taker } of members) taker(view, at + offset);
        };
      }
      default:
        return undefined;
    }
  }

  private arrayTaker(dims: readonly number[], base: Datatype): Taker | undefined {
    const taker = this.takerOf(base);
    if (taker === undefined) return undefined;
    const count = dims.reduce((all, n) => all * n, 1);
    return (view, at) => {
      for (let i = 0; i < count; i++) taker(view, at + i * base.size);
    };
  }

  /** A length, then a heap id. */
  private valueTaker(size: number, taker: Taker | undefined): Taker {
    const { sizes, heaps } = this.check;
    return (view, at) => {
      const count = view.getUint32(at, true);
      const collection = heapAddress(view, at + 4, sizes);
      if (collection === undefined) return;
      const index = view.getUint32(at + 4 + sizes.offsets, true);
      heaps.add(collection, index, "values", this.check.path, count * size);
      if (taker !== undefined && count > 0) this.nested.push({ collection, index, count, size, taker });
    };
  }

  private referenceTaker(kind: "object" | "region" | "standard", sizes: Sizes): Taker | undefined {
    if (kind === "object") return undefined;
    const place = kind === "region" ? 0 : 6;
    return (view, at) => {
      if (kind === "standard") {
        const type = view.getUint8(at);
        if (type === 0 || (type === OBJECT && (view.getUint8(at + 1) & EXTERNAL) === 0)) return;
      }
      const collection = heapAddress(view, at + place, sizes);
      if (collection === undefined) return;
      const index = view.getUint32(at + place + sizes.offsets, true);
      this.check.heaps.add(collection, index, "references", this.check.path, 0);
    };
  }
}

/** Elements that are all in hand: of attributes, fill values and compact datasets. */
export function* takeElements(check: Checker, type: Datatype, bytes: Uint8Array): Steps<void> {
  const elements = new HeapElements(check, type);
  elements.put(bytes);
  yield* elements.follow();
}
