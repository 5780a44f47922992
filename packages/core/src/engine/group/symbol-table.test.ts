import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as any from "../../../test/support/arbitraries.ts";
import { Image } from "../../../test/support/image.ts";
import { bareFile } from "../../../test/support/metadata-file.ts";
import { type Address, asAddress } from "../../bytes/address.ts";
import { compareText, encodeText } from "../../bytes/text.ts";
import { isH5Error } from "../../errors.ts";
import { groupBtreeNode } from "../../format/group/group-btree-node.ts";
import { localHeap } from "../../format/group/local-heap.ts";
import type { ScratchPad } from "../../format/group/symbol-table-entry.ts";
import { symbolTableNode } from "../../format/group/symbol-table-node.ts";
import type { SymbolTableMessage } from "../../format/messages/symbol-table.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { MetadataFile } from "../metadata-file.ts";
import { symbolTableCount, symbolTableLink, symbolTableLinks } from "./symbol-table.ts";

const RANKS = { groupLeafK: 1, groupInternalK: 1, chunkInternalK: 1 };

interface Child {
  readonly address: Address;
  /** Offset of the last name in it. */
  readonly last: number;
}

/** A group of old style with nodes of two entries and two children, so that few links make a deep tree. */
class GroupImage extends Image {
  private names: number[] = [];
  private readonly offsets = new Map<string, number>();

  /** The offset of a name in the heap. */
  name(text: string): number {
    const known = this.offsets.get(text);
    if (known !== undefined) return known;
    // Offset 0 has the empty name, the least of all.
    if (this.names.length === 0) this.names.push(...new Array(8).fill(0));
    const offset = this.names.length;
    this.names.push(...encodeText(text), 0);
    this.offsets.set(text, offset);
    return offset;
  }

  heap(size?: number): Address {
    const data = Uint8Array.from(this.names);
    const at = this.room(data.length);
    this.put(at, data);
    return this.add((f) => {
      localHeap(f, { size: size ?? data.length, freeList: 1, data: at });
    });
  }

  node(names: readonly string[], scratch: ScratchPad = { cacheType: 0 }): Child {
    const entries = names.map((text, i) => ({ nameOffset: this.name(text), header: asAddress(1000 + i), scratch }));
    const address = this.add((f) => {
      symbolTableNode(f, { entries }, { leafK: RANKS.groupLeafK });
    });
    return { address, last: entries[entries.length - 1]?.nameOffset ?? 0 };
  }

  parent(children: readonly Child[], level: number): Child {
    const keys = [0, ...children.map(({ last }) => last)];
    const node = { level, left: null, right: null, keys, children: children.map(({ address }) => address) };
    const address = this.add((f) => {
      groupBtreeNode(f, node, { internalK: RANKS.groupInternalK });
    });
    return { address, last: keys[keys.length - 1] };
  }

  /** The whole tree over sorted names. */
  group(names: readonly string[]): SymbolTableMessage {
    let level: Child[] = pairs(names).map((pair) => this.node(pair));
    let depth = 0;
    if (level.length === 0) level = [this.parent([], 0)];
    else
      do level = pairs(level).map((pair) => this.parent(pair, depth));
      while (level.length > 1 && ++depth > 0);
    return { btree: level[0].address, heap: this.heap() };
  }
}

function pairs<T>(list: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let i = 0; i < list.length; i += 2) result.push(list.slice(i, i + 2));
  return result;
}

const opened = (image: Image): MetadataFile => ({ ...bareFile(image.bytes()), ranks: RANKS });

describe("old-style groups", () => {
  it("list their links by name, and find each", () => {
    fc.assert(
      fc.property(fc.uniqueArray(any.text(90), { maxLength: 60 }), any.text(90), (given, absent) => {
        const names = given.toSorted(compareText);
        const image = new GroupImage();
        const table = image.group(names);
        const file = opened(image);
        const links = runSync(symbolTableLinks(file, table));
        expect(links.map(({ name }) => name)).toEqual(names);
        expect(runSync(symbolTableCount(file, table))).toBe(names.length);
        for (const link of links) expect(runSync(symbolTableLink(file, table, link.name))).toEqual(link);
        if (!names.includes(absent)) expect(runSync(symbolTableLink(file, table, absent))).toBe(undefined);
      }),
    );
  });

  it("find a name without listing the group", () => {
    const image = new GroupImage();
    const names = Array.from({ length: 256 }, (_, i) => `link ${String(i).padStart(3, "0")}`);
    const table = image.group(names);
    const file = opened(image);
    const before = file.pages.hits;
    expect(runSync(symbolTableLink(file, table, "link 100"))?.name).toBe("link 100");
    // Eight levels, at each a node and a name or two, and the symbol table node with two names.
    expect(file.pages.hits - before).toBeLessThan(40);
  });

  it("read names longer than any guess", () => {
    const image = new GroupImage();
    const names = ["a".repeat(63), "b".repeat(64), "c".repeat(5000)];
    const table = image.group(names);
    const file = opened(image);
    expect(runSync(symbolTableLinks(file, table)).map(({ name }) => name)).toEqual(names);
    for (const name of names) expect(runSync(symbolTableLink(file, table, name))?.name).toBe(name);
  });

  it("take what entries remember of groups for a hint and no more", () => {
    const image = new GroupImage();
    const nonsense: ScratchPad = { cacheType: 1, btree: asAddress(3), heap: asAddress(10 ** 9) };
    const node = image.node(["group"], nonsense);
    const table = { btree: image.parent([node], 0).address, heap: image.heap() };
    const file = opened(image);
    const [link] = runSync(symbolTableLinks(file, table));
    expect(link).toMatchObject({ type: "hard", name: "group", address: 1000 });
    expect(file.hints.take(asAddress(1000))).toEqual({ btree: 3, heap: 10 ** 9 });
    expect(file.hints.take(asAddress(1000))).toBe(undefined);
  });

  it("have soft links, whose targets stand in the heap", () => {
    const image = new GroupImage();
    const node = image.node(["soft"], { cacheType: 2, linkValueOffset: image.name("/the/target") });
    const table = { btree: image.parent([node], 0).address, heap: image.heap() };
    const soft = { type: "soft", name: "soft", charset: "ascii", target: "/the/target" };
    expect(runSync(symbolTableLinks(opened(image), table))).toEqual([soft]);
    expect(runSync(symbolTableLink(opened(image), table, "soft"))).toEqual(soft);
  });
});

describe("damaged groups of old style are refused", () => {
  function refusal(build: (image: GroupImage) => Partial<SymbolTableMessage>): string {
    const image = new GroupImage();
    const table = build(image);
    const whole = { btree: table.btree ?? asAddress(0), heap: table.heap ?? image.heap() };
    try {
      runSync(symbolTableLinks(opened(image), whole));
    } catch (error) {
      if (isH5Error(error, "FormatError", "LimitError")) return error.reason;
      throw error;
    }
    return "read";
  }
  const itself = (image: GroupImage): Partial<SymbolTableMessage> => {
    const address = image.parent([{ address: asAddress(0), last: 0 }], 1).address;
    const node = { level: 1, left: null, right: null, keys: [0, 0], children: [address] };
    image.put(
      address,
      image.encoded((f) => void groupBtreeNode(f, node, { internalK: 1 })),
    );
    return { btree: address };
  };
  it.each<[string, (image: GroupImage) => Partial<SymbolTableMessage>, string]>([
    ["a node that is its own child", itself, "is pointed at twice"],
    [
      "one symbol table node twice",
      (image) => {
        const node = image.node(["a"]);
        return { btree: image.parent([node, node], 0).address };
      },
      "is pointed at twice",
    ],
    [
      "levels that do not fall by one",
      (image) => ({ btree: image.parent([image.parent([image.node(["a"])], 0)], 2).address }),
      "is of a wrong level",
    ],
    [
      "255 levels",
      (image) => ({ btree: image.parent([image.node(["a"])], 255).address }),
      "exceeds the option limits.treeDepth",
    ],
    ["a tree of something else", (image) => ({ btree: image.node(["a"]).address }), "has a wrong signature"],
    [
      "a name outside the heap",
      (image) => ({ btree: image.parent([image.node(["a", "b"])], 0).address, heap: image.heap(8) }),
      "is asked for a text outside its data segment",
    ],
    [
      "a name without an end",
      (image) => ({ btree: image.parent([image.node(["abc"])], 0).address, heap: image.heap(10) }),
      "holds a text without a terminating NUL",
    ],
    [
      "a heap past the end",
      (image) => ({ btree: image.group(["a"]).btree, heap: asAddress(10 ** 6) }),
      "runs past the end of the file",
    ],
  ])("%s", (_, build, expected) => expect(refusal(build)).toBe(expected));
});
