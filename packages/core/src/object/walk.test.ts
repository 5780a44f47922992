import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeReader } from "../../test/support/fake-reader.ts";
import { opened, type } from "../../test/support/opened.ts";
import { FormatError } from "../errors.ts";

function visited(reader: FakeReader): string[] {
  const paths: string[] = [];
  opened("sync", reader).visit((path) => void paths.push(path));
  return paths;
}

/** What h5py does, without fetching ahead. */
function model(reader: FakeReader): string[] {
  const seen = new Set([reader.at("/").info.address as number]);
  const paths: string[] = [];
  const enter = (path: string): void => {
    const links = [...reader.at(`/${path}`).links.values()];
    links.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
    for (const link of links) {
      if (link.type !== "hard" || seen.has(link.address)) continue;
      seen.add(link.address);
      const child = path === "" ? link.name : `${path}/${link.name}`;
      paths.push(child);
      enter(child);
    }
  };
  enter("");
  return paths;
}

/** A file of groups, each a member of an earlier one, with more hard links between any two. */
const files = fc
  .record({
    parents: fc.array(fc.nat(), { maxLength: 300 }),
    more: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 40 }),
  })
  .map(({ parents, more }) => {
    const reader = new FakeReader();
    const paths = [""];
    parents.forEach((parent, i) => {
      const path = `${paths[parent % paths.length]}/${(i * 7919) % 1000}`;
      reader.addGroup(path);
      paths.push(path);
    });
    more.forEach(([from, to], i) => {
      const { address } = reader.at(paths[to % paths.length]).info;
      reader.addLink(`${paths[from % paths.length]}/link${i}`, { type: "hard", address });
    });
    return reader;
  });

describe("visit", () => {
  it("has the order of a plain depth-first visit by name, each object once, rings and all", () => {
    fc.assert(
      fc.property(files, (reader) => {
        expect(visited(reader)).toEqual(model(reader));
      }),
      { numRuns: 200 },
    );
  });

  it("goes by the bytes of names, whatever order a group tracks", () => {
    const reader = new FakeReader();
    reader.addGroup("/b", true);
    for (const path of ["/b/z", "/b/A", "/b/é", "/b/a", "/a"]) reader.addGroup(path);
    expect(visited(reader)).toEqual(["a", "b", "b/A", "b/a", "b/z", "b/é"]);
  });

  it("follows hard links only", () => {
    const reader = new FakeReader();
    reader.addGroup("/g");
    reader.addLink("/s", { type: "soft", target: "/g" });
    reader.addLink("/e", { type: "external", file: "b.h5", target: "/", flags: 0 });
    expect(visited(reader)).toEqual(["g"]);
  });

  it("takes few rounds, and few objects ahead", async () => {
    const reader = new FakeReader();
    for (let g = 0; g < 20; g++) {
      reader.addGroup(`/g${g}`);
      for (let d = 0; d < 50; d++) reader.addDataset(`/g${g}/d${d}`, type("f4"), [d]);
    }
    const file = await opened("async", reader);
    reader.storage.accesses.length = 0;
    let count = 0;
    await file.visitItems(() => void count++);
    expect(count).toBe(1020);
    // Links of the root; the groups; their links; the datasets.
    expect(reader.storage.accesses).toEqual([1, 20, 20, 1000]);
  });

  it("holds at most a window of objects that were not given yet", () => {
    const reader = new FakeReader();
    for (let i = 0; i < 300; i++) reader.addDataset(`/${i}`, type("f4"), []);
    const file = opened("sync", reader);
    reader.storage.accesses.length = 0;
    file.visit(() => true);
    expect(reader.storage.accesses).toEqual([1, 64]);
  });

  it("ends at the first value, and gives it", async () => {
    const reader = new FakeReader();
    for (const path of ["/a", "/b", "/c"]) reader.addGroup(path);
    const seen: string[] = [];
    const find = (path: string): string | undefined => {
      seen.push(path);
      return path === "b" ? "found" : undefined;
    };
    expect(opened("sync", reader).visit(find)).toBe("found");
    expect(seen).toEqual(["a", "b"]);
    const file = await opened("async", reader);
    expect(await file.visit(async (path) => find(path))).toBe("found");
    expect(await file.visit(() => undefined)).toBeUndefined();
  });

  it("gives objects with their parents", () => {
    const reader = new FakeReader();
    reader.addGroup("/g");
    reader.addDataset("/g/d", type("f4"), []);
    const file = opened("sync", reader);
    const parents = new Map<string, string | undefined>();
    file.visitItems((path, object) => void parents.set(path, object.parent.name));
    expect([...parents]).toEqual([
      ["g", "/"],
      ["g/d", "/g"],
    ]);
    const inner: string[] = [];
    file.group("g").visitItems((path, object) => void inner.push(`${path} ${object.name}`));
    expect(inner).toEqual(["d /g/d"]);
  });

  it("fails at a damaged object, after those before it", () => {
    const reader = new FakeReader();
    for (const path of ["/a", "/b", "/c"]) reader.addGroup(path);
    reader.at("/b").broken = new FormatError("is damaged");
    const seen: string[] = [];
    expect(() => opened("sync", reader).visit((path) => void seen.push(path))).toThrow('"/b": is damaged');
    expect(seen).toEqual(["a"]);
  });

  it("passes on what a visitor throws", async () => {
    const reader = new FakeReader();
    reader.addGroup("/a");
    const fail = (): never => {
      throw new RangeError("mine");
    };
    expect(() => opened("sync", reader).visit(fail)).toThrow(RangeError);
    await expect((await opened("async", reader)).visit(fail)).rejects.toThrow(RangeError);
  });
});
