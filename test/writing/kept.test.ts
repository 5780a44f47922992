/** What `h5ts repack` and `h5ts copy` keep beside data and attributes, as libhdf5 tells it: times, comments, user-defined links. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "@h5ts/cli";
import { afterAll, describe, expect, it } from "vitest";
import { counted } from "../../packages/core/src/storage/counted.ts";
import { MemoryStorage, openSync, UserLink } from "../../packages/h5ts/src/index.ts";
import { describeWith } from "../support/clients.ts";

const MAKE = `
import sys, h5py, numpy as np
for libver, path in (("earliest", sys.argv[1]), ("latest", sys.argv[2])):
    with h5py.File(path, "w", libver=libver) as f:
        f.create_group("g/inner")
        x = f.create_dataset("g/x", data=np.arange(5000.0), chunks=(100,), track_times=True)
        x.attrs["a"] = 1
        f.create_dataset("plain", data=1)
        f["type"] = np.dtype("<i4")
        f["g/again"] = x
        h5py.h5o.set_comment(f.id, "the whole".encode(), obj_name=b"g")
        h5py.h5o.set_comment(x.id, "größer".encode())
        h5py.h5o.set_comment(f["type"].id, b"a type")
        h5py.h5o.set_comment(f.id, b"of the root")
`;

/** Of every object: comment, and times but that of the last access. */
const TELL = `
import sys, json, h5py
def tell(o, name):
    i = h5py.h5o.get_info(o.id)
    times = [getattr(i, n) for n in ("mtime", "ctime", "btime") if hasattr(i, n)]
    return [o.file.id.get_comment(name.encode()).decode(), *times]
for path in sys.argv[1:]:
    with h5py.File(path) as f:
        found = {"/": tell(f, "/")}
        f.visititems(lambda name, o: found.__setitem__(name, tell(o, name)))
        print(json.dumps(found))
`;

const quiet = { out: () => {}, err: () => {}, isTerminal: false };

describe("repack and copy", () => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-kept-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);

  describeWith("python", "keep what h5py has left", (python) => {
    const run = (script: string, ...args: string[]): string =>
      execFileSync(python, ["-c", script, ...args], { encoding: "utf8" });

    it.each([["repack"], ["copy"]])("%s", async (command) => {
      const sources = ["old.h5", "new.h5"].map(at);
      run(MAKE, ...sources);
      // So that times of now would be others.
      await new Promise((done) => setTimeout(done, 1100));
      for (const source of sources) {
        const out = `${source}.${command}`;
        expect(await runCli([command, source, out], quiet)).toBe(0);
        const [was, is] = run(TELL, source, out)
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line));
        expect(was["g/again"][0]).toBe("größer");
        if (command === "copy") for (const root of [was, is]) delete root["/"];
        expect(is).toEqual(was);
        expect(was["g/again"].length).toBeGreaterThan(1);
      }
    });
  });

  it.each(["earliest", "latest"] as const)("keep user-defined links, in a file of libver %s", async (libver) => {
    const source = at(`user-${libver}.h5`);
    const file = openSync(source, "w", { libver });
    const data = Uint8Array.of(1, 2, 3, 0, 255);
    file.createUserLink("g/mine", 187, data);
    file.createGroup("g/beside").setComment("beside it");
    file.close();
    const out = at(`user-${libver}-out.h5`);
    expect(await runCli(["repack", source, out], quiet)).toBe(0);
    const repacked = openSync(out);
    expect(repacked.group("g").getLink("mine")).toEqual(new UserLink(187, data));
    expect(repacked.group("g/beside").comment).toBe("beside it");
    repacked.close();
  });

  it("give pages to what is to be read from afar: few of them tell what a file holds", async () => {
    const source = at("scattered.h5");
    const file = openSync(source, "w", { libver: "latest" });
    for (let i = 0; i < 200; i++) {
      const x = file.createDataset(`g${i % 10}/x${i}`, { data: new Float64Array(1000).fill(i), chunks: [500] });
      x.attrs.set("number", i);
    }
    file.close();
    const out = at("paged.h5");
    expect(await runCli(["repack", "--paged", "16384", source, out], quiet)).toBe(0);
    const [before, after] = [pagesOf(source), pagesOf(out)];
    console.log(`pages of 16 KiB read to tell all that a file holds: ${before}, and ${after} after repack --paged`);
    expect(after).toBeLessThan(before / 4);
    expect(await runCli(["check", out], quiet)).toBe(0);
  });
});

/** Pages of 16 KiB in which stands what a listing of all objects with their attributes needs. */
function pagesOf(path: string): number {
  const { storage, counts } = counted(new MemoryStorage(readFileSync(path)), { costs: { gap: 0 } });
  const file = openSync(storage, "r", { cachePageSize: 512 });
  let attributes = 0;
  file.visitItems((_, object) => void (attributes += object.attrs.keys().length));
  expect(attributes).toBe(200);
  const pages = counts.log.flatMap(({ at, length }) => [Math.floor(at / 16384), Math.floor((at + length - 1) / 16384)]);
  return new Set(pages).size;
}
