/** Creating a file, groups and attributes; opening it again in each of h5py's modes. */
import { isH5Error, openSync } from "h5ts";

const file = openSync("experiment.h5", "w"); // made anew, whatever was there
file.attrs.set("title", "First light");
file.attrs.set("temperature", 293.15);
file.attrs.set("exposures", Float32Array.of(0.5, 1, 2));
file.attrs.set("tags", ["dark", "flat"]);
file.attrs.set("calibrated", true);

const raw = file.createGroup("raw");
raw.createGroup("camera").attrs.set("serial", "X-1042");
file.createGroup("processed/means"); // groups on the way are made
file.requireGroup("raw"); // there already: fine
raw.createDataset("counts", { data: Int32Array.of(3, 1, 4, 1, 5), shape: [5] }).attrs.set("units", "counts");
file.close(); // commits everything; before that the file on disk is as it was

const again = openSync("experiment.h5"); // "r"
console.log(again.keys()); // [ 'processed', 'raw' ]
console.log(again.attrs.get("title"), again.attrs.get("temperature")); // First light 293.15
console.log(again.attrs.toObject().calibrated); // true
const exposures = again.attrs.get("exposures"); // not a scalar: data with its shape
console.log(exposures); // { data: Float32Array(3) [ 0.5, 1, 2 ], shape: [ 3 ], dtype: '<f4' }
console.log(again.group("raw/camera").attrs.get("serial")); // X-1042
console.log(again.attrs.get("absent"), again.attrs.has("absent")); // undefined false
try {
  again.createGroup("new");
} catch (error) {
  console.log(isH5Error(error, "ClosedError")); // true
}
again.close();

const edited = openSync("experiment.h5", "r+"); // changed in place; "a" makes it where there is none, "x" only there
edited.attrs.modify("temperature", 294); // keeps type and shape
edited.attrs.delete("tags");
edited.move("processed/means", "averages");
edited.delete("processed");
console.log(edited.keys(), edited.mode); // [ 'averages', 'raw' ] r+
edited.close();

try {
  openSync("experiment.h5", "x");
} catch (error) {
  console.log(isH5Error(error) && error.name); // ExistsError
}
