/** What those who hold objects see of changes made elsewhere: names, comments, members that cannot be reached. */
import { describe, expect, it } from "vitest";
import { MemoryStorage, open, openSync } from "./index.ts";

describe("names of objects that are held", () => {
  it("are those of today when links are moved", () => {
    const file = openSync(new MemoryStorage(), "w");
    const data = file.createDataset("a/b/c", { data: 1 });
    const group = file.group("a/b");
    file.createHardLink("hard", data);
    const hard = file.dataset("hard");
    file.move("a/b", "new/x");
    expect([data.name, group.name, hard.name]).toEqual(["/new/x/c", "/new/x", "/hard"]);
    expect([data.parent.name, group.parent.name]).toEqual(["/new/x", "/new"]);
    file.move("new/x/c", "a/q");
    expect([data.name, data.parent.name]).toEqual(["/a/q", "/a"]);
    data.attrs.set("there", 1);
    file.createGroup("a/quite");
    file.move("hard", "a/harder");
    expect([hard.name, file.group("a/quite").name]).toEqual(["/a/harder", "/a/quite"]);
    file.delete("a/q");
    expect([data.name, hard.name, data.attrs.has("there")]).toEqual([undefined, "/a/harder", true]);
    expect(() => data.parent).toThrow(expect.objectContaining({ name: "NotFoundError" }));
    file.close();
  });

  it("stand in errors", async () => {
    const file = await open(new MemoryStorage(), "w");
    const group = await file.createGroup("old");
    await file.move("old", "new");
    await expect(group.dataset("none")).rejects.toMatchObject({ path: "/new/none" });
    await file.close();
  });
});

describe.each(["earliest", "latest"] as const)("comments, libver %s", (libver) => {
  it("are set, replaced and removed", async () => {
    const storage = new MemoryStorage();
    const file = await open(storage, "w", { libver });
    const group = await file.createGroup("g");
    const again = await file.group("g");
    expect(group.comment).toBeUndefined();
    await group.setComment("größer");
    expect(again.comment).toBe("größer");
    const data = await group.createDataset("d", { data: [1, 2] });
    await data.setComment("x".repeat(3000));
    await data.setComment("short");
    await data.setComment("");
    await file.setComment("of the whole");
    await expect(data.setComment("a\0b")).rejects.toMatchObject({ name: "UnsupportedError" });
    await expect(data.setComment("x".repeat(70_000))).rejects.toMatchObject({ name: "LimitError" });
    await file.copy("g", "copy");
    await file.close();
    const read = openSync(storage.toUint8Array());
    const all = ["/", "g", "g/d", "copy"].map((path) => read.get(path)?.comment);
    expect(all).toEqual(["of the whole", "größer", undefined, "größer"]);
    await expect(async () => read.group("g").setComment("no")).rejects.toMatchObject({ name: "ClosedError" });
  });
});

it("copies keep when their originals were made and changed", () => {
  const storage = new MemoryStorage();
  const from = openSync(storage, "w", { libver: "latest" });
  from.createDataset("x", { data: [1, 2, 3], trackTimes: true, chunks: [2] }).attrs.set("a", 1);
  from.createGroup("g", { trackTimes: true });
  from.close();
  // An hour earlier.
  const early = openSync(storage.toUint8Array().slice());
  const { times } = early.dataset("x").info;
  expect(Object.keys(times!)).toHaveLength(4);
  const into = openSync(new MemoryStorage(), "w", { libver: "latest" });
  into.copy(early.dataset("x"), "y");
  expect(into.dataset("y").info.times).toEqual(times);
  into.copyMembers(early.group("/"));
  expect(into.group("g").info.times).toEqual(early.group("g").info.times);
  const old = openSync(new MemoryStorage(), "w", { libver: "earliest" });
  old.copyMembers(early.group("/"));
  expect(old.dataset("x").info.times).toEqual({ modified: times!.changed });
});

it("members that may not be reached are `undefined` among the others", () => {
  const file = openSync(new MemoryStorage(), "w");
  file.createGroup("a");
  file.createExternalLink("outside", "other.h5", "/x");
  file.createSoftLink("dangling", "/none");
  expect(file.values().map((one) => one?.name)).toEqual(["/a", undefined, undefined]);
  expect(file.entries().map(([name]) => name)).toEqual(["a", "dangling", "outside"]);
  expect(() => file.get("outside")).toThrow(expect.objectContaining({ name: "PolicyError" }));
});
