import { describe, expect, it } from "vitest";
import { ByteSink, everything } from "../../../test/support/byte-sink.ts";
import { datasetOf, type Generation, indexFile, openIndexFile } from "../../../test/support/chunk-index-files.ts";
import { Disk } from "../../../test/support/disk.ts";
import { lookup3 } from "../../bytes/lookup3.ts";
import type { DatasetInfo } from "../../contract.ts";
import { isH5Error } from "../../errors.ts";
import { runSync } from "../../steps/run-sync.ts";
import { MemoryStorage } from "../../storage/memory.ts";
import type { FileReader } from "../file-reader.ts";

/** A file of which a copy may be damaged. */
class Damaged {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(generation: Generation) {
    this.bytes = indexFile(generation).slice();
    this.view = new DataView(this.bytes.buffer);
  }

  /** Address of the index of a dataset. */
  index(name: string): number {
    const { layout } = datasetOf(openIndexFile(new MemoryStorage(this.bytes)), name);
    if (layout.class !== "chunked") throw new Error(`${name} is not chunked`);
    return Number(layout.index.address);
  }

  address(at: number): number {
    return Number(this.view.getBigUint64(at, true));
  }

  setAddress(at: number, value: number | bigint): void {
    this.view.setBigUint64(at, BigInt(value), true);
  }

  /** Makes the checksum of a structure right again. */
  seal(at: number, length: number): void {
    this.view.setUint32(at + length - 4, lookup3(this.bytes, at, at + length - 4), true);
  }
}

/** What reading the dataset, listing its chunks and looking one up says; only errors of ours are let through. */
function outcomes(damaged: Damaged, name: string, limits: object = {}): Record<"read" | "list" | "find", string> {
  const run = (work: (file: FileReader, info: DatasetInfo) => unknown): string => {
    const file = openIndexFile(new Disk(damaged.bytes), { limits });
    try {
      work(file, datasetOf(file, name));
      return "fine";
    } catch (error) {
      if (isH5Error(error)) return `${error.name}: ${error.message}`;
      throw error;
    }
  };
  return {
    read: run((file, info) => {
      const all = everything(info.dataspace.dims);
      runSync(file.read(info, all, ByteSink.of(info, all)));
    }),
    list: run((file, info) => runSync(file.chunks(info))),
    find: run((file, info) =>
      runSync(
        file.chunk(
          info,
          info.dataspace.dims.map(() => 0),
        ),
      ),
    ),
  };
}

const KEY = 8 + 2 * 8;
/** In a node of chunks with one dimension: key and child number `i`. */
const keyAt = (node: number, i: number): number => node + 24 + i * (KEY + 8);
const childAt = (node: number, i: number): number => keyAt(node, i) + KEY;

describe("a damaged version 1 B-tree", () => {
  const cases: [string, (d: Damaged, root: number) => void, RegExp][] = [
    ["of another type", (d, root) => d.view.setUint8(root + 4, 0), /FormatError.*wrong type/],
    ["with a wrong signature", (d, root) => d.view.setUint8(root, 0), /FormatError.*signature/],
    ["with too many entries", (d, root) => d.view.setUint16(root + 6, 65_535, true), /FormatError.*too many entries/],
    ["too deep", (d, root) => d.view.setUint8(root + 5, 200), /LimitError.*treeDepth/],
    ["whose child is itself", (d, root) => d.setAddress(childAt(root, 0), root), /FormatError.*wrong level/],
    [
      "whose child is a leaf's",
      (d, root) => d.view.setUint8(d.address(childAt(root, 0)) + 5, 7),
      /FormatError.*wrong level/,
    ],
    [
      "whose child is empty",
      (d, root) => d.view.setUint16(d.address(childAt(root, 0)) + 6, 0, true),
      /FormatError.*(empty|keys)/,
    ],
    [
      "whose child is behind the file",
      (d, root) => d.setAddress(childAt(root, 0), 2 ** 40),
      /FormatError.*end of the file/,
    ],
    [
      "whose child is undefined",
      (d, root) => d.setAddress(childAt(root, 0), 2n ** 64n - 1n),
      /FormatError.*undefined child/,
    ],
    ["with an address beyond 2^53", (d, root) => d.setAddress(childAt(root, 0), 2n ** 60n), /FormatError.*2\^53/],
  ];
  it.each(cases)("%s", (_, damage, expected) => {
    const damaged = new Damaged("earliest");
    damage(damaged, damaged.index("deep_first"));
    const { read, list, find } = outcomes(damaged, "deep_first");
    for (const outcome of [read, list]) expect(outcome).toMatch(expected);
    expect(`${read}${list}${find}`).toMatch(/Error/);
  });

  it("with keys out of order above its leaves", () => {
    const damaged = new Damaged("earliest");
    damaged.setAddress(keyAt(damaged.index("deep_first"), 0) + 8, 4000);
    const { read, list } = outcomes(damaged, "deep_first");
    expect(read).toMatch(/FormatError.*out of order/);
    // Those keys only lead to chunks; the list has what the leaves say.
    expect(list).toBe("fine");
  });

  it("with a chunk off the grid, or twice", () => {
    const offGrid = new Damaged("earliest");
    const root = offGrid.index("one_fixed");
    offGrid.setAddress(keyAt(root, 1) + 8, 13);
    for (const outcome of Object.values(outcomes(offGrid, "one_fixed")).slice(0, 2))
      expect(outcome).toMatch(/FormatError.*off the grid/);
    const twice = new Damaged("earliest");
    twice.setAddress(keyAt(root, 1) + 8, 0);
    expect(outcomes(twice, "one_fixed").list).toMatch(/FormatError.*out of order/);
  });

  it("with a chunk outside the extent before others of its leaf hides none of them", () => {
    const damaged = new Damaged("earliest");
    damaged.setAddress(keyAt(damaged.index("one_fixed"), 1) + 8, 5000);
    const { read, list } = outcomes(damaged, "one_fixed");
    for (const outcome of [read, list]) expect(outcome).toMatch(/FormatError.*out of order/);
  });

  it("whose last key is not above the last chunk", () => {
    const damaged = new Damaged("earliest");
    const root = damaged.index("one_fixed");
    const last = keyAt(root, damaged.view.getUint16(root + 6, true));
    damaged.bytes.fill(0, last, last + 24);
    expect(outcomes(damaged, "one_fixed").read).toMatch(/FormatError.*out of order/);
  });

  it("with chunks outside the extent has no more chunks for it", () => {
    const damaged = new Damaged("earliest");
    const root = damaged.index("one_fixed");
    const count = damaged.view.getUint16(root + 6, true);
    damaged.setAddress(keyAt(root, count - 1) + 8, 5000);
    damaged.setAddress(keyAt(root, count) + 8, 6000);
    const file = openIndexFile(new Disk(damaged.bytes));
    expect(runSync(file.chunks(datasetOf(file, "one_fixed"))).length).toBe(count - 1);
    expect(outcomes(damaged, "one_fixed").read).toBe("fine");
  });

  it("whose chunks are not where they should be", () => {
    const behind = new Damaged("earliest");
    behind.setAddress(childAt(behind.index("one_fixed"), 1), 2 ** 40);
    expect(outcomes(behind, "one_fixed").read).toMatch(/FormatError.*end of the file/);
    const filtered = new Damaged("earliest");
    const root = filtered.index("one_fixed_deflate");
    filtered.setAddress(childAt(root, 1), 2 ** 40);
    expect(outcomes(filtered, "one_fixed_deflate").read).toMatch(/FormatError: Chunk at \[10\].*end of the file/);
    const large = new Damaged("earliest");
    large.view.setUint32(keyAt(root, 1), 0xffff_ffff, true);
    expect(outcomes(large, "one_fixed_deflate").read).toMatch(/LimitError: Chunk at \[10\].*limits\.chunkBytes/);
    expect(outcomes(large, "one_fixed_deflate", { chunkBytes: 2 ** 40 }).read).toMatch(/FormatError.*end of the file/);
    const other = new Damaged("earliest");
    other.setAddress(childAt(root, 1), other.address(childAt(root, 1)) + 3);
    expect(outcomes(other, "one_fixed_deflate").read).toMatch(/FilterError: Chunk at \[10\].*fletcher32/);
  });
});

describe("a damaged fixed array", () => {
  const HEADER = 28;
  const sealBlock = (d: Damaged, block: number): void => d.seal(block, 6 + 8 + 11 * 8 + 4);
  const cases: [string, (d: Damaged, header: number, block: number) => void, RegExp][] = [
    ["with a wrong checksum", (d, header) => d.view.setUint8(header + 10, 1), /FormatError.*header.*checksum/],
    [
      "with too few elements",
      (d, header, block) => {
        d.setAddress(header + 8, 5);
        d.seal(header, HEADER);
        d.seal(block, 6 + 8 + 5 * 8 + 4);
      },
      /FormatError.*fewer elements/,
    ],
    [
      "with 2^60 elements",
      (d, header) => {
        d.setAddress(header + 8, 2n ** 60n);
        d.seal(header, HEADER);
      },
      /FormatError.*2\^53/,
    ],
    [
      "with 2^40 elements",
      (d, header) => {
        d.setAddress(header + 8, 2n ** 40n);
        d.seal(header, HEADER);
      },
      /FormatError.*end of the file/,
    ],
    [
      "whose block is another's",
      (d, _header, block) => {
        d.setAddress(block + 6, 4096);
        sealBlock(d, block);
      },
      /FormatError.*another array/,
    ],
    [
      "whose block is behind the file",
      (d, header) => {
        d.setAddress(header + 16, 2 ** 40);
        d.seal(header, HEADER);
      },
      /FormatError.*end of the file/,
    ],
    [
      "whose block is its header",
      (d, header) => {
        d.setAddress(header + 16, header);
        d.seal(header, HEADER);
      },
      /FormatError.*signature/,
    ],
    [
      "whose block belongs to another client",
      (d, _header, block) => {
        d.view.setUint8(block + 5, 1);
        sealBlock(d, block);
      },
      /FormatError.*another client/,
    ],
  ];
  it.each(cases)("%s", (_, damage, expected) => {
    const damaged = new Damaged("v110");
    const header = damaged.index("one_fixed");
    damage(damaged, header, damaged.address(header + 16));
    const { read, list } = outcomes(damaged, "one_fixed");
    expect(read).toMatch(expected);
    if (!/fewer/.test(expected.source)) expect(list).toMatch(expected);
  });

  it("with a damaged page", () => {
    const damaged = new Damaged("v110");
    const header = damaged.index("deep_fixed_deflate");
    const block = damaged.address(header + 16);
    damaged.view.setUint8(block + 6 + 8 + 1 + 4 + 20, 1);
    const { read, list, find } = outcomes(damaged, "deep_fixed_deflate");
    for (const outcome of [read, list, find])
      expect(outcome).toMatch(/FormatError: Fixed array data block page.*checksum/);
  });
});

describe("a damaged extensible array", () => {
  const HEADER = 72;
  const indexBlockBytes = (elementSize: number): number => 10 + 8 + 4 * elementSize + (6 + 25) * 8;
  const cases: [string, (d: Damaged, header: number, index: number) => void, RegExp][] = [
    ["with a wrong checksum", (d, header) => d.view.setUint8(header + 20, 1), /FormatError.*header.*checksum/],
    [
      "with 65 bits of elements",
      (d, header) => {
        d.view.setUint8(header + 7, 65);
        d.seal(header, HEADER);
      },
      /FormatError.*indices/,
    ],
    [
      "with data blocks of no elements",
      (d, header) => {
        d.view.setUint8(header + 9, 0);
        d.seal(header, HEADER);
      },
      /FormatError.*data blocks/,
    ],
    [
      "whose index block is another's",
      (d, _header, index) => {
        d.setAddress(index + 6, 4096);
        d.seal(index, indexBlockBytes(8));
      },
      /FormatError: Extensible array index block.*another array/,
    ],
    [
      "whose data block is another's",
      (d, _header, index) => {
        const block = d.address(index + 14 + 4 * 8);
        d.setAddress(block + 6, 4096);
        d.seal(block, 10 + 8 + 4 + 16 * 8);
      },
      /FormatError: Extensible array data block.*another array/,
    ],
    [
      "whose super block stands elsewhere",
      (d, _header, index) => {
        const block = d.address(index + 14 + (4 + 6) * 8);
        d.view.setUint32(block + 14, 5, true);
        d.seal(block, 10 + 8 + 4 + 4 * 8);
      },
      /FormatError: Extensible array super block.*another element/,
    ],
    [
      "whose super block is the index block",
      (d, _header, index) => {
        d.setAddress(index + 14 + (4 + 6) * 8, index);
        d.seal(index, indexBlockBytes(8));
      },
      /FormatError: Extensible array super block.*signature/,
    ],
  ];
  it.each(cases)("%s", (_, damage, expected) => {
    const damaged = new Damaged("v110");
    const header = damaged.index("deep_first");
    damage(damaged, header, damaged.address(header + 60));
    const { read, list } = outcomes(damaged, "deep_first");
    for (const outcome of [read, list]) expect(outcome).toMatch(expected);
  });

  it("whose data blocks stand in two places is not walked twice", () => {
    const damaged = new Damaged("v110");
    const index = damaged.address(damaged.index("deep_first") + 60);
    const blocks = index + 14 + 4 * 8;
    damaged.setAddress(blocks + 2 * 8, damaged.address(blocks + 8));
    damaged.seal(index, indexBlockBytes(8));
    expect(outcomes(damaged, "deep_first").list).toMatch(/FormatError.*two places/);
  });
});

describe("a damaged version 2 B-tree", () => {
  const HEADER = 38;
  const cases: [string, (d: Damaged, header: number) => void, RegExp][] = [
    ["with a wrong checksum", (d, header) => d.view.setUint8(header + 8, 1), /FormatError.*checksum/],
    [
      "of another type of records",
      (d, header) => {
        d.view.setUint8(header + 5, 5);
        d.seal(header, HEADER);
      },
      /FormatError.*wrong type/,
    ],
    [
      "with records of another size",
      (d, header) => {
        d.view.setUint16(header + 10, 25, true);
        d.seal(header, HEADER);
      },
      /FormatError.*wrong size/,
    ],
    [
      "too deep",
      (d, header) => {
        d.view.setUint16(header + 12, 65_535, true);
        d.seal(header, HEADER);
      },
      /LimitError.*treeDepth/,
    ],
    [
      "with more records in its root than fit",
      (d, header) => {
        d.view.setUint16(header + 24, 65_535, true);
        d.setAddress(header + 26, 70_000);
        d.seal(header, HEADER);
      },
      /FormatError.*more records/,
    ],
    [
      "whose root is its header",
      (d, header) => {
        d.setAddress(header + 16, header);
        d.seal(header, HEADER);
      },
      /FormatError.*signature/,
    ],
  ];
  it.each(cases)("%s", (_, damage, expected) => {
    const damaged = new Damaged("v110");
    damage(damaged, damaged.index("deep_all"));
    const { read, list, find } = outcomes(damaged, "deep_all");
    for (const outcome of [read, list, find]) expect(outcome).toMatch(expected);
  });

  it("of another dataset's filters is refused", () => {
    const damaged = new Damaged("v110");
    const plain = damaged.index("two_all");
    const deflated = damaged.index("two_all_deflate");
    damaged.bytes.set(damaged.bytes.slice(deflated, deflated + HEADER), plain);
    for (const outcome of Object.values(outcomes(damaged, "two_all")))
      expect(outcome).toMatch(/FormatError.*wrong type/);
  });
});
