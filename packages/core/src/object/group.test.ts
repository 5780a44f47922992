import { describe, expect, it } from "vitest";
import { FakeReader } from "../../test/support/fake-reader.ts";
import { opened, type } from "../../test/support/opened.ts";
import { isH5Error } from "../errors.ts";

function sample(): FakeReader {
  const reader = new FakeReader("a.h5");
  reader.addGroup("/g");
  reader.addDataset("/g/d", type("<i4"), [2, 3]);
  reader.addDatatype("/type", type(">f8"));
  reader.addUnknown("/odd");
  reader.addLink("/soft", { type: "soft", target: "/g" });
  reader.addLink("/broken", { type: "soft", target: "/nowhere" });
  reader.addLink("/own", { type: "user", code: 99, data: Uint8Array.of(1, 2) });
  reader.addLink("/ext", { type: "external", file: "b.h5", target: "/x", flags: 0 });
  reader.addLink("/gone", { type: "external", file: "c.h5", target: "/x", flags: 0 });
  const other = new FakeReader("b.h5");
  other.addGroup("/x");
  other.addDataset("/x/y", type("u1"), []);
  reader.others.set("b.h5", other);
  return reader;
}

describe("paths", () => {
  const file = opened("sync", sample());

  it.each([
    ["g", "/g", "/"],
    ["/g/d", "/g/d", "/g"],
    ["g/./d", "/g/d", "/g"],
    ["g//d/", "/g/d", "/g"],
    ["soft/d", "/soft/d", "/soft"],
    [".", "/", "/"],
    ["/", "/", "/"],
    ["ext", "/x", "/"],
    ["ext/y", "/x/y", "/x"],
  ])("%s is %s in %s", (path, name, parent) => {
    const object = file.get(path);
    expect(object?.name).toBe(name);
    expect(object?.parent.name).toBe(parent);
  });

  it.each(["", "nope", "broken", "gone", "g/d/x", "type/x"])("nothing at %j", (path) => {
    expect(file.get(path)).toBeUndefined();
    expect(() => file.group(path)).toThrow(expect.objectContaining({ name: "NotFoundError" }));
  });

  it("start at the group, or at the root of its file", () => {
    const group = file.group("g");
    expect(group.get("d")?.name).toBe("/g/d");
    expect(group.get("/type")?.name).toBe("/type");
    expect(file.group("ext").get("/x/y")?.name).toBe("/x/y");
    expect(file.group("ext").get("/g")).toBeUndefined();
  });

  it("lead into other files", () => {
    const y = file.dataset("ext/y");
    expect(y.file.filename).toBe("b.h5");
    expect(y.file.get("x")?.kind).toBe("group");
    expect(file.dataset("g/d").file).toBe(file);
  });

  it("do not lead through user-defined links", () => {
    expect(() => file.get("own")).toThrow(/user-defined link.*99/);
  });
});

describe("kinds", () => {
  const file = opened("sync", sample());

  it.each([
    ["g", "group"],
    ["g/d", "dataset"],
    ["type", "datatype"],
    ["odd", "unknown"],
  ])("%s is a %s", (path, kind) => {
    expect(file.get(path)?.kind).toBe(kind);
  });

  it("are asserted by group() and dataset(), naming path and kind", () => {
    expect(() => file.group("g/d")).toThrow(/"\/g\/d": is no group.*dataset/);
    expect(() => file.dataset("g")).toThrow(/"\/g": is no dataset.*group/);
    expect(() => file.group("g").dataset("nope")).toThrow(/"\/g\/nope": does not exist/);
  });

  it("show as in h5py", () => {
    expect(String(file)).toBe('<HDF5 file "a.h5" (mode r)>');
    expect(String(file.get("g"))).toBe('<HDF5 group "/g">');
    expect(String(file.get("type"))).toBe('<HDF5 named type "/type" (dtype >f8)>');
    expect(String(file.get("odd"))).toBe('<HDF5 object of unknown kind "/odd">');
  });
});

describe("dtypes", () => {
  const file = opened("sync", sample());

  it.each(["i4", "<i4", ">i4", "int32"] as const)("%s is what /g/d has", (name) => {
    expect(file.dataset("g/d", name).name).toBe("/g/d");
  });

  it.each(["i8", "u4", "f4", "i2"] as const)("%s is not", (name) => {
    expect(() => file.dataset("g/d", name)).toThrow(/"\/g\/d": is of another datatype \(found "<i4"/);
  });
});

describe("links", () => {
  const file = opened("sync", sample());

  it("are listed by name", () => {
    const names = ["broken", "ext", "g", "gone", "odd", "own", "soft", "type"];
    expect(file.keys()).toEqual(names);
    expect([...file]).toEqual(names);
    expect(file.count()).toBe(names.length);
    expect(file.links().map(([name, link]) => `${name} ${link.type}`)).toEqual([
      "broken soft",
      "ext external",
      "g hard",
      "gone external",
      "odd hard",
      "own user",
      "soft soft",
      "type hard",
    ]);
  });

  it("are values", () => {
    expect(file.getLink("g/d")).toMatchObject({ type: "hard", address: file.dataset("g/d").info.address });
    expect(file.getLink("broken")).toMatchObject({ type: "soft", path: "/nowhere" });
    expect(file.getLink("ext")).toMatchObject({ type: "external", filename: "b.h5", path: "/x" });
    expect(file.getLink("own")).toMatchObject({ type: "user", code: 99, data: Uint8Array.of(1, 2) });
    expect(file.getLink("nope")).toBeUndefined();
    expect(file.getLink("nope/x")).toBeUndefined();
  });

  it.each([
    ["g", true],
    ["broken", true],
    ["ext", true],
    ["g/d", true],
    ["/", true],
    [".", true],
    ["", false],
    ["nope", false],
    ["broken/x", false],
    ["g/d/x", false],
  ])("has(%j) is %s", (path, there) => {
    expect(file.has(path)).toBe(there);
  });

  it("give their objects, and undefined where they lead nowhere", () => {
    expect(file.entries().map(([name, object]) => `${name} ${object?.name}`)).toEqual([
      "broken undefined",
      "ext /x",
      "g /g",
      "gone undefined",
      "odd /odd",
      "own undefined",
      "soft /soft",
      "type /type",
    ]);
    expect(file.values().map((object) => object?.kind)).toEqual(file.entries().map(([, object]) => object?.kind));
  });

  it("come in the order of creation where that is tracked", () => {
    const reader = new FakeReader();
    reader.addGroup("/t", true);
    for (const name of ["z", "a", "é", "b"]) reader.addGroup(`/t/${name}`);
    expect(opened("sync", reader).group("t").keys()).toEqual(["z", "a", "é", "b"]);
  });
});

describe("async mode", () => {
  it("gives promises of the same", async () => {
    const file = await opened("async", sample());
    expect((await file.get("g/d"))?.name).toBe("/g/d");
    expect(await file.keys()).toEqual(opened("sync", sample()).keys());
    const names: string[] = [];
    for await (const name of file) names.push(name);
    expect(names).toEqual(await file.keys());
    await expect(file.group("g/d")).rejects.toThrow(/is no group/);
    await file.close();
  });

  it("has no sync iterator, and sync mode no async one", async () => {
    const later = await opened("async", sample());
    expect(later[Symbol.iterator]).toBeUndefined();
    expect(later[Symbol.dispose]).toBeUndefined();
    expect(opened("sync", sample())[Symbol.asyncIterator]).toBeUndefined();
  });

  it("asks for the objects of a group in one round", async () => {
    const reader = new FakeReader();
    for (let i = 0; i < 500; i++) reader.addDataset(`/${i}`, type("f4"), [i]);
    const file = await opened("async", reader);
    reader.storage.accesses.length = 0;
    expect((await file.values()).length).toBe(500);
    expect(reader.storage.accesses).toEqual([1, 500]);
  });

  it("stops at a signal", async () => {
    const file = await opened("async", sample());
    const controller = new AbortController();
    const names = file.keys({ signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(names).rejects.toThrow("enough");
    await expect(file.keys({ signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  });
});

describe("closing", () => {
  it("refuses further calls, and keeps properties", () => {
    const reader = sample();
    const file = opened("sync", reader);
    const group = file.group("g");
    file.close();
    file.close();
    expect(reader.storage.closed).toBe(true);
    expect(group.name).toBe("/g");
    expect(String(file)).toBe("<Closed HDF5 file>");
    expect(() => group.keys()).toThrow(expect.objectContaining({ name: "ClosedError", path: "/g" }));
  });

  it("waits for calls under way, and refuses later ones", async () => {
    const reader = sample();
    const file = await opened("async", reader);
    const keys = file.keys();
    const closed = file.close();
    expect(reader.storage.closed).toBe(false);
    await expect(file.keys()).rejects.toSatisfy((error) => isH5Error(error, "ClosedError"));
    expect((await keys).length).toBe(8);
    await closed;
    expect(reader.storage.closed).toBe(true);
  });

  it("is done by using", async () => {
    const reader = sample();
    {
      using file = opened("sync", reader);
      expect(file.mode).toBe("r");
    }
    expect(reader.storage.closed).toBe(true);
    const later = sample();
    {
      await using file = await opened("async", later);
      expect(file.userblockSize).toBe(0);
    }
    expect(later.storage.closed).toBe(true);
  });

  it("may happen inside a visitor: the visit ends with a ClosedError", async () => {
    const now = opened("sync", sample());
    expect(() => now.visit(() => now.close())).toThrow(expect.objectContaining({ name: "ClosedError" }));
    const later = await opened("async", sample());
    await expect(later.visit(() => later.close())).rejects.toSatisfy((error) => isH5Error(error, "ClosedError"));
  });
});

describe("references", () => {
  const file = opened("sync", sample());

  it("lead back to the object", () => {
    const dataset = file.dataset("g/d");
    const found = file.get(dataset.ref);
    expect(found.info.address).toBe(dataset.info.address);
    expect(found.name).toBeUndefined();
    expect(() => found.parent).toThrow(/reference/);
    expect(String(found)).toContain("(anonymous)");
    expect(file.get(file.ref).name).toBe("/");
  });

  it("have a path, found by search", () => {
    expect(file.pathOf(file.dataset("g/d").ref)).toBe("/g/d");
    expect(file.pathOf(file.ref)).toBe("/");
  });
});
