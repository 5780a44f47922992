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
});
