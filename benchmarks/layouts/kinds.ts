/** Kinds of data that layouts are studied on: each as an instrument, a simulation or a program makes it, always the same. */
import { type DType, dtype } from "h5ts";
import type { Elements } from "../../packages/cli/src/bench/study.ts";
import { seeded } from "../seeded.ts";

export interface Kind {
  readonly name: string;
  /** In NumPy's words. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Shapes of chunks, by what they are. */
  readonly chunks: Readonly<Record<string, readonly number[]>>;
  /** Patterns of access as `h5ts bench` takes them, by name. */
  readonly patterns: Readonly<Record<string, string>>;
  make(): Elements;
}

const SHAPE = [32, 128, 128] as const;
const [FRAMES, SIDE] = SHAPE;
const COUNT = FRAMES * SIDE * SIDE;
const ROWS = 1 << 17;

const STACKED: Pick<Kind, "shape" | "chunks" | "patterns"> = {
  shape: SHAPE,
  chunks: {
    frame: [1, SIDE, SIDE],
    slab: [8, SIDE, SIDE],
    cube: [16, 32, 32],
    column: [FRAMES, 16, 16],
    tiny: [1, 16, 16],
    whole: SHAPE,
  },
  patterns: {
    all: "all",
    frames: "frames",
    box: "[10:18, 30:94, 30:94]",
    rows: "rows",
    columns: "columns",
    points: "points",
  },
};

type Numbers = Float32Array | Float64Array | Uint16Array | Uint8Array | Int32Array;

/** Elements by the place of each: frame, row and column. */
function filled<T extends Numbers>(array: T, at: (z: number, y: number, x: number, i: number) => number): T {
  let i = 0;
  for (let z = 0; z < FRAMES; z++)
    for (let y = 0; y < SIDE; y++) for (let x = 0; x < SIDE; x++, i++) array[i] = at(z, y, x, i);
  return array;
}

const stacked =
  (type: string, data: () => Numbers): Kind["make"] =>
  () => ({ data: data(), shape: SHAPE, dtype: dtype(type) });

/** A bright spot that wanders over a sloping ground, and noise, in whole numbers. */
function detector(): Float32Array {
  const random = seeded(1);
  return filled(new Float32Array(COUNT), (z, y, x) => {
    const [dx, dy] = [x - 64 - 30 * Math.sin(z / 9), y - 64 - 30 * Math.cos(z / 7)];
    return Math.round(900 * Math.exp(-(dx * dx + dy * dy) / 450) + 0.3 * x + 40 + 15 * (random() + random() - 1));
  });
}

/** Photons counted: most places have seen none. */
function photons(): Uint16Array {
  const random = seeded(2);
  return filled(new Uint16Array(COUNT), () => (random() < 0.05 ? Math.floor(-20 * Math.log(random() + 1e-9)) : 0));
}

/** Waves that pass: smooth, but with all bits of the mantissa in use. */
const field = (): Float64Array =>
  filled(
    new Float64Array(COUNT),
    (z, y, x) => Math.sin((x + z) / 17) * Math.cos(y / 23) + 0.1 * Math.sin((x * y) / 311),
  );

/** Counters that go up by little from frame to frame, each place for itself. */
function counters(): Int32Array {
  const random = seeded(3);
  const frame = SIDE * SIDE;
  const out = new Int32Array(COUNT);
  for (let i = 0; i < COUNT; i++) out[i] = (i < frame ? 1000 * (i % 7) : out[i - frame]) + Math.floor(random() * 4);
  return out;
}

/** Regions of a picture, numbered. */
const labels = (): Uint8Array =>
  filled(new Uint8Array(COUNT), (z, y, x) => ((x + (z >> 2)) >> 5) + 4 * ((y + 8 * Math.sin(x / 20)) >> 5) + 1);

/** Nothing that a filter could find. */
function noise(): Float32Array {
  const random = seeded(4);
  return filled(new Float32Array(COUNT), random);
}

const EVENT: DType = dtype.compound({ time: "f8", energy: "f4", x: "u2", y: "u2" });

/** Hits of a detector, one after the other: a table. */
function events(): Elements {
  const random = seeded(5);
  const columns = {
    time: new Float64Array(ROWS),
    energy: new Float32Array(ROWS),
    x: new Uint16Array(ROWS),
    y: new Uint16Array(ROWS),
  };
  for (let i = 0, time = 0; i < ROWS; i++) {
    columns.time[i] = time += Math.round(-1000 * Math.log(random() + 1e-9)) / 1e6;
    columns.energy[i] = 10 * random() + 2;
    columns.x[i] = 2048 * random();
    columns.y[i] = 2048 * random();
  }
  return { data: columns, shape: [ROWS], dtype: EVENT };
}

export const KINDS: readonly Kind[] = [
  { name: "detector", dtype: "f4", ...STACKED, make: stacked("f4", detector) },
  { name: "photons", dtype: "u2", ...STACKED, make: stacked("u2", photons) },
  { name: "field", dtype: "f8", ...STACKED, make: stacked("f8", field) },
  { name: "counters", dtype: "i4", ...STACKED, make: stacked("i4", counters) },
  { name: "labels", dtype: "u1", ...STACKED, make: stacked("u1", labels) },
  { name: "noise", dtype: "f4", ...STACKED, make: stacked("f4", noise) },
  {
    name: "events",
    dtype: "compound of 16 bytes",
    shape: [ROWS],
    chunks: { "1 Ki rows": [1 << 10], "8 Ki rows": [1 << 13], "32 Ki rows": [1 << 15], whole: [ROWS] },
    patterns: { all: "all", "10,000 rows": "[100000:110000]", points: "points" },
    make: events,
  },
];
