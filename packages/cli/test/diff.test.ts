import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fixture, type Libhdf5File, madeFile, ran, ranJson } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

const made = (name: string, fill: (f: Libhdf5File) => void): string => madeFile(join(folder, name), fill);

function file(name: string, change: { x?: number; word?: string; unit?: string; more?: boolean } = {}): string {
  return made(name, (f) => {
    const group = f.create_group("group");
    const values = Float64Array.of(1, 2, 3, 4, Number.NaN, change.x ?? 6);
    group.create_dataset({ name: "values", data: values, shape: [2, 3] });
    group.create_dataset({ name: "words", data: ["one", change.word ?? "two"] });
    f.create_dataset({ name: "wide", data: new BigInt64Array([1n, 2n ** 60n]) });
    f.create_attribute("unit", change.unit ?? "m");
    if (change.more === true) f.create_dataset({ name: "more", data: new Int8Array(3) });
  });
}

interface Found {
  readonly differences: readonly { readonly path: string; readonly what: string; readonly count?: number }[];
}

const first = file("a.h5");

describe("diff", () => {
  it("finds nothing in files that hold the same, whatever their structures", async () => {
    expect(await ran("diff", first, file("same.h5"))).toMatchObject({ code: 0, out: "" });
    for (const name of ["compounds", "strings", "integers", "floats", "references", "links", "filters"])
      expect(await ran("diff", "--common", fixture(`${name}_earliest.h5`), fixture(`${name}_v110.h5`))).toMatchObject({
        code: 0,
        out: "",
      });
  });

  it("tells elements that differ, and where", async () => {
    const { code, out } = await ran("diff", first, file("x.h5", { x: 6.25, word: "zwei" }));
    expect(code).toBe(1);
    expect(out.split("\n")).toEqual([
      "/group/values: 1 element differs: [1, 2]: 6 and 6.25",
      '/group/words: 1 element differs: [1]: "two" and "zwei"',
    ]);
  });

  it.each<[string[], number]>([
    [["-d", "0.25"], 0],
    [["-d", "0.2"], 1],
    [["-p", "0.05"], 0],
    [["--relative", "0.04"], 1],
    [["--exclude", "/group/values"], 0],
    [["--exclude", "group"], 0],
  ])("%j of numbers 6 and 6.25: exit code %i", async (options, code) => {
    expect((await ran("diff", ...options, first, file("y.h5", { x: 6.25 }))).code).toBe(code);
  });

  it("tells attributes and objects that only one has", async () => {
    const other = file("unit.h5", { unit: "km", more: true });
    const { differences } = JSON.parse((await ran("diff", "--json", first, other)).out) as Found;
    expect(differences).toEqual([
      { path: "/", what: "attribute", attribute: "unit", detail: '"m" and "km"' },
      { path: "/more", what: "presence", detail: "only in the second" },
    ]);
    expect((await ran("diff", "--common", "--exclude-attribute", "unit", first, other)).code).toBe(0);
    expect(await ran("diff", "-q", first, other)).toMatchObject({ code: 1, out: "" });
  });

  it("compares objects by their paths", async () => {
    expect((await ran("diff", first, first, "/group/values", "/wide")).out).toMatch(/^\/: shape: \(2, 3\) and \(2,\)/);
    expect((await ran("diff", first, file("z.h5", { x: 7 }), "/wide")).code).toBe(0);
    expect((await ranJson<Found>("diff", first, first)).differences).toEqual([]);
  });

  it("is used wrongly, or finds no file", async () => {
    expect((await ran("diff", first)).code).toBe(2);
    expect((await ran("diff", "-d", "x", first, first)).err).toMatch(/--delta must be a number/);
    expect((await ran("diff", first, join(folder, "absent.h5"))).code).toBe(1);
    expect((await ran("diff", first, first, "/nowhere")).err).toMatch(/does not exist/);
  });
});
