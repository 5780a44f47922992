/** References, external links and external raw files that h5ts writes: h5py follows them. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type AttributeReference,
  type Dataset,
  dtype,
  openSync,
  type Reference,
  type RegionReference,
  slice,
} from "h5ts";
import { afterAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const ANY_REFERENCES = fileURLToPath(new URL("any_references.py", import.meta.url));

const LOOK = `
import h5py, json, os, sys
os.chdir(sys.argv[1])
f = h5py.File("made.h5")
def text(v): return v.decode() if isinstance(v, bytes) else v
print(json.dumps({
    "objects": [f[r].name for r in f["objects"]],
    "regions": [[f[r].name, f[r][r].tolist()] for r in f["regions"]],
    "compound": [[int(row["n"]), f[row["where"]].name] for row in f["rows"]],
    "attribute": f[f["data"].attrs["owner"]].name,
    "external": [f.get("outside", getlink=True).filename, f["outside"][()].tolist()],
    "raw": f["raw"][()].tolist(),
    "null": bool(f["null"][0]),
}))
`;

describeWith("python", "references by h5ts", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-references-"));
  const path = join(folder, "made.h5");
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(["earliest", "latest"] as const)("are followed by h5py (libver %s)", (libver) => {
    const other = openSync(join(folder, "other.h5"), "w");
    other.createDataset("x/y", { data: Int16Array.of(5, 6) });
    other.close();
    rmSync(join(folder, "raw.bin"), { force: true });
    const file = openSync(path, "w", { libver });
    const data = file.createDataset("data", { data: Int32Array.from({ length: 24 }, (_, i) => i), shape: [4, 6] });
    const group = file.createGroup("g/deep");
    file.createDataset("objects", { data: [data.ref, group.ref, file.ref], dtype: dtype.reference });
    const regions = [
      data.regionRef([slice(1, 3), slice(0, 6, 2)]),
      data.regionRef([0, [1, 4]]),
      data.regionRef([slice({ start: 0, count: 2, stride: 2, block: 1 }), slice(4, 6)]),
    ];
    file.createDataset("regions", { data: regions, dtype: dtype.regionReference });
    file.createDataset("rows", {
      data: [
        { n: 1, where: data.ref },
        { n: 2, where: group.ref },
      ],
      dtype: dtype.compound({ n: "i4", where: dtype.reference }),
    });
    file.createDataset("null", { shape: [1], dtype: dtype.reference });
    data.attrs.set("owner", group.ref);
    file.createExternalLink("outside", "other.h5", "/x/y");
    file.createDataset("raw", { data: Float64Array.of(1, 2.5), external: [{ name: "raw.bin", offset: 16, size: 16 }] });
    file.close();
    expect(JSON.parse(execFileSync(python, ["-c", LOOK, folder], { encoding: "utf8" }))).toEqual({
      objects: ["/data", "/g/deep", "/"],
      regions: [
        [
          "/data",
          [
            [6, 8, 10],
            [12, 14, 16],
          ],
        ],
        ["/data", [[1, 4]]],
        [
          "/data",
          [
            [4, 5],
            [16, 17],
          ],
        ],
      ],
      compound: [
        [1, "/data"],
        [2, "/g/deep"],
      ],
      attribute: "/g/deep",
      external: ["other.h5", [5, 6]],
      raw: [1, 2.5],
      null: false,
    });
    followed();
  });

  it.each(["v112", "v200"] as const)("of every kind stand side by side for libhdf5 (libver %s)", (libver) => {
    const made = join(folder, "any.h5");
    const file = openSync(made, "w", { libver });
    const data = file.createDataset("data", { data: Int32Array.from({ length: 12 }, (_, i) => i), shape: [3, 4] });
    data.attrs.set("units", "K");
    const group = file.createGroup("g");
    const references = [data.ref, data.regionRef([slice(0, 2), slice(1, 3)]), data.attrs.ref("units"), group.ref];
    file.createDataset("any", { data: references, dtype: dtype.anyReference });
    file.close();
    const said = JSON.parse(execFileSync(python, [ANY_REFERENCES, made, "4"], { encoding: "utf8" }));
    expect(said).toEqual([
      ["object", "/data"],
      ["region", "/data", 4],
      ["attribute", "/data", "units"],
      ["object", "/g"],
    ]);
    const again = openSync(made);
    const [, region, attribute] = again.dataset("any").read().data as unknown as [
      Reference,
      RegionReference,
      AttributeReference,
    ];
    expect((again.get(region) as Dataset<"sync">).read(region).toNested()).toEqual([
      [1, 2],
      [5, 6],
    ]);
    expect(again.get(attribute)?.attrs.get(attribute.attribute)).toBe("K");
    again.close();
  });

  /** The same by h5ts. */
  function followed(): void {
    const file = openSync(path);
    const objects = file.dataset("objects").read().data as unknown as Reference[];
    expect(objects.map((one) => file.get(one)?.kind)).toEqual(["dataset", "group", "group"]);
    const [first, second] = file.dataset("regions").read().data as unknown as RegionReference[];
    const data = file.get(first) as Dataset<"sync">;
    expect(data.read(first).toNested()).toEqual([
      [6, 8, 10],
      [12, 14, 16],
    ]);
    expect(data.read(second).toNested()).toEqual([1, 4]);
    expect(file.get(data.attrs.get("owner") as Reference)?.kind).toBe("group");
    expect(file.dataset("outside").read().toNested()).toEqual([5, 6]);
    expect(file.dataset("raw").read().toNested()).toEqual([1, 2.5]);
    file.close();
  }
});
