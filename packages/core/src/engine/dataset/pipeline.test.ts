import { type Codec, CodecError, createRegistry, describeFilter, type Filter, type OutputSize } from "@h5ts/filters";
import { describe, expect, it } from "vitest";
import { isH5Error } from "../../errors.ts";
import type { FilterDescription } from "../../format/messages/filter-pipeline.ts";
import { runAsync } from "../../steps/run-async.ts";
import { runSync } from "../../steps/run-sync.ts";
import type { EngineFile } from "../file.ts";
import { DEFAULT_LIMITS } from "../limits.ts";
import { openPipeline, Pipeline, peekPipeline } from "./pipeline.ts";

const WHAT = { structure: "Chunk at [0, 4]", address: 64 };
const what = (): typeof WHAT => WHAT;
const filter = (id: number, name = ""): FilterDescription => ({ id, name, flags: 0, clientData: [id] });

/** Adds one to every byte when undone, and notes what it was told. */
function adder(told: OutputSize[], grows?: number): Codec {
  return {
    encodedSize: grows === undefined ? undefined : (length) => length + grows,
    decode(input, _clientData, size) {
      told.push(size);
      const end = grows === undefined ? input.length : input.length - grows;
      return input.slice(0, end).map((byte) => byte + 1);
    },
  };
}

const doubler: Codec = { decode: (input) => input.map((byte) => byte * 2) };
const LIMIT = 1 << 20;

/** A pipeline of these codecs. */
function pipelineOf(filters: readonly FilterDescription[], codecs: readonly Codec[], chunkBytes = LIMIT): Pipeline {
  const file = { limits: { ...DEFAULT_LIMITS, chunkBytes }, filters: { get: () => undefined } };
  return new Pipeline(file as unknown as EngineFile, filters, codecs);
}

describe("pipeline", () => {
  it("undoes the last filter first, and leaves out those of the mask", () => {
    const pipeline = pipelineOf([filter(1), filter(2)], [adder([]), doubler]);
    expect([...pipeline.decode(Uint8Array.of(3), 0, { length: 1 }, what)]).toEqual([7]);
    expect([...pipeline.decode(Uint8Array.of(3), 1, { length: 1 }, what)]).toEqual([6]);
    expect([...pipeline.decode(Uint8Array.of(3), 2, { length: 1 }, what)]).toEqual([4]);
    expect([...pipeline.decode(Uint8Array.of(3), 3, { length: 1 }, what)]).toEqual([3]);
  });

  it("tells each filter the exact size where those before it determine it", () => {
    const told: OutputSize[] = [];
    const codecs = [adder(told, 4), adder(told), adder(told, 2)];
    const pipeline = pipelineOf([filter(1), filter(2), filter(3)], codecs);
    pipeline.decode(new Uint8Array(106), 0, { length: 100 }, what);
    expect(told.map((size) => size.exact)).toEqual([undefined, 104, 100]);
    told.length = 0;
    pipeline.decode(new Uint8Array(106), 2, { length: 100 }, what);
    expect(told.map((size) => size.exact)).toEqual([104, 100]);
    told.length = 0;
    pipeline.decode(new Uint8Array(102), 1, { length: 100 }, what);
    expect(told.map((size) => [size.exact, size.max <= LIMIT])).toEqual([
      [undefined, true],
      [100, true],
    ]);
  });

  it("lets a filter say in decoding that its client data makes no sense, though it is asked for sizes before", () => {
    const fail = (): never => {
      throw new CodecError("odd", "no client data");
    };
    const pipeline = pipelineOf([filter(1), filter(2)], [{ encodedSize: fail, decode: fail }, adder([])]);
    const decode = (): Uint8Array => pipeline.decode(new Uint8Array(4), 0, { length: 4 }, what);
    expect(decode).toThrow(expect.objectContaining({ name: "FilterError", address: 64 }));
  });

  it("bounds what it does not know by the limit", () => {
    const told: OutputSize[] = [];
    const pipeline = pipelineOf([filter(1), filter(2)], [adder([]), adder(told)], 5000);
    pipeline.decode(new Uint8Array(4000), 0, { length: 4000 }, what);
    expect(told).toEqual([{ max: 5000 }]);
  });

  it("lets codecs say how much they may expand, and follows that through the pipeline", () => {
    const told: OutputSize[] = [];
    const tenfold: Codec = { ...adder([]), maxEncodedSize: (length) => 10 * length };
    const pipeline = pipelineOf([filter(1), filter(2), filter(3)], [tenfold, adder(told, 4), adder(told)]);
    pipeline.decode(new Uint8Array(104), 0, { length: 100 }, what);
    expect(told).toEqual([{ max: 1000 + 500 + 65_536 }, { max: 1000 }]);
  });

  function failure(run: () => unknown): string {
    try {
      run();
    } catch (error) {
      if (isH5Error(error, "FilterError")) return error.message;
      throw error;
    }
    return "no error";
  }

  it("names the filter, its id and the chunk where it fails", () => {
    const bad: Codec = {
      decode() {
        throw new Error("back reference before the start");
      },
    };
    const run = (): unknown =>
      pipelineOf([filter(32000, "lzf")], [bad]).decode(new Uint8Array(3), 0, { length: 9 }, what);
    expect(failure(run)).toBe(
      "Chunk at [0, 4] at 0x40: cannot be decoded by the filter 32000 (lzf): back reference before the start",
    );
  });

  it("refuses an output of a wrong size", () => {
    const run = (length: number) => (): unknown =>
      pipelineOf([filter(1)], [doubler]).decode(new Uint8Array(8), 0, { length }, what);
    expect(failure(run(9))).toMatch(/wrong size behind its filters \(found "8 bytes"; allowed: 9\)/);
    expect(failure(run(7))).toMatch(/wrong size/);
    const skipped = (): unknown => pipelineOf([filter(1)], [doubler]).decode(new Uint8Array(8), 1, { length: 9 }, what);
    expect(failure(skipped)).toMatch(/wrong size/);
  });

  it("takes fewer bytes where those will do, and no fewer", () => {
    const exact: Codec = {
      decode(input, _clientData, size) {
        if (size.exact !== undefined && size.exact !== input.length) throw new Error(`${input.length} bytes`);
        return input;
      },
    };
    const pipeline = pipelineOf([filter(1)], [exact]);
    const decode = (stored: number) => (): number =>
      pipeline.decode(new Uint8Array(stored), 0, { length: 9, least: () => 5 }, what).length;
    expect([5, 7, 9].map((n) => decode(n)())).toEqual([5, 7, 9]);
    expect(failure(decode(4))).toMatch(/4 bytes/);
    expect(failure(decode(10))).toMatch(/10 bytes/);
  });

  it("hands work to other threads where filters can", async () => {
    const elsewhere: Codec = { ...doubler, decodeAsync: async (input) => input.map((byte) => byte * 3) };
    const pipeline = pipelineOf([filter(1), filter(2)], [adder([]), elsewhere]);
    expect(pipeline.asyncFor(1)).toBe(true);
    expect(pipelineOf([filter(1)], [{ ...elsewhere, asyncFrom: 10 }]).asyncFor(9)).toBe(false);
    expect([...(await pipeline.decodeAsync(Uint8Array.of(3), 0, { length: 1 }, what))]).toEqual([10]);
    expect(pipelineOf([filter(1)], [doubler]).asyncFor(1)).toBe(false);
    await expect(pipeline.decodeAsync(Uint8Array.of(3), 0, { length: 2 }, what)).rejects.toThrow(/wrong size/);
  });
});

describe("opening a pipeline", () => {
  function fileWith(...filters: Filter[]): EngineFile {
    const registry = { get: (id: number) => filters.find((f) => f.id === id) };
    return { filters: registry, limits: DEFAULT_LIMITS } as Partial<EngineFile> as EngineFile;
  }
  const lazy = (loadSync?: () => Codec): Filter => ({ id: 7, name: "seven", load: async () => doubler, loadSync });
  const wanted = { filters: [filter(7, "seven")] };

  it("loads what is not there yet, in the manner of the mode", async () => {
    const decode = (pipeline: Pipeline): number[] => [...pipeline.decode(Uint8Array.of(2), 0, { length: 1 }, what)];
    expect(decode(await runAsync(openPipeline(fileWith(lazy()), wanted, WHAT)))).toEqual([4]);
    expect(decode(runSync(openPipeline(fileWith(lazy(() => doubler)), wanted, WHAT)))).toEqual([4]);
    expect(peekPipeline(fileWith(lazy()), wanted)).toBeUndefined();
    expect(decode(peekPipeline(fileWith({ ...lazy(), codec: doubler }), wanted)!)).toEqual([4]);
  });

  it("says in sync mode what to do where nothing can be loaded", () => {
    const run = (): unknown => runSync(openPipeline(fileWith(lazy()), wanted, WHAT));
    expect(run).toThrow(/needs the filter 7 \(seven\).*await loadFilters\(\["seven"\]\)/);
  });

  it("says why a codec cannot be loaded", async () => {
    const broken: Filter = { ...lazy(), load: () => Promise.reject(new Error("no network")) };
    await expect(runAsync(openPipeline(fileWith(broken), wanted, WHAT))).rejects.toThrow(
      /needs the filter 7 \(seven\), which cannot be loaded: no network/,
    );
  });

  it("misses a filter only where a chunk needs it", () => {
    const pipeline = runSync(openPipeline(fileWith(), wanted, WHAT));
    expect([...pipeline.decode(Uint8Array.of(2), 1, { length: 1 }, what)]).toEqual([2]);
    const run = (): unknown => pipeline.decode(Uint8Array.of(2), 0, { length: 1 }, what);
    expect(run).toThrow(/Chunk at \[0, 4\] at 0x40: needs filter 7, which it was opened without/);
    expect(run).toThrow(expect.objectContaining({ name: "UnsupportedError" }));
  });

  it("has the name of a filter that is missing from the registry, where that knows it", () => {
    const file = { limits: DEFAULT_LIMITS, filters: createRegistry([], describeFilter) } as Partial<EngineFile>;
    const pipeline = runSync(openPipeline(file as EngineFile, { filters: [filter(305)] }, WHAT));
    const run = (): unknown => pipeline.decode(Uint8Array.of(2), 0, { length: 1 }, what);
    expect(run).toThrow(/needs LZO \(filter 305\).*withFilter/);
  });
});
