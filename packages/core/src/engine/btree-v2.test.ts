import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Image } from "../../test/support/image.ts";
import { bareFile } from "../../test/support/metadata-file.ts";
import type { Address } from "../bytes/address.ts";
import { isH5Error } from "../errors.ts";
import { type BtreeV2Header, btreeV2Header, type NodeShape, nodeShapes } from "../format/btree-v2/header.ts";
import { type BtreeV2Child, writeBtreeV2Node } from "../format/btree-v2/node.ts";
import { runSync } from "../steps/run-sync.ts";
import { findRecords, openBtreeV2, visitNodes } from "./btree-v2.ts";

/** Records of one number. */
const KIND = { type: 5, bytes: (): number => 4 };
const FORM = { type: 5, nodeSize: 64, recordSize: 4, splitPercent: 98, mergePercent: 40 };

/** Builds a tree over ascending numbers: each node takes as many as it may, its children the rest in equal parts. */
class TreeImage extends Image {
  private readonly shapes: NodeShape[];
  readonly depth: number;

  constructor(depth: number) {
    super();
    this.depth = depth;
    const empty = { ...FORM, depth, root: null, rootRecords: 0, totalRecords: 0 };
    this.shapes = nodeShapes(empty, this.sizes);
  }

  tree(numbers: readonly number[], damage: Partial<BtreeV2Header> = {}): Address {
    const root = numbers.length === 0 ? undefined : this.node(numbers, this.depth);
    const header = { root: root?.address ?? null, rootRecords: root?.records ?? 0, totalRecords: numbers.length };
    return this.add((f) => {
      btreeV2Header(f, { ...FORM, depth: root === undefined ? 0 : this.depth, ...header, ...damage });
    });
  }

  node(numbers: readonly number[], depth: number): BtreeV2Child {
    const shape = this.shapes[depth];
    if (depth === 0) return this.put_(numbers, [], depth);
    const own: number[] = [];
    const children: BtreeV2Child[] = [];
    const below = this.shapes[depth - 1].maxTotal;
    const parts = Math.max(2, Math.ceil((numbers.length + 1) / (below + 1)));
    expect(parts - 1).toBeLessThanOrEqual(shape.maxRecords);
    const size = Math.ceil((numbers.length - parts + 1) / parts);
    for (let i = 0, at = 0; i < parts; i++) {
      const end = i === parts - 1 ? numbers.length : at + size;
      children.push(this.node(numbers.slice(at, end), depth - 1));
      if (i < parts - 1) own.push(numbers[end]);
      at = end + 1;
    }
    return this.put_(own, children, depth);
  }

  put_(own: readonly number[], children: readonly BtreeV2Child[], depth: number): BtreeV2Child {
    const records = new Uint8Array(4 * own.length);
    const view = new DataView(records.buffer);
    own.forEach((n, i) => void view.setUint32(4 * i, n, true));
    const context = { type: 5, recordSize: 4, depth, shape: this.shapes[depth], count: own.length };
    const address = this.add((f) => writeBtreeV2Node(f, { count: own.length, records, view, children }, context));
    return { address, records: own.length, total: own.length + children.reduce((sum, { total }) => sum + total, 0) };
  }
}

const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

describe("version 2 B-trees", () => {
  const trees = fc.integer({ min: 0, max: 2 }).chain((depth) => {
    const most = [13, 60, 200][depth];
    const least = [0, 3, 12][depth];
    return fc.tuple(fc.constant(depth), fc.array(fc.nat(60), { minLength: least, maxLength: most }).map(sorted));
  });

  it("give all records, and all that are equal to what is looked for, over all depths", () => {
    fc.assert(
      fc.property(trees, ([depth, numbers]) => {
        const image = new TreeImage(depth);
        const address = image.tree(numbers);
        const file = bareFile(image.bytes());
        const tree = runSync(openBtreeV2(file, address, KIND));
        const found: number[] = [];
        const visit = visitNodes(file, tree, ({ count, view }) => {
          for (let i = 0; i < count; i++) found.push(view.getUint32(4 * i, true));
        });
        runSync(visit);
        expect(sorted(found)).toEqual(numbers);
        for (let wanted = -1; wanted <= 61; wanted++) {
          let count = 0;
          const compare = (view: DataView, at: number): number => wanted - view.getUint32(at, true);
          runSync(
            findRecords(file, tree, compare, ({ view }, i) => {
              expect(view.getUint32(4 * i, true)).toBe(wanted);
              count++;
            }),
          );
          expect(count).toBe(numbers.filter((n) => n === wanted).length);
        }
      }),
    );
  });

  it("read as many nodes for one record as the tree is deep", () => {
    const image = new TreeImage(2);
    const address = image.tree(Array.from({ length: 200 }, (_, i) => i));
    const file = bareFile(image.bytes());
    const tree = runSync(openBtreeV2(file, address, KIND));
    const before = file.pages.hits;
    runSync(
      findRecords(
        file,
        tree,
        (view, at) => 77 - view.getUint32(at, true),
        () => {},
      ),
    );
    expect(file.pages.hits - before).toBeLessThanOrEqual(4);
  });

  const damaged = (build: (image: TreeImage) => Address): string => {
    const image = new TreeImage(1);
    const address = build(image);
    const file = bareFile(image.bytes());
    try {
      runSync(visitNodes(file, runSync(openBtreeV2(file, address, KIND)), () => {}));
    } catch (error) {
      if (isH5Error(error, "FormatError", "LimitError")) return error.reason;
      throw error;
    }
    return "read";
  };
  const numbers = Array.from({ length: 20 }, (_, i) => i);

  it.each<[string, string, string]>([
    ["undamaged", damaged((image) => image.tree(numbers)), "read"],
    ["of another type", damaged((image) => image.tree(numbers, { type: 6 })), "has records of a wrong type"],
    [
      "with records of another size",
      damaged((image) => image.tree(numbers, { recordSize: 8 })),
      "has records of a wrong size",
    ],
    [
      "with another total",
      damaged((image) => image.tree(numbers, { totalRecords: 21 })),
      "has another number of records than its header says",
    ],
    [
      "of 65,535 levels",
      damaged((image) => image.tree(numbers, { depth: 65_535 })),
      "exceeds the option limits.treeDepth",
    ],
    ["deeper than it is", damaged((image) => image.tree(numbers, { depth: 2 })), "holds a number beyond 2^53"],
    [
      "with more records in the root than it holds",
      damaged((image) => image.tree(numbers, { rootRecords: 20 })),
      "has more records than its nodes hold",
    ],
    [
      "with one node twice",
      damaged((image) => {
        const leaf = image.put_([1, 2], [], 0);
        const root = image.put_([3], [leaf, leaf], 1);
        return image.tree([], { depth: 1, root: root.address, rootRecords: 1, totalRecords: 5 });
      }),
      "is pointed at twice",
    ],
  ])("%s", (_, found, expected) => expect(found).toBe(expected));
});
