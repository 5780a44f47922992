/** What h5py's groups and attributes have of Python's mappings, and its visits of links. */
import { describe, expect, it } from "vitest";
import { checkSync, MemoryStorage, open, openSync } from "./index.ts";

function sample(): MemoryStorage {
  const storage = new MemoryStorage();
  const file = openSync(storage, "w");
  file.createDataset("b/inner/x", { data: [1, 2] }).makeScale("x");
  file.createSoftLink("b/soft", "/b");
  file.createExternalLink("a", "other.h5", "/y");
  file.createHardLink("b/again", file.group("b/inner"));
  file.createHardLink("b/inner/up", file.group("b"));
  file.close();
  return storage;
}

const LINKS = [
  "a external",
  "b hard",
  "b/again hard",
  "b/again/up hard",
  "b/again/x hard",
  "b/inner hard",
  "b/soft soft",
];

describe("visitLinks", () => {
  it("visits every link, groups once", () => {
    const seen: string[] = [];
    openSync(sample()).visitLinks((path, link) => void seen.push(`${path} ${link.type}`));
    expect(seen).toEqual(LINKS);
  });

  it("waits for the visitor, and ends at the first value", async () => {
    const file = await open(sample());
    const seen: string[] = [];
    const found = await file.visitLinks(async (path, link) => {
      seen.push(path);
      return link.type === "hard" && path.endsWith("up") ? link : undefined;
    });
    expect(seen).toHaveLength(4);
    expect(found).toMatchObject({ type: "hard", address: (await file.group("b")).info.address });
    await file.close();
  });
});

it("groups are cleared, with all that hung on them", () => {
  const storage = sample();
  const file = openSync(storage, "r+");
  file.group("b").clear();
  expect([file.group("b").count(), file.keys()]).toEqual([0, ["a", "b"]]);
  file.clear();
  expect(file.count()).toBe(0);
  file.close();
  expect(checkSync(storage)).toMatchObject({ ok: true, counts: { groups: 1, datasets: 0 } });
});

it("attributes are set together, and cleared", async () => {
  const file = openSync(new MemoryStorage(), "w");
  file.attrs.set("kept", 0);
  file.attrs.update({ units: "m", scale: 2.5, __proto__x: [1, 2], kept: 1 });
  expect(file.attrs.keys()).toEqual(["__proto__x", "kept", "scale", "units"]);
  expect([file.attrs.get("units"), file.attrs.get("kept")]).toEqual(["m", 1]);
  expect(() => file.attrs.update({ first: 1, wrong: () => 1, last: 2 })).toThrow();
  expect([file.attrs.has("first"), file.attrs.has("last")]).toEqual([true, false]);
  file.attrs.clear();
  expect(file.attrs.count()).toBe(0);
  file.close();
  const closed = await open(new MemoryStorage(), "w");
  await closed.close();
  await expect(closed.attrs.clear()).rejects.toThrow(expect.objectContaining({ name: "ClosedError" }));
});

it("datasets know whether they are scales", () => {
  const file = openSync(sample(), "r+");
  file.createDataset("y", { data: 1 });
  expect([file.dataset("b/inner/x").isScale(), file.dataset("y").isScale()]).toEqual([true, false]);
  expect(() => openSync(sample()).clear()).toThrow(expect.objectContaining({ name: "ClosedError" }));
});
