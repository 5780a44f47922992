/**
 * The files that the programs of `examples/` write, as h5py and the clients of each field read them; and files by those clients, as
 * the programs read them.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";
import { examples, runExample } from "../support/examples.ts";

const program = fileURLToPath(new URL("./examples.py", import.meta.url));

describeWith("python", "examples", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-examples-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const ask = (...words: string[]): string =>
    execFileSync(python, ["-W", "ignore", program, folder, ...words], { encoding: "utf8" });

  it("write files that the clients read", { timeout: 300_000 }, async () => {
    for (const name of examples) await runExample(name, folder);
    const seen = JSON.parse(ask());
    expect(seen.files).toMatchObject({ "many.h5": 1000, "tree.h5": 6, "types.h5": 20, "compression.h5": 10 });
    expect(seen.experiment).toEqual(["First light", 294, [0.5, 1, 2], true, false, [3, 1, 4, 1, 5]]);
    expect(seen.types).toMatchObject({
      dtypes: { float32: "float32", int16_big_endian: ">i2", float16: "float16", complex: "complex128" },
      bool: [true, false, true],
      complex: ["(1+2j)", "(3-4j)"],
      text: ["a", "naïve", "日本語", "", "one text"],
      stars: [
        ["Vega", "Sirius"],
        [
          [279.2, 38.8],
          [101.3, -16.7],
        ],
      ],
      enum: { RED: 0, GREEN: 1, BLUE: 2 },
      ragged: [[1], [1, 2, 3]],
      pointers: ["/stars", "/text"],
      empty: true,
    });
    expect(seen.tree).toEqual([[10, 64, 64], "uint16", [1, 64, 64], "gzip", true, true, "other.h5"]);
    expect(Object.values(seen.compression).map((one) => (one as [string, boolean])[1])).toEqual(Array(10).fill(true));
    expect(seen.growing.slice(1)).toEqual([[null, 3], ["started", "beam on", "beam off"], [1000], 9]);
    expect(seen.virtual).toEqual([true, [5, 1005, 2005, 3005], [80, 1080, 2080, 3080, -1]]);
    expect(seen.chunking).toEqual([true, [10_000, 1000, 1000], [157, 32, 32], 1, 0]);
  });

  it("write files that the clients of each field take for their own", () => {
    const seen = JSON.parse(ask());
    expect(seen.matlab).toEqual({
      magic: [
        [8, 1, 6],
        [3, 5, 7],
        [4, 9, 2],
      ],
      counts: [
        [1, 3, 5],
        [2, 4, 6],
      ],
      labels: ["dark", "flat", "object"],
      ready: true,
      title: "First light",
      gain: 2.5,
      serial: "X-1042",
    });
    expect(seen.netcdf).toEqual([
      [true, ["time", "lat", "lon"], 1, 284.15],
      ["2026-01-01T06:00:00.000000000", 282.15],
    ]);
    expect(seen.anndata.slice(2)).toEqual([["B", "T", "B", "NK"], "category", ["CD3", "CD19", "NKG7"], [4, 2]]);
    expect(seen.nwb).toEqual(["A cell that answers to light", 1000, "volts", [1000], []]);
    expect(seen.models).toEqual([[0.5, 0, -0.5], [3, 4], 7, ["dense"]]);
    expect(seen.pandas_frames).toEqual([["tin", "tin"], "1970-01-04 00:00:00", ["day", "price", "name"], 3]);
    expect(seen.nexus).toEqual(["NXdata", "counts", ["polar_angle"], 920]);
  });

  it("read files by those clients", async () => {
    ask("--make");
    const read = (name: string, file: string): Promise<string[]> => runExample(name, folder, join(folder, file));
    expect(await read("13-netcdf.ts", "made.nc")).toEqual([
      "time(itself) 2 undefined",
      "x(itself) 2 undefined",
      "air(time,x) 2,2 K",
      "200.00 201.00 NaN 202.50",
    ]);
    expect(await read("14-anndata.ts", "made.h5ad")).toEqual([
      "[ 'c1', 'c2', 'c3' ]",
      "[ 'T', 'B', 'T' ]",
      "1:2.5",
      "nothing",
      "0:1",
    ]);
    expect(await read("15-nwb.ts", "made.nwb")).toEqual([
      "made by pynwb",
      "ramp TimeSeries 5 at 10 Hz: 0.00000,2.00000,4.00000 volts",
    ]);
    expect(await read("16-nexus.ts", "made.nxs")).toEqual(["/entry/data [ 3 ] counts", "7 at 1 degree"]);
  });
});
