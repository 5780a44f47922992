/** Elements as h5py writes them, and what it reads from them: see test/fixtures/elements/make.py. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { complete, hex, LIMITS, readElements, WAYS } from "../../../test/support/elements.ts";
import { DEFAULT_SIZES } from "../../bytes/address.ts";
import { Decoder } from "../../bytes/decoder.ts";
import { isH5Error } from "../../errors.ts";
import type { Datatype } from "../../format/datatype/datatype.ts";
import { datatypeMessage } from "../../format/datatype/datatype-message.ts";
import { DType } from "../dtype/dtype.ts";
import { Reference } from "../reference.ts";
import { makeResult } from "../result.ts";
import type { Source } from "../source.ts";
import { sourceFor } from "../writing/write-value.ts";
import { makeSink } from "./make-sink.ts";
import { makeSource } from "./make-source.ts";
import { viewType } from "./view.ts";

interface Vector {
  readonly name: string;
  readonly type: string;
  readonly raw: string;
  readonly values: readonly unknown[];
  readonly heap?: Readonly<Record<string, string>>;
}

const file = new URL("../../../test/fixtures/elements/vectors.json", import.meta.url);
const vectors: readonly Vector[] = JSON.parse(readFileSync(file, "utf8"));

const scratch = new DataView(new ArrayBuffer(8));

/** In the words of the vectors. */
function words(value: unknown, type: Datatype): unknown {
  if (Array.isArray(value)) return value.map((one) => words(one, type));
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? momentOr(value, type) : String(value);
  if (typeof value === "number" && isFloat(type)) {
    scratch.setFloat64(0, value);
    return { f8: Buffer.from(scratch.buffer).toString("hex") };
  }
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Reference) return { [value.kind === "region" ? "region" : "reference"]: value.address };
  if ("real" in value && "imag" in value) {
    return { real: words(value.real, type), imag: words(value.imag, type) };
  }
  const members = (type as Datatype & { class: "compound" }).members;
  return { row: members.map((m) => [m.name, words(Reflect.get(value, m.name), m.type)]) };
}

/** Dates are spelt out. */
const momentOr = (value: bigint, type: Datatype): unknown => (type.class === "opaque" ? String(value) : Number(value));

function isFloat(type: Datatype): boolean {
  if (type.class === "array" || type.class === "vlen") return isFloat(type.base);
  return type.class === "float" || type.class === "complex" || type.class === "compound";
}

const typeOf = ({ type }: Vector): Datatype =>
  datatypeMessage(new Decoder(hex(type), DEFAULT_SIZES, "Datatype message"));
const heapOf = ({ heap = {} }: Vector): Map<string, Uint8Array> =>
  new Map(Object.entries(heap).map(([id, object]) => [id, hex(object)]));

describe("what h5py writes", () => {
  it.each(vectors.map((vector): [string, Vector] => [vector.name, vector]))("%s", (_, vector) => {
    const type = typeOf(vector);
    const heap = heapOf(vector);
    const raw = hex(vector.raw);
    for (const way of Object.keys(WAYS)) {
      const data = readElements(type, raw, { heap, way });
      const result = makeResult(data, [raw.length / type.size], type);
      expect(words(result.toNested(), type), way).toEqual(vector.values);
    }
  });
});

describe("damaged datatypes", () => {
  it("give data or a typed error", () => {
    const mutated = fc.record({
      vector: fc.constantFrom(...vectors),
      places: fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      as: fc.constantFrom(undefined, "bytes" as const, "number" as const),
    });
    fc.assert(
      fc.property(mutated, ({ vector, places, as }) => {
        const message = hex(vector.type);
        for (const [at, byte] of places) message[at % message.length] = byte;
        const limits = { ...LIMITS, resultBytes: 2 ** 24, vlenBytes: 2 ** 20 };
        const heap = new Map(Object.entries(vector.heap ?? {}).map(([id, object]) => [id, hex(object)]));
        try {
          const type = datatypeMessage(new Decoder(message, DEFAULT_SIZES, "Datatype message"));
          const count = Math.min(100, Math.floor(vector.raw.length / 2 / type.size));
          const sink = makeSink(type, count, { limits, view: { as } });
          sink.put(hex(vector.raw), 0, type.size, 0, count);
          complete(sink, heap);
          makeResult(sink.result(), [count], viewType(type, { as })).toNested();
          String(new DType(type));
        } catch (error) {
          if (!isH5Error(error) && !(error as Error).message.startsWith("no heap object")) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

/** Elements as a source gives them, its heap objects where the vector has the same ones. */
function stored(source: Source, count: number, vector: Vector): Uint8Array {
  const places = new Map(Object.entries(vector.heap ?? {}).map(([id, object]) => [object, id.split(":").map(Number)]));
  for (let objects = source.prepare(); objects !== undefined; objects = source.prepare()) {
    for (let i = 0; i < objects.count; i++) {
      const place = places.get(Buffer.from(objects.bytes(i)).toString("hex"));
      if (place === undefined) throw new Error(`h5py stores no such object: ${objects.bytes(i)}`);
      objects.placed(i, place[0], place[1]);
    }
  }
  const bytes = new Uint8Array(count * source.elementSize).fill(0xee);
  source.take(0, count, bytes, 0, source.elementSize);
  return bytes;
}

/** The bytes that count: those around x87's numbers are what stood in memory before. */
function clean(bytes: Uint8Array, { name }: Vector): Uint8Array {
  return name === "long double" ? bytes.map((byte, i) => (i % 16 < 10 ? byte : 0)) : bytes;
}

describe("what h5py would write", () => {
  it.each(vectors.map((vector): [string, Vector] => [vector.name, vector]))("%s", (_, vector) => {
    const type = typeOf(vector);
    const raw = hex(vector.raw);
    const count = raw.length / type.size;
    const data = readElements(type, raw, { heap: heapOf(vector) });
    expect(stored(makeSource(type, data), count, vector)).toEqual(clean(raw, vector));
    const nested = makeResult(data, [count], type).toNested();
    expect(stored(sourceFor(nested, type, [count]), count, vector)).toEqual(clean(raw, vector));
  });
});
