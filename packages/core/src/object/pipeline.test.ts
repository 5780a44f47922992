import { describe, expect, it } from "vitest";
import { FakeReader } from "../../test/support/fake-reader.ts";
import { opened, type } from "../../test/support/opened.ts";
import type { DatasetInfo } from "../contract.ts";
import type { Dataset } from "./dataset.ts";

const NAMES: Record<number, string> = {
  1: "deflate",
  2: "shuffle",
  3: "fletcher32",
  4: "szip",
  32000: "lzf",
  32015: "zstd",
};

type Stored = DatasetInfo["pipeline"]["filters"][number];
const filter = (id: number, clientData: number[] = [], name = "", flags = 0): Stored => ({
  id,
  name,
  flags,
  clientData,
});

function dataset(...filters: Stored[]): Dataset<"sync"> {
  const reader = new FakeReader();
  reader.addDataset("/d", type("f4"), [10], { pipeline: { filters } });
  return opened("sync", reader, { filterName: (id) => NAMES[id] }).dataset("d");
}

describe("in h5py's words", () => {
  const cases: [name: string, filters: Stored[], compression: string | number | undefined, opts: unknown][] = [
    ["none", [], undefined, undefined],
    ["gzip", [filter(1, [4])], "gzip", 4],
    ["gzip after shuffle", [filter(2, [4]), filter(1, [9])], "gzip", 9],
    ["lzf", [filter(32000, [4, 261, 400])], "lzf", undefined],
    ["szip, nearest neighbour", [filter(4, [0x80 | 32, 8, 32, 100])], "szip", ["nn", 8]],
    ["szip, entropy", [filter(4, [0x80 | 4, 16, 32, 100])], "szip", ["ec", 16]],
    ["zstd", [filter(32015, [3])], "zstd", [3]],
    ["a name that only the file knows", [filter(305, [1, 2], "lzo")], "lzo", [1, 2]],
    ["no name", [filter(40_000)], 40_000, []],
    ["checksum alone", [filter(3)], undefined, undefined],
    ["nbit and scale-offset", [filter(5), filter(6, [2, 3])], undefined, undefined],
  ];
  it.each(cases)("%s", (_, filters, compression, opts) => {
    expect(dataset(...filters)).toMatchObject({ compression, compressionOpts: opts });
  });

  it("shuffle, fletcher32 and scaleOffset have properties of their own", () => {
    expect(dataset(filter(2), filter(3))).toMatchObject({ shuffle: true, fletcher32: true, scaleOffset: undefined });
    expect(dataset(filter(6, [2, 7]))).toMatchObject({ shuffle: false, fletcher32: false, scaleOffset: 7 });
  });

  it("filters lists all, in the order of writing", () => {
    expect(dataset(filter(2, [4], "SHUF"), filter(7, [], "mine", 1)).filters).toEqual([
      { id: 2, name: "shuffle", clientData: [4], optional: false },
      { id: 7, name: "mine", clientData: [], optional: true },
    ]);
  });
});
