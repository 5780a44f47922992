/** What runs in the page: workloads over a `File`, by h5ts, h5wasm and jsfive, each run told to take its turn. */
import { readerFilters } from "@h5ts/filters/reader";
import { open, slice } from "h5ts";
import { FS, ready, type Dataset as WasmDataset, File as WasmFile, type Group as WasmGroup } from "h5wasm";
import { File as FiveFile, type FiveObject } from "jsfive";
import { inflate } from "pako";

interface Run {
  readonly wall: number;
  readonly bytes: number;
  readonly probe: number;
}

type Use = (file: File) => Promise<[bytes: number, probe: number]>;

const ours =
  (read: (file: Awaited<ReturnType<typeof open>>) => Promise<[number, number]>): Use =>
  async (blob) => {
    const file = await open(blob);
    const done = await read(file);
    await file.close();
    return done;
  };

/** It takes a file from its own file system: the bytes are put there first, as whoever has a `File` must do. */
const wasm =
  (read: (file: WasmFile) => [number, number]): Use =>
  async (blob) => {
    await ready;
    FS!.writeFile("read.h5", new Uint8Array(await blob.arrayBuffer()));
    const file = new WasmFile("read.h5", "r");
    const done = read(file);
    file.close();
    FS!.unlink("read.h5");
    return done;
  };

const wholeByOurs = ours(async (file) => {
  const { data } = await (await file.dataset("data")).read();
  const { byteLength, length } = data as Float32Array;
  return [byteLength, (data as Float32Array)[length >> 1]];
});

const wholeByWasm = wasm((file) => {
  const value = (file.get("data") as WasmDataset).value as Float32Array;
  return [value.byteLength, value[value.length >> 1]];
});

const cropByOurs = ours(async (file) => {
  const { data } = await (await file.dataset("data", "f4")).read([null, slice(64, 192), slice(64, 192)]);
  return [data.byteLength, data[data.length >> 1]];
});

const cropByWasm = wasm((file) => {
  const value = (file.get("data") as WasmDataset).slice([[], [64, 192], [64, 192]] as never) as Float32Array;
  return [value.byteLength, value[value.length >> 1]];
});

const objectsByOurs = ours(async (file) => {
  let sum = 0;
  for (const [, object] of await (await file.group("g")).entries()) {
    if (object?.kind !== "dataset") continue;
    const { index } = await object.attrs.toObject();
    sum += object.shape[0] + Number(index);
  }
  return [sum, sum];
});

const objectsByWasm = wasm((file) => {
  const group = file.get("g") as WasmGroup;
  let sum = 0;
  for (const name of group.keys()) {
    const dataset = group.get(name) as WasmDataset;
    sum += dataset.shape![0] + Number(dataset.attrs.index.value);
  }
  return [sum, sum];
});

/** It takes the bytes, and reads datasets only as a whole, into an array of numbers. */
const five =
  (read: (file: FiveObject) => [number, number]): Use =>
  async (blob) =>
    read(new FiveFile(await blob.arrayBuffer(), "read.h5"));

const wholeByFive = five((file) => {
  const { value } = file.get("data");
  return [4 * value.length, value[value.length >> 1]];
});

const objectsByFive = five((file) => {
  const group = file.get("g");
  let sum = 0;
  for (const name of group.keys) {
    const dataset = group.get(name);
    sum += dataset.shape[0] + Number(dataset.attrs.index);
  }
  return [sum, sum];
});

/** Chunks of 1 MB inflated one after the other. */
const chunks =
  (one: (stored: Uint8Array) => { readonly length: number; readonly [index: number]: number }): Use =>
  async (blob) => {
    const stored = new Uint8Array(await blob.arrayBuffer());
    let bytes = 0;
    let probe = 0;
    for (let i = 0; i < 16; i++) {
      const out = one(stored);
      bytes += out.length;
      probe = out[out.length >> 1];
    }
    return [bytes, probe];
  };

const EXACT = 1 << 20;
const { codec } = readerFilters.get(1)!;

const USES: Readonly<Record<string, Readonly<Record<string, Use>>>> = {
  whole: { h5ts: wholeByOurs, h5wasm: wholeByWasm, jsfive: wholeByFive },
  crop: { h5ts: cropByOurs, h5wasm: cropByWasm },
  objects: { h5ts: objectsByOurs, h5wasm: objectsByWasm, jsfive: objectsByFive },
  inflate: {
    h5ts: chunks((stored) => codec!.decode(stored, [4], { exact: EXACT, max: EXACT }) as Uint8Array),
    pako: chunks((stored) => inflate(stored)),
  },
};

/** What the page was given, or what comes from the server. */
async function fileOf(name: string): Promise<File> {
  const [given] = document.querySelector("input")!.files!;
  return given?.name === `${name}.h5` ? given : new File([await (await fetch(name)).arrayBuffer()], name);
}

async function take(name: string, use: string, peer: string): Promise<Run> {
  const file = await fileOf(name);
  const start = performance.now();
  const [bytes, probe] = await USES[use][peer](file);
  return { wall: performance.now() - start, bytes, probe };
}

Object.assign(globalThis, { take });
