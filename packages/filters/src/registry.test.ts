import { describe, expect, it } from "vitest";
import { shuffle } from "./codecs/shuffle.ts";
import { defaultFilters } from "./default.ts";
import type { Codec } from "./filter.ts";
import { readerFilters } from "./reader.ts";
import { createRegistry, emptyRegistry, lazyFilter, loadFilters, staticFilter, withFilter } from "./registry.ts";

describe("registry", () => {
  it("finds by id, name and alias", () => {
    expect(readerFilters.get(1)?.name).toBe("deflate");
    expect(readerFilters.get("gzip")).toBe(readerFilters.get(1));
    expect(readerFilters.get("shuffle")?.id).toBe(2);
    expect(readerFilters.get(32000)).toBeUndefined();
    expect(readerFilters.get("toString")).toBeUndefined();
    expect([...readerFilters].every((filter) => filter.codec)).toBe(true);
  });
  it("is empty, extended, and never changed", () => {
    const mine = staticFilter(40000, "mine", shuffle);
    const more = withFilter(emptyRegistry, mine);
    expect([emptyRegistry.size, more.size, more.get("mine")]).toEqual([0, 1, mine]);
    const other = staticFilter(2, "shuffle", shuffle);
    expect(withFilter(readerFilters, other).get(2)).toBe(other);
    expect(readerFilters.get(2)).not.toBe(other);
  });
  it("loads a codec once, and again after a failure", async () => {
    let calls = 0;
    const filter = lazyFilter(9, "nine", async (): Promise<Codec> => {
      if (++calls === 1) throw new Error("offline");
      return shuffle;
    });
    await expect(filter.load()).rejects.toThrow("offline");
    expect(filter.loadSync?.()).toBeUndefined();
    expect(await Promise.all([filter.load(), filter.load()])).toEqual([shuffle, shuffle]);
    expect(calls).toBe(2);
    expect([filter.codec, filter.loadSync?.()]).toEqual([shuffle, shuffle]);
  });
  it("loads by name, id, or all", async () => {
    const made = () => lazyFilter(9, "nine", async () => shuffle);
    const [a, b] = [createRegistry([made()]), createRegistry([made()])];
    await loadFilters(a, ["nine"]);
    await loadFilters(b);
    expect([a.get(9)?.codec, b.get(9)?.codec]).toEqual([shuffle, shuffle]);
    await expect(loadFilters(a, ["ten"])).rejects.toThrow(RangeError);
  });
  it("has in its default every filter loadable", async () => {
    for (const filter of defaultFilters) expect((await filter.load()).decode).toBeTypeOf("function");
  });
  it("says what can be done with a filter here and now", async () => {
    const codec = async (): Promise<Codec> => shuffle;
    const registry = createRegistry([
      lazyFilter(9, "later", codec),
      lazyFilter(10, "at once", codec, () => shuffle),
      staticFilter(11, "one way", { decode: shuffle.decode }),
    ]);
    const none = { decode: false, encode: false, sync: false };
    const all = { decode: true, encode: true, sync: true };
    expect([registry.available(12), registry.available("zstd")]).toEqual([none, none]);
    expect(registry.available(9)).toEqual({ ...all, sync: false });
    expect(registry.available("at once")).toEqual(all);
    expect(registry.available(11)).toEqual({ ...all, encode: false });
    await loadFilters(registry, [9]);
    expect(registry.available("later")).toEqual(all);
    expect(readerFilters.available("gzip")).toEqual({ ...all, encode: false });
    expect(defaultFilters.available(32022)).toEqual({ ...all, encode: false });
    for (const { id } of defaultFilters) expect(defaultFilters.available(id).decode).toBe(true);
  });
  it("has the names that other programs give filters", () => {
    const names: Record<string, number> = { gzip: 1, zlib: 1, bz2: 307, bshuf: 32008, "scale-offset": 6 };
    for (const [name, id] of Object.entries(names)) expect(defaultFilters.get(name)?.id).toBe(id);
  });
  it("names filters that it does not have", () => {
    const mine = withFilter(defaultFilters, staticFilter(40_000, "mine", shuffle));
    expect([32003, 32017, 32024, 32019].map((id) => mine.describe(id))).toEqual([
      "Snappy (filter 32003)",
      "SZ (filter 32017)",
      "SZ3 (filter 32024)",
      "JPEG (filter 32019)",
    ]);
    expect([mine.describe(40_000), mine.describe(300)]).toEqual([
      "mine (filter 40000)",
      "filter 300, of the range for testing",
    ]);
    expect(emptyRegistry.describe(305)).toBe("filter 305");
  });
});
