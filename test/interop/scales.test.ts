/** Files whose dimension scales h5ts wrote: netCDF4, h5netcdf and xarray find dimensions and coordinates as meant. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSync } from "h5ts";
import { afterAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const LOOK = `
import json, sys, netCDF4, h5netcdf, xarray
path = sys.argv[1]
def plain(v): return v.tolist() if hasattr(v, "tolist") else v
with netCDF4.Dataset(path) as f:
    by_netcdf4 = {
        "dimensions": {n: [len(d), d.isunlimited()] for n, d in f.dimensions.items()},
        "variables": {n: list(v.dimensions) for n, v in f.variables.items()},
        "values": f["temperature"][:].tolist(),
        "units": f["temperature"].units,
        "group": {n: list(v.dimensions) for n, v in f.groups["daily"].variables.items()},
    }
with h5netcdf.File(path, "r") as f:
    by_h5netcdf = {
        "dimensions": {n: d.size for n, d in f.dimensions.items()},
        "variables": {n: list(v.dimensions) for n, v in f.variables.items()},
    }
by_xarray = {}
for engine in ("netcdf4", "h5netcdf"):
    with xarray.open_dataset(path, engine=engine) as d:
        t = d["temperature"]
        by_xarray[engine] = {
            "dims": list(t.dims),
            "sizes": {k: int(v) for k, v in t.sizes.items()},
            "coords": sorted(d.coords),
            "lat": d["lat"].values.tolist(),
            "picked": float(t.sel(lat=10.0, lon=3.0).isel(time=1)),
        }
print(json.dumps([by_netcdf4, by_h5netcdf, by_xarray]))
`;

describeWith("python", "dimension scales by h5ts", (python) => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-scales-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(["earliest", "latest"] as const)("are those of netCDF-4 (libver %s)", (libver) => {
    const path = join(folder, `${libver}.nc`);
    writeClimate(path, libver);
    const found = JSON.parse(execFileSync(python, ["-c", LOOK, path], { encoding: "utf8" }));
    const variables = { time: ["time"], lat: ["lat"], lon: ["lon"], temperature: ["time", "lat", "lon"] };
    const [byNetcdf4, byH5netcdf, byXarray] = found;
    expect(byNetcdf4).toEqual({
      dimensions: { time: [2, true], lat: [3, false], lon: [4, false] },
      variables,
      values: [0, 1].map((t) => [0, 1, 2].map((y) => [0, 1, 2, 3].map((x) => 100 * t + 10 * y + x))),
      units: "K",
      group: { mean: ["time"] },
    });
    expect(byH5netcdf).toEqual({ dimensions: { time: 2, lat: 3, lon: 4 }, variables });
    for (const engine of ["netcdf4", "h5netcdf"])
      expect(byXarray[engine]).toEqual({
        dims: ["time", "lat", "lon"],
        sizes: { time: 2, lat: 3, lon: 4 },
        coords: ["lat", "lon", "time"],
        lat: [0, 10, 20],
        picked: 113,
      });
  });
});

function writeClimate(path: string, libver: "earliest" | "latest"): void {
  const file = openSync(path, "w", { libver, trackOrder: true });
  const time = file.createDataset("time", { data: Float64Array.of(0, 1), maxShape: [null], chunks: [8] });
  const lat = file.createDataset("lat", { data: Float64Array.of(0, 10, 20) });
  const lon = file.createDataset("lon", { data: Float64Array.of(0, 1, 2, 3) });
  for (const [name, scale] of Object.entries({ time, lat, lon })) scale.makeScale(name);
  const temperature = file.createDataset("temperature", {
    data: Float32Array.from(
      { length: 24 },
      (_, i) => 100 * Math.floor(i / 12) + 10 * (Math.floor(i / 4) % 3) + (i % 4),
    ),
    shape: [2, 3, 4],
    maxShape: [null, 3, 4],
    chunks: [1, 3, 4],
  });
  temperature.attrs.set("units", "K");
  [time, lat, lon].forEach((scale, axis) => void temperature.dims[axis].attachScale(scale));
  const mean = file.createDataset("daily/mean", { data: Float32Array.of(1, 2), maxShape: [null], chunks: [8] });
  mean.dims[0].attachScale(time);
  file.close();
}
