import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultFilters } from "../src/default.ts";
import { CodecError } from "../src/filter.ts";
import { useKernels } from "../src/kernels/wasm-kernel.ts";
import { codecOf, decodeVector, loadAll, readVectors } from "./vectors.ts";

const vectors = readVectors();

beforeAll(loadAll);

describe.each([
  ["with kernels in WebAssembly", true],
  ["with their twins in TypeScript", false],
])("chunks that libhdf5 and hdf5plugin wrote, %s", (_title, kernels) => {
  let before = true;
  beforeAll(() => {
    before = useKernels(kernels);
  });
  afterAll(() => useKernels(before));

  it.each(vectors.map((vector) => [vector.name, vector] as const))("%s", (_name, vector) => {
    expect(Buffer.compare(decodeVector(vector, vector.chunk), vector.data)).toBe(0);
  });
  it("cover every filter of the default registry that has something to undo", () => {
    const covered = new Set(
      vectors.flatMap(({ filters, mask }) => filters.filter((_, i) => !((mask >>> i) & 1)).map((f) => f.id)),
    );
    // BitGroom and BitRound have nothing to undo; nothing that we can install writes LZO, whose own test has streams and the corpus files.
    const without = [32022, 32023, 305];
    const expected = [...defaultFilters].map((filter) => filter.id).filter((id) => !without.includes(id));
    expect([...covered].sort((a, b) => a - b)).toEqual(expected.sort((a, b) => a - b));
  });
  it("decode alike where the size is not known", () => {
    for (const vector of vectors) {
      const [filter] = vector.filters;
      if (vector.filters.length !== 1 || vector.mask & 1) continue;
      const data = codecOf(filter.id).decode(vector.chunk, filter.cd, { max: vector.data.length + 10 });
      expect(Buffer.compare(data, vector.data), vector.name).toBe(0);
    }
  });
  it("are errors where another size is expected", () => {
    for (const vector of vectors) {
      const [filter] = vector.filters;
      if (vector.filters.length !== 1 || vector.mask & 1) continue;
      const codec = codecOf(filter.id);
      for (const length of [vector.data.length - 1, vector.data.length + 1]) {
        const decode = () => codec.decode(vector.chunk, filter.cd, { exact: length, max: length });
        expect(decode, `${vector.name} as ${length} bytes`).toThrow(CodecError);
      }
      expect(() => codec.decode(vector.chunk, filter.cd, { max: vector.data.length - 1 }), vector.name).toThrow(
        CodecError,
      );
    }
  });
});
