import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sample } from "../../test/bytes.ts";
import { defaultFilters } from "../default.ts";
import type { Filter } from "../filter.ts";
import { readerFilters } from "../reader.ts";
import { withFilter } from "../registry.ts";

const names = readdirSync(new URL(".", import.meta.url))
  .filter((name) => !name.endsWith(".test.ts"))
  .map((name) => name.slice(0, -".ts".length));

describe("entries of single filters", () => {
  it("are there for every filter that the reader lacks, and for deflate, which it only decodes", () => {
    const wanted = [...defaultFilters].filter(({ id }) => id === 1 || (id > 3 && id !== 32022 && id !== 32023));
    expect(names.sort()).toEqual(wanted.map(({ name }) => name).sort());
  });
  it.each(names)("%s is the filter of the default registry, at once", async (name) => {
    const module = (await import(`../entries/${name}.ts`)) as Record<string, Filter>;
    const filter = module[name];
    const usual = defaultFilters.get(name);
    expect([filter.id, filter.name, filter.aliases]).toEqual([usual?.id, usual?.name, usual?.aliases]);
    const registry = withFilter(readerFilters, filter);
    const encode = name !== "lzo";
    expect(registry.available(filter.id)).toEqual({ decode: true, encode, sync: true });
    if (!encode) return;
    const type = { class: "integer", size: 4, order: "le", signed: true };
    const data = sample("walk", 4096);
    const clientData = filter.codec?.clientData?.(undefined, { dims: [1024], type }) ?? [];
    const stored = filter.codec?.encode?.(data, clientData) ?? data;
    expect(filter.codec?.decode(stored, clientData, { exact: 4096, max: 4096 })).toEqual(data);
  });
});
