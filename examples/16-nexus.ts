/** NeXus, of neutron, x-ray and muon sources: an entry with a plottable signal, an instrument and links, written and read. */
import { type Group, type H5File, openSync } from "h5ts";

type AnyGroup = Group<"sync">;

function nx(parent: AnyGroup, name: string, type: string): AnyGroup {
  const group = parent.createGroup(name);
  group.attrs.set("NX_class", type);
  return group;
}

function write(path: string): void {
  const file = openSync(path, "w");
  file.attrs.set("NX_class", "NXroot");
  file.attrs.set("default", "entry");
  const entry = nx(file, "entry", "NXentry");
  entry.attrs.set("default", "data");
  entry.createDataset("title", { data: "Powder diffraction" });
  entry.createDataset("start_time", { data: "2026-01-05T09:00:00Z" });
  entry.createDataset("definition", { data: "NXmonopd" });

  const detector = nx(nx(entry, "instrument", "NXinstrument"), "detector", "NXdetector");
  const angle = detector.createDataset("polar_angle", {
    data: Float64Array.from({ length: 60 }, (_, i) => 20 + i / 2),
  });
  angle.attrs.set("units", "degree");
  const counts = Int32Array.from({ length: 60 }, (_, i) => Math.round(20 + 900 * Math.exp(-((i - 25) ** 2) / 8)));
  detector.createDataset("counts", { data: counts, compression: "gzip" }).attrs.set("units", "counts");

  // What a viewer plots: the same datasets by further links, the signal and its axes by their names.
  const data = nx(entry, "data", "NXdata");
  for (const name of ["polar_angle", "counts"]) {
    data.createHardLink(name, detector.dataset(name));
    detector.dataset(name).attrs.set("target", `/entry/instrument/detector/${name}`);
  }
  data.attrs.set("signal", "counts");
  data.attrs.set("axes", ["polar_angle"]);
  data.attrs.set("polar_angle_indices", 0);
  file.close();
}

/** The data to be plotted, along the attributes `default`. */
function defaultPlot(file: H5File<"sync">): AnyGroup {
  let group: AnyGroup = file;
  for (let next = file.attrs.get("default"); typeof next === "string"; next = group.attrs.get("default"))
    group = group.group(next);
  return group;
}

const path = process.argv[2] ?? "powder.nxs";
if (process.argv[2] === undefined) write(path);
const file = openSync(path);
const plot = defaultPlot(file);
const signal = plot.dataset(String(plot.attrs.get("signal")));
const values = signal.asType("f8").read().data;
const peak = values.indexOf(Math.max(...values));
console.log(plot.name, signal.shape, signal.attrs.get("units")); // /entry/data [ 60 ] counts
const [axis] = [plot.attrs.get("axes")].flatMap((axes) =>
  typeof axes === "string" ? axes : (axes as { data: string[] }).data,
);
const angles = plot.dataset(axis, "f8");
console.log(`${values[peak]} at ${angles.read(peak).item()} ${angles.attrs.get("units")}`); // 920 at 32.5 degree
file.close();
