/**
 * What the machine allows: the bytes of a workload read without looking at them, its chunks inflated or deflated by zlib and by nothing
 * else, its bytes written. The variants are those of `limits.ts`.
 */
import { closeSync, openSync as openFile, readSync, statSync, writeSync } from "node:fs";
import { deflateSync, inflateSync } from "node:zlib";
import { openSync, slice } from "h5ts";
import { fileOf, type Limit, limitsOf } from "../limits.ts";
import { IMAGE_BYTES, type Sizes } from "../sizes.ts";
import { framesOf, WORKLOADS } from "../workloads.ts";
import { onAllProcessors } from "./limit/workers.ts";
import { places, scattered } from "./places.ts";
import { type Body, type Context, type Preparation, runPeer } from "./serve.ts";

/** Bytes of the file that a workload cannot do without. */
function payload(workload: string, path: string, sizes: Sizes): number {
  const { size } = statSync(path);
  if (/^W10_.*(contig|c1M|c64K|cube)$/.test(workload) || workload === "W10_fancy50_c1M") {
    const images = { crop: sizes.frames / 4, img200: sizes.images, fancy50: sizes.listed };
    return Math.min(size, images[workload.split("_")[1] as keyof typeof images] * IMAGE_BYTES);
  }
  return /^W(1|2.|8|12)_/.test(workload) ? payloadOf(path) : size;
}

/** Bytes of the elements. */
function payloadOf(path: string): number {
  const file = openSync(path);
  const { nbytes } = file.dataset("data");
  file.close();
  return nbytes;
}

/** The last bytes of the file, which hold its data, in one read. */
function readTail(path: string, length: number, into: Uint8Array): number {
  const file = openFile(path, "r");
  const at = statSync(path).size - length;
  let done = 0;
  while (done < length) done += readSync(file, into, done, length - done, at + done);
  closeSync(file);
  return done;
}

function reading(workload: string, { file, sizes }: Context, isWarm: boolean): Body {
  const path = file(fileOf(workload));
  const length = payload(workload, path, sizes);
  const target = isWarm ? new Uint8Array(length).fill(1) : undefined;
  return () => readTail(path, length, target ?? new Uint8Array(length));
}

/** As many bytes from one place in memory to another. */
function copying(workload: string, { file, sizes }: Context): Body {
  const length = payload(workload, file(fileOf(workload)), sizes);
  const [from, to] = [1, 2].map((byte) => new Uint8Array(length).fill(byte));
  return () => {
    to.set(from);
    return length;
  };
}

/** The stored chunks that a workload needs, and how large each was. */
function storedChunks(workload: string, { file, sizes }: Context): { stored: Uint8Array[]; exact: number } {
  const opened = openSync(file(fileOf(workload)));
  const dataset = opened.dataset("data");
  const { chunks, dtype } = dataset;
  const needed = neededBy(workload, sizes, chunks!);
  const stored = dataset
    .chunkInfo()
    .filter(({ offset }) => needed(offset))
    .map(({ offset }) => dataset.readChunk(offset).data);
  opened.close();
  return { stored, exact: chunks!.reduce((product, size) => product * size, dtype.itemsize) };
}

/** Whether the workload reads from the chunk at an offset. */
function neededBy(workload: string, sizes: Sizes, chunk: readonly number[]): (offset: readonly number[]) => boolean {
  const touches = (at: number, axis: number, from: number, to: number): boolean => at < to && at + chunk[axis] > from;
  if (workload.includes("_crop_")) return ([, y, x]) => touches(y, 1, 64, 192) && touches(x, 2, 64, 192);
  if (workload.includes("_img200_")) {
    const frames = new Set(scattered(sizes).map((i) => Math.floor(i / chunk[0])));
    return ([z]) => frames.has(z / chunk[0]);
  }
  if (!workload.startsWith("W11")) return () => true;
  const tiles = new Set(
    places(sizes, workload.endsWith("local")).map(
      ([y, x]) => `${Math.floor(y / chunk[0])},${Math.floor(x / chunk[1])}`,
    ),
  );
  return ([y, x]) => tiles.has(`${y / chunk[0]},${x / chunk[1]}`);
}

function inflating(workload: string, context: Context, onAll: boolean): Body {
  const { stored, exact } = storedChunks(workload, context);
  const options = { chunkSize: exact };
  if (onAll) return onAllProcessors("inflateSync", stored, options);
  return () => stored.reduce((sum, one) => sum + inflateSync(one, options).length, 0);
}

/** The images that a workload writes, by chunks of 1 MB. */
function writtenChunks(workload: string, { file, sizes }: Context): Uint8Array[] {
  const opened = openSync(file("W1_contig"));
  const frames = framesOf(workload, sizes);
  const { data } = opened.dataset("data", "f4").read([slice(0, frames)]);
  opened.close();
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const one = 4 * IMAGE_BYTES;
  return Array.from({ length: Math.ceil(bytes.length / one) }, (_, i) => bytes.subarray(i * one, (i + 1) * one));
}

function deflating(workload: string, context: Context, onAll: boolean): Body {
  const chunks = writtenChunks(workload, context).map((one) => (workload.includes("shuf") ? shuffled(one) : one));
  const options = { level: Number(/gzip(\d)/.exec(workload)?.[1]) };
  if (onAll) return onAllProcessors("deflateSync", chunks, options);
  return () => chunks.reduce((sum, one) => sum + deflateSync(one, options).length, 0);
}

function shuffled(bytes: Uint8Array): Uint8Array {
  const elements = bytes.length / 4;
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < elements; i++) for (let k = 0; k < 4; k++) out[k * elements + i] = bytes[4 * i + k];
  return out;
}

/** How a workload's bytes reach a file in the best case: `count` writes of `length`. */
function writes(workload: string, sizes: Sizes): [count: number, length: number] {
  if (workload.startsWith("X5")) return [sizes.appends, 400];
  if (workload.startsWith("X6")) return [sizes.batches, 40_000];
  if (workload.startsWith("X7")) return [1, sizes.objects * 400];
  if (workload.startsWith("X8")) return [1, sizes.texts * 50];
  if (workload.startsWith("X9")) return [1, sizes.rows * 41];
  return [1, framesOf(workload, sizes) * IMAGE_BYTES];
}

function rawWriting(workload: string, context: Context): Body {
  const [count, length] = writes(workload, context.sizes);
  const bytes = new Uint8Array(length).fill(1);
  const path = context.written();
  return () => {
    const file = openFile(path, "w");
    for (let i = 0; i < count; i++) {
      let done = 0;
      while (done < length) done += writeSync(file, bytes, done, length - done, i * length + done);
    }
    closeSync(file);
    return count * length;
  };
}

const BODIES: Readonly<Record<Limit, (workload: string, context: Context) => Body>> = {
  copy: copying,
  fresh: (workload, context) => reading(workload, context, false),
  warm: (workload, context) => reading(workload, context, true),
  inflate: (workload, context) => inflating(workload, context, false),
  "inflate all": (workload, context) => inflating(workload, context, true),
  write: rawWriting,
  deflate: (workload, context) => deflating(workload, context, false),
  "deflate all": (workload, context) => deflating(workload, context, true),
};

runPeer("limit", async (variant) =>
  Object.fromEntries(
    WORKLOADS.filter((workload) => limitsOf(workload).includes(variant as Limit)).map(
      (workload): [string, Preparation] => [workload, (context) => BODIES[variant as Limit](workload, context)],
    ),
  ),
);
