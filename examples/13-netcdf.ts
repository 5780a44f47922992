/** netCDF-4: dimensions, coordinates, packed variables with a fill value; written for netCDF4 and xarray, and read. */
import { type Dataset, openSync, Result } from "h5ts";

const FILL = -9999;

function write(path: string): void {
  const file = openSync(path, "w", { trackOrder: true });
  file.attrs.set("Conventions", "CF-1.10");
  file.attrs.set("title", "Air temperature");
  // A dimension is a dataset of its name, with the coordinates along it, that was made a scale.
  const time = file.createDataset("time", { data: Float64Array.of(0, 6), maxShape: [null], chunks: [512] });
  time.attrs.set("units", "hours since 2026-01-01 00:00:00");
  const lat = file.createDataset("lat", { data: Float32Array.of(45, 50, 55) });
  lat.attrs.set("units", "degrees_north");
  const lon = file.createDataset("lon", { data: Float32Array.of(5, 10) });
  lon.attrs.set("units", "degrees_east");
  const dimensions = { time, lat, lon };
  for (const [name, scale] of Object.entries(dimensions)) scale.makeScale(name);

  // Temperatures in K as integers: value = stored * scale_factor + add_offset.
  const stored = Int16Array.of(0, 10, 20, 30, FILL, 50, 60, 70, 80, 90, 100, 110);
  const air = file.createDataset("air", {
    data: stored,
    shape: [2, 3, 2],
    maxShape: [null, 3, 2],
    chunks: [1, 3, 2],
    fillValue: FILL,
    compression: "gzip",
    shuffle: true,
  });
  const attributes = { _FillValue: Int16Array.of(FILL), scale_factor: 0.1, add_offset: 273.15, units: "K" };
  for (const [name, value] of Object.entries(attributes)) air.attrs.set(name, value);
  Object.values(dimensions).forEach((scale, axis) => void air.dims[axis].attachScale(scale));
  file.close();
}

/** Unpacked values: what is missing as NaN. */
function unpacked(variable: Dataset<"sync">): number[] {
  const number = (name: string, otherwise: number) => {
    const value = variable.attrs.get(name) ?? otherwise;
    return Number(value instanceof Result ? value.item() : value); // netCDF's own are arrays of one
  };
  const [factor, offset, fill] = [number("scale_factor", 1), number("add_offset", 0), variable.fillValue];
  const values = Array.from(variable.asType("f8").read().data);
  return values.map((value) => (value === Number(fill) ? Number.NaN : value * factor + offset));
}

const path = process.argv[2] ?? "air.nc";
if (process.argv[2] === undefined) write(path);
const file = openSync(path);
for (const [name, object] of file.entries()) {
  if (object?.kind !== "dataset") continue;
  const scales = object.dims.map((dimension) => dimension.scales()[0]?.name?.slice(1) ?? "itself");
  console.log(`${name}(${scales}) ${object.shape} ${object.attrs.get("units")}`);
}
// | time(itself) 2 hours since 2026-01-01 00:00:00
// | lat(itself) 3 degrees_north
// | lon(itself) 2 degrees_east
// | air(time,lat,lon) 2,3,2 K
const kelvins = unpacked(file.dataset("air")).map((value) => value.toFixed(2));
console.log(...kelvins.slice(0, 6)); // 273.15 274.15 275.15 276.15 NaN 278.15
file.close();
