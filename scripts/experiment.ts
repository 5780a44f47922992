/** A small experiment, written, read and changed by h5ts, and what libhdf5 (h5wasm) reads of its file: for `npm start`. */
import { basename, dirname } from "node:path";
import { dtype, open, slice } from "h5ts";
import * as h5wasm from "h5wasm/node";

const FRAMES = 24;
const SIDE = 64;

/** Frames of a spot that wanders, row by row. */
function frames(first: number, count: number): Uint16Array {
  return Uint16Array.from({ length: count * SIDE * SIDE }, (_, i) => {
    const frame = first + Math.floor(i / SIDE ** 2);
    const [y, x] = [Math.floor(i / SIDE) % SIDE, i % SIDE];
    const distance = (y - 2 * frame) ** 2 + (x - 32) ** 2;
    return Math.round(4000 * Math.exp(-distance / 60));
  });
}

/** Groups, compressed images that can grow, a table, text, labelled axes, references and links. */
export async function writeExperiment(path: string): Promise<void> {
  const file = await open(path, "w");
  await file.attrs.set("title", "A spot that wanders");
  await file.attrs.set("temperature", 293.15);
  const images = await file.createDataset("raw/images", {
    data: frames(0, FRAMES),
    shape: [FRAMES, SIDE, SIDE],
    maxShape: [null, SIDE, SIDE],
    chunks: [4, 32, 32],
    compression: "gzip",
    shuffle: true,
  });
  await images.attrs.set("units", "counts");
  const time = await file.createDataset("raw/time", {
    data: Float64Array.from({ length: FRAMES }, (_, i) => i / 10),
    maxShape: [null],
  });
  await time.makeScale("time");
  await images.dims[0].attachScale(time);
  for (const [axis, label] of ["time", "y", "x"].entries()) await images.dims[axis].setLabel(label);
  const event = dtype.compound({ frame: "i4", label: "string", energy: "f8" });
  await file.createDataset("processed/events", {
    data: [
      { frame: 3, label: "begins", energy: 1.5 },
      { frame: 17, label: "ends – perhaps", energy: 0.25 },
    ],
    dtype: event,
  });
  await file.createDataset("processed/notes", { data: ["calibrated", "ω = 2π/T"] });
  await file.createDataset("processed/best", { data: images.regionRef([7, slice(8, 24), slice(24, 40)]) });
  await file.createSoftLink("latest", "/raw/images");
  await file.close();
}

/** A crop across all frames, and what the region of a reference holds. */
export async function readExperiment(path: string): Promise<string[]> {
  const file = await open(path);
  const images = await file.dataset("latest", "u2");
  const { data, shape } = await images.read([slice(0, null, 6), slice(28, 32), 32]);
  const lines = [`images[::6, 28:32, 32] has the shape [${shape.join(", ")}]: ${[...data].join(" ")}`];
  const best = (await (await file.dataset("processed/best", dtype.regionReference)).read()).item();
  const region = await images.read(best);
  lines.push(`the region of processed/best has ${region.size} elements, the brightest of ${Math.max(...region.data)}`);
  await file.close();
  return lines;
}

/** Everything that is changed by a call or two. */
export async function editExperiment(path: string): Promise<string[]> {
  const file = await open(path, "r+");
  const images = await file.dataset("raw/images");
  const length = await images.append(frames(FRAMES, 8));
  await (await file.dataset("raw/time")).append(Float64Array.from({ length: 8 }, (_, i) => (FRAMES + i) / 10));
  await images.write(0, [0, slice(0, 2), slice(0, 4)]);
  await (await file.dataset("processed/events")).fields("energy").write(9.75, 1);
  await file.attrs.modify("temperature", 294);
  await file.move("processed/notes", "notes");
  await file.copy("processed/events", "backup/events");
  await file.delete("processed/best");
  await file.close();
  return [
    `appended 8 frames: ${length} now`,
    "overwrote a corner and one member of one event, modified an attribute,",
    "moved notes, copied events, deleted best",
  ];
}

/** Names, shapes, datatypes and values, as libhdf5 has them, and whether h5ts has the same images. */
export async function byLibhdf5(path: string): Promise<{ lines: string[]; agreed: boolean }> {
  await h5wasm.ready;
  const here = process.cwd();
  // Its file system stands in the current folder.
  process.chdir(dirname(path));
  const file = new h5wasm.File(basename(path), "r");
  try {
    const lines = Object.entries(file.attrs).map(([name, { value }]) => `@${name} = ${String(value)}`);
    for (const name of file.paths()) {
      const object = file.get(name);
      if (!(object instanceof h5wasm.Dataset)) continue;
      const first = JSON.stringify(object.slice(object.shape?.map(() => [0, 2]) as [number, number][]), plain);
      lines.push(`${name}  [${object.shape?.join(", ")}]  ${first.slice(0, 60)}${first.length > 60 ? " ..." : ""}`);
    }
    const images = (file.get("raw/images") as h5wasm.Dataset).value as Uint16Array;
    const agreed = Buffer.compare(Buffer.from(images.buffer), Buffer.from((await imagesOf(path)).buffer)) === 0;
    return { lines, agreed };
  } finally {
    file.close();
    process.chdir(here);
  }
}

async function imagesOf(path: string): Promise<Uint16Array<ArrayBuffer>> {
  const file = await open(path);
  const { data } = await (await file.dataset("raw/images", "u2")).read();
  await file.close();
  return data;
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}
