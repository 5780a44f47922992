/**
 * Calls that are made at once end as if made one after the other, in the order of the calls. `H5TS_SCALE=1` takes 1,000 random lists of
 * calls; by default a tenth.
 */
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import * as h5wasm from "h5wasm/node";
import { beforeAll, expect, it } from "vitest";
import {
  type AsyncStorage,
  checkSync,
  type Extent,
  type H5File,
  isH5Error,
  MemoryStorage,
  type Outcome,
  open,
  type WritableStorage,
} from "./index.ts";

const COUNT = Math.ceil(1000 * Number(process.env.H5TS_SCALE ?? 0.1));

let FS: NonNullable<typeof h5wasm.FS>;
beforeAll(async () => {
  FS = (await h5wasm.ready).FS;
});

/** Memory whose answers take a few turns, at random. */
class SlowStorage implements AsyncStorage {
  readonly label = "slow";
  readonly costs: AsyncStorage["costs"] = { gap: 0, parallel: 4, maxAccess: 1 << 20, page: 512 };
  readonly inner = new MemoryStorage();
  private readonly turns: () => number;

  constructor(turns: () => number) {
    this.turns = turns;
  }

  async read(extents: readonly Extent[]): Promise<Outcome[]> {
    await this.wait();
    // Later changes must not be seen in what was read.
    return this.inner.readSync(extents).map((bytes) => bytes.slice());
  }

  async size(): Promise<number> {
    await this.wait();
    return this.inner.sizeSync();
  }

  async write(patches: Parameters<MemoryStorage["writeSync"]>[0]): Promise<void> {
    await this.wait();
    this.inner.writeSync(patches);
  }

  async truncate(size: number): Promise<void> {
    await this.wait();
    this.inner.truncateSync(size);
  }

  async sync(): Promise<void> {
    await this.wait();
  }

  async close(): Promise<void> {}

  private async wait(): Promise<void> {
    for (let turn = this.turns(); turn > 0; turn--) await Promise.resolve();
  }
}

/** What a file is to hold: values of datasets and of the attributes of the root. */
interface Model {
  readonly datasets: Map<string, number[]>;
  readonly attributes: Map<string, number>;
}

/** A call, what it does to the model, and what it gives; `undefined` of what it must refuse. */
interface Call {
  readonly said: string;
  readonly call: (file: H5File<"async">) => Promise<unknown>;
  readonly expected: (model: Model) => { readonly value: unknown } | undefined;
}

const done = { value: undefined };
const numbers = (result: { readonly data: unknown }): number[] => Array.from(result.data as ArrayLike<number>);
const sorted = (names: Iterable<string>): string[] => [...names].sort();

/** The rest of a call on what it opened. */
const dataset = (file: H5File<"async">, name: string): ReturnType<typeof opened> => opened(file, name);
const opened = (file: H5File<"async">, name: string) => file.dataset(name, "i4");

const name = fc.constantFrom("a", "b", "c");
const value = fc.integer({ min: 0, max: 99 });
const values = fc.array(value, { minLength: 1, maxLength: 5 });

const calls: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(name, values).map(
    ([at, data]): Call => ({
      said: `create ${at} ${data}`,
      call: async (file) => void (await file.createDataset(at, { data, dtype: "i4", maxShape: [null], chunks: [2] })),
      expected: ({ datasets }) => {
        if (datasets.has(at)) return undefined;
        datasets.set(at, [...data]);
        return done;
      },
    }),
  ),
  fc.tuple(name, name).map(
    ([from, to]): Call => ({
      said: `move ${from} ${to}`,
      call: (file) => file.move(from, to),
      expected: ({ datasets }) => {
        const data = datasets.get(from);
        if (data === undefined || (from !== to && datasets.has(to))) return undefined;
        datasets.delete(from);
        datasets.set(to, data);
        return done;
      },
    }),
  ),
  fc.tuple(name, name).map(
    ([from, to]): Call => ({
      said: `copy ${from} ${to}`,
      call: (file) => file.copy(from, to),
      expected: ({ datasets }) => {
        const data = datasets.get(from);
        if (data === undefined || datasets.has(to)) return undefined;
        datasets.set(to, [...data]);
        return done;
      },
    }),
  ),
  name.map(
    (at): Call => ({
      said: `delete ${at}`,
      call: (file) => file.delete(at),
      expected: ({ datasets }) => (datasets.delete(at) ? done : undefined),
    }),
  ),
  fc.tuple(name, value).map(
    ([at, number]): Call => ({
      said: `set @${at} ${number}`,
      call: (file) => file.attrs.set(at, number),
      expected: ({ attributes }) => {
        attributes.set(at, number);
        return done;
      },
    }),
  ),
  name.map(
    (at): Call => ({
      said: `delete @${at}`,
      call: (file) => file.attrs.delete(at),
      expected: ({ attributes }) => (attributes.delete(at) ? done : undefined),
    }),
  ),
  name.map(
    (at): Call => ({
      said: `refused ${at}`,
      call: async (file) => void (await file.createDataset(`new/${at}`, { data: ["x"], dtype: "i4" })),
      expected: () => undefined,
    }),
  ),
  fc.constant<Call>({
    said: "keys",
    call: async (file) => sorted(await file.keys()),
    expected: ({ datasets }) => ({ value: sorted(datasets.keys()) }),
  }),
  fc.constant<Call>({
    said: "attributes",
    call: async (file) => ({ ...(await file.attrs.toObject()) }),
    expected: ({ attributes }) => ({ value: Object.fromEntries(attributes) }),
  }),
  fc.constant<Call>({ said: "flush", call: (file) => file.flush(), expected: () => done }),
);

/** Calls on a dataset that everybody holds. */
type Held = Awaited<ReturnType<typeof dataset>>;
interface HeldCall {
  readonly said: string;
  readonly call: (held: Held) => Promise<unknown>;
  readonly expected: (data: number[]) => unknown;
}

const heldCalls: fc.Arbitrary<HeldCall> = fc.oneof(
  values.map(
    (data): HeldCall => ({
      said: `append ${data}`,
      call: (held) => held.append(data),
      expected: (now) => now.push(...data),
    }),
  ),
  value.map(
    (number): HeldCall => ({
      said: `fill ${number}`,
      call: (held) => held.write(number),
      expected: (now) => void now.fill(number),
    }),
  ),
  value.map(
    (size): HeldCall => ({
      said: `resize ${size}`,
      call: (held) => held.resize(size, 0),
      expected: (now) => {
        while (now.length < size) now.push(0);
        now.length = size;
      },
    }),
  ),
  fc.constant<HeldCall>({
    said: "read",
    call: async (held) => numbers(await held.read()),
    expected: (now) => [...now],
  }),
);

const steps = fc.oneof({ weight: 3, arbitrary: calls }, { weight: 2, arbitrary: heldCalls.map((held) => ({ held })) });
type Step = Call | { readonly held: HeldCall };

const libvers = fc.constantFrom("earliest", "latest");

/** Makes all calls at once; what each gave, or `undefined`. */
async function atOnce(
  file: H5File<"async">,
  held: Held,
  all: readonly Step[],
): Promise<({ value: unknown } | undefined)[]> {
  const promises = all.map((step) => ("held" in step ? step.held.call(held) : step.call(file)));
  return (await Promise.allSettled(promises)).map((outcome) => {
    if (outcome.status === "fulfilled") return { value: outcome.value };
    if (!isH5Error(outcome.reason)) throw outcome.reason;
    return undefined;
  });
}

function byLibhdf5(bytes: Uint8Array, names: Iterable<string>): Map<string, number[]> {
  FS.writeFile("interleaved.h5", bytes);
  const file = new h5wasm.File("interleaved.h5", "r");
  try {
    return new Map([...names].map((each) => [each, [...((file.get(each) as h5wasm.Dataset).value as Int32Array)]]));
  } finally {
    file.close();
    FS.unlink("interleaved.h5");
  }
}

it(`${COUNT} lists of calls made at once end in the order of the calls`, async () => {
  const seed = Number(process.env.H5TS_SEED ?? randomBytes(4).readUInt32LE());
  await fc.assert(
    fc.asyncProperty(
      fc.array(steps, { maxLength: 25 }),
      libvers,
      fc.infiniteStream(fc.nat(6)),
      async (all, libver, turns) => {
        const storage = new SlowStorage(() => turns.next().value);
        const file = await open(storage as WritableStorage, "w", { libver, cachePageSize: 512 });
        const held = await file.createDataset("held", { data: [1, 2, 3], dtype: "i4", maxShape: [null], chunks: [2] });
        const given = atOnce(file, held, all);
        const closed = file.close();
        const datasets = new Map([["held", [1, 2, 3]]]);
        const model: Model = { datasets, attributes: new Map() };
        const expected = all.map((step) => {
          if ("held" in step) return { value: step.held.expected(datasets.get("held") ?? []) };
          return step.expected(model);
        });
        expect(await given).toEqual(expected);
        await closed;
        expect(held.shape).toEqual([datasets.get("held")?.length]);
        const bytes = storage.inner.toUint8Array();
        expect(checkSync(storage.inner).faults).toEqual([]);
        expect(byLibhdf5(bytes, datasets.keys())).toEqual(datasets);
      },
    ),
    { numRuns: COUNT, seed },
  );
}, 600_000);
