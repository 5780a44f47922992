/** Finding one's way: keys, visits, links, and what a dataset tells of itself without reading its elements. */
import { openSync, SoftLink } from "h5ts";

const made = openSync("tree.h5", "w");
for (const run of ["run1", "run2"]) {
  const images = made.createDataset(`${run}/images`, {
    shape: [10, 64, 64],
    dtype: "u2",
    chunks: [1, 64, 64],
    compression: "gzip",
    shuffle: true,
  });
  images.write(7, 0);
  images.attrs.set("units", "counts");
  made.createDataset(`${run}/times`, { data: Float64Array.from({ length: 10 }, (_, i) => i / 10) });
}
made.createSoftLink("latest", "/run2");
made.createHardLink("run1/clock", made.dataset("run2/times"));
made.createExternalLink("elsewhere", "other.h5", "/data");
made.close();

const file = openSync("tree.h5");
console.log(file.keys(), file.count()); // [ 'elsewhere', 'latest', 'run1', 'run2' ] 4
console.log([...file.group("run1")]); // [ 'clock', 'images', 'times' ]
console.log(file.has("run1/images"), file.has("run3")); // true false
for (const [name, object] of file.group("run1").entries()) console.log(name, object?.kind);
// | clock dataset
// | images dataset
// | times dataset

// Everything below, each object once, along hard links.
file.visitItems((path, object) => {
  console.log(path, object.kind === "dataset" ? `${object.shape} ${object.dtype}` : object.kind);
});
// | run1 group
// | run1/clock 10 <f8
// | run1/images 10,64,64 <u2
// | run1/times 10 <f8
// | run2 group
// | run2/images 10,64,64 <u2
const found = file.visitItems((path, object) => (object.kind === "dataset" && object.ndim === 3 ? path : undefined));
console.log(found); // run1/images

// Links, not followed.
const link = file.getLink("latest");
console.log(link instanceof SoftLink && link.path); // /run2
console.log(file.get("elsewhere"), file.getLink("elsewhere")?.type); // undefined external

// Properties come from the header: nothing is read.
const images = file.dataset("latest/images");
console.log(images.name, images.parent.name, images.file.filename); // /latest/images /latest tree.h5
console.log(images.shape, images.ndim, images.size, images.dtype.name); // [ 10, 64, 64 ] 3 40960 uint16
console.log(images.chunks, images.compression, images.compressionOpts, images.shuffle); // [ 1, 64, 64 ] gzip 4 true
console.log(images.maxShape, images.fillValue, images.attrs.get("units")); // [ 10, 64, 64 ] 0 counts
// What takes I/O is a method. One chunk of ten was written.
console.log(images.nbytes, images.storageSize(), images.chunkInfo().length); // 81920 33 1
file.close();
