/** Reads elements through sinks in every way that the engine may: straight into the result, in one piece, piece by piece, spread out, as members of compounds. */
import type { AnyData } from "../../src/data/arrays.ts";
import { makeSink, type SinkOptions } from "../../src/data/codecs/make-sink.ts";
import { dtype } from "../../src/data/dtype/build.ts";
import { DType } from "../../src/data/dtype/dtype.ts";
import type { Sink } from "../../src/data/sink.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/engine/limits.ts";
import type { Datatype } from "../../src/format/datatype/datatype.ts";

/** Heap objects by `address:index`. */
export type Heap = ReadonlyMap<string, Uint8Array>;

/** Gives the sink what it asks for, each object inside a larger block. */
export function complete(sink: Sink, heap: Heap = new Map()): number {
  let rounds = 0;
  for (let wanted = sink.finish(); wanted !== undefined; wanted = sink.finish()) {
    rounds++;
    for (let i = wanted.count - 1; i >= 0; i--) {
      const key = `${wanted.addresses[i]}:${wanted.indices[i]}`;
      const object = heap.get(key);
      if (object === undefined) throw new Error(`no heap object ${key}`);
      const block = new Uint8Array(object.length + 12).fill(0xee);
      block.set(object, 5);
      wanted.resolved(i, block, 5, object.length);
    }
  }
  return rounds;
}

type Way = (sink: Sink, bytes: Uint8Array, count: number) => void;

/** The ways in which an engine hands over elements. */
export const WAYS: Readonly<Record<string, Way>> = {
  direct: (sink, bytes, count) => {
    if (sink.direct === undefined) sink.put(bytes, 0, sink.elementSize, 0, count);
    else sink.direct.set(bytes);
  },
  "one put": (sink, bytes, count) => sink.put(bytes, 0, sink.elementSize, 0, count),
  "one by one, backwards": (sink, bytes, count) => {
    for (let i = count - 1; i >= 0; i--) {
      const block = new Uint8Array(sink.elementSize + 3).fill(0xdd);
      block.set(bytes.subarray(i * sink.elementSize, (i + 1) * sink.elementSize), 3);
      sink.put(block, 3, sink.elementSize, i, 1);
    }
  },
  "spread out": (sink, bytes, count) => {
    const stride = sink.elementSize + 5;
    const block = new Uint8Array(1 + count * stride).fill(0xcc);
    for (let i = 0; i < count; i++) {
      block.set(bytes.subarray(i * sink.elementSize, (i + 1) * sink.elementSize), 1 + i * stride);
    }
    sink.put(block, 1, stride, 0, count);
  },
};

/** Fills all elements with the fill value. */
const filled: Way = (sink, _bytes, count) => sink.fill(0, count);

export const LIMITS: Limits = DEFAULT_LIMITS;

export function readElements(
  type: Datatype,
  bytes: Uint8Array,
  options: Partial<SinkOptions> & { readonly heap?: Heap; readonly way?: string } = {},
): AnyData {
  const { heap, way = "one put", ...rest } = options;
  const count = bytes.length / type.size;
  const sink = makeSink(type, count, { limits: LIMITS, ...rest });
  (way === "filled" ? filled : WAYS[way])(sink, bytes, count);
  complete(sink, heap);
  return sink.result();
}

/** The same data by every way, and as a member of a compound; `same` compares them. */
export function readInAllWays(
  type: Datatype,
  bytes: Uint8Array,
  same: (data: AnyData, way: string) => void,
  options: Partial<SinkOptions> & { readonly heap?: Heap } = {},
): void {
  for (const way of Object.keys(WAYS)) same(readElements(type, bytes, { ...options, way }), way);
  const around: Datatype = { class: "compound", size: type.size + 3, members: [{ name: "x", offset: 2, type }] };
  const count = bytes.length / type.size;
  const spread = new Uint8Array(count * around.size).fill(0xbb);
  for (let i = 0; i < count; i++) spread.set(bytes.subarray(i * type.size, (i + 1) * type.size), i * around.size + 2);
  const as = options.view?.as;
  const members = typeof as === "object" ? dtype.compound({ x: new DType(as) }).datatype : as;
  const fields = { ...options, view: { ...options.view, as: members, fields: ["x"] } };
  same((readElements(around, spread, fields) as { x: AnyData }).x, "in a compound");
  same(readElements(around, spread, { ...options, view: { ...options.view, fields: "x" } }), "as a field");
}

/** The same, where the test knows the type of the data. */
export const readAs = <T>(...args: Parameters<typeof readElements>): T => readElements(...args) as unknown as T;

/** Bytes from hexadecimal text; blanks are ignored. */
export const hex = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.replace(/\s/g, "").match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
