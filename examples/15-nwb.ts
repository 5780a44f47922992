/** NWB, neurophysiology: a session with a time series, written for pynwb, and read. */
import { randomUUID } from "node:crypto";
import { type Group, openSync, slice } from "h5ts";

type AnyGroup = Group<"sync">;

/** Every typed object says what it is by these attributes. */
function typed(group: AnyGroup, type: string, namespace = "core"): AnyGroup {
  const attributes = { namespace, neurodata_type: type, object_id: randomUUID() };
  for (const [name, value] of Object.entries(attributes)) group.attrs.set(name, value);
  return group;
}

function putSeries(acquisition: AnyGroup, name: string, voltages: Float64Array, rate: number): void {
  const series = typed(acquisition.createGroup(name), "TimeSeries");
  series.attrs.set("description", "Membrane potential");
  series.attrs.set("comments", "no comments");
  const data = series.createDataset("data", { data: voltages, maxShape: [null], compression: "gzip" });
  for (const [name, value] of Object.entries({ conversion: 0.001, offset: 0, resolution: -1, unit: "volts" }))
    data.attrs.create(name, value, typeof value === "number" ? { dtype: "f8" } : {});
  const start = series.createDataset("starting_time", { data: 0.5, dtype: "f8" });
  start.attrs.create("rate", rate, { dtype: "f4" });
  start.attrs.set("unit", "seconds");
}

function write(path: string): void {
  const file = openSync(path, "w");
  typed(file, "NWBFile");
  file.attrs.set("nwb_version", "2.8.0");
  const texts = {
    identifier: randomUUID(),
    session_description: "A cell that answers to light",
    session_start_time: "2026-01-05T09:00:00+00:00",
    timestamps_reference_time: "2026-01-05T09:00:00+00:00",
  };
  for (const [name, data] of Object.entries(texts)) file.createDataset(name, { data });
  file.createDataset("file_create_date", { data: ["2026-01-05T10:00:00+00:00"], maxShape: [null] });
  for (const name of [
    "acquisition",
    "analysis",
    "general",
    "processing",
    "stimulus/presentation",
    "stimulus/templates",
  ])
    file.createGroup(name);
  const voltages = Float64Array.from({ length: 1000 }, (_, i) => -65 + 5 * Math.sin(i / 20));
  putSeries(file.group("acquisition"), "membrane", voltages, 1000);
  file.close();
}

const path = process.argv[2] ?? "session.nwb";
if (process.argv[2] === undefined) write(path);
const file = openSync(path);
console.log(file.dataset("session_description").read().item()); // A cell that answers to light
for (const [name, object] of file.group("acquisition").entries()) {
  if (object?.kind !== "group") continue;
  const data = object.dataset("data", "f8");
  const [conversion, unit] = [Number(data.attrs.get("conversion")), data.attrs.get("unit")];
  const rate = Number(object.dataset("starting_time").attrs.get("rate"));
  const first = Array.from(data.read([slice(0, 3)]).data, (value) => (value * conversion).toFixed(5));
  console.log(name, object.attrs.get("neurodata_type"), `${data.shape} at ${rate} Hz: ${first} ${unit}`);
}
// | membrane TimeSeries 1000 at 1000 Hz: -0.06500,-0.06475,-0.06450 volts
file.close();
