import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributesByLibhdf5, EditedAttributes } from "../../../test/support/attributes.ts";
import { EditedFile } from "../../../test/support/new-datasets.ts";
import { faults, leaked } from "../../../test/support/sound.ts";
import { MemoryStorage } from "../../storage/memory.ts";

const PHASE_CHANGE = readFileSync(new URL("../../../test/fixtures/attributes/phase_change.h5", import.meta.url));
const NAMES = Array.from({ length: 14 }, (_, i) => (i % 5 === 4 ? `ñame ${i}` : `name ${i}`));
/** What an object header can hold, about: larger attributes are dense. */
const SMALL = 65_000;
const LARGE = 100_000;

/** A value to set, another of the same type and shape, and both as libhdf5 gives them. */
interface Value {
  readonly values: readonly [unknown, unknown];
  readonly plain: readonly [unknown, unknown];
  readonly bytes: number;
}

const same = (a: unknown, b: unknown, bytes: number): Value => ({ values: [a, b], plain: [a, b], bytes });

const someValue: fc.Arbitrary<Value> = fc.oneof(
  fc.tuple(fc.nat(1000), fc.nat(1000)).map(([a, b]) => same(a, b, 8)),
  fc.tuple(fc.nat(40), fc.nat(200)).map(([n, a]) => numbers(n, a)),
  fc.tuple(sizes(SMALL / 8, LARGE / 8), fc.nat(200)).map(([n, a]) => numbers(n, a)),
  fc.tuple(fc.nat(30), fc.nat(9)).map(([n, a]) => texts(n, a)),
  fc.tuple(sizes(SMALL / 16, LARGE / 16), fc.nat(9)).map(([n, a]) => texts(n, a)),
  fc.nat(9000).map((n) => same("text ".repeat(n), "a", 16)),
);

/** Clearly below what a header can hold, or clearly above. */
function sizes(limit: number, most: number): fc.Arbitrary<number> {
  const above = Math.ceil(limit * 1.02);
  return fc.oneof(
    fc.integer({ min: limit >> 4, max: Math.floor(limit * 0.98) }),
    fc.integer({ min: above, max: most }),
  );
}

function numbers(n: number, a: number): Value {
  const from = (start: number): Float64Array => Float64Array.from({ length: n }, (_, i) => start + i);
  return { values: [from(a), from(-a)], plain: [Array.from(from(a)), Array.from(from(-a))], bytes: 8 * n };
}

function texts(n: number, a: number): Value {
  const from = (start: number): string[] => Array.from({ length: n }, (_, i) => "t".repeat((start + i) % 7));
  return same(from(a), from(a + 1), 16 * n);
}

const operations = fc.array(
  fc.record({
    name: fc.constantFrom(...NAMES),
    value: someValue,
    kind: fc.constantFrom("set", "set", "set", "modify", "delete", "delete", "commit"),
  }),
  { maxLength: 70, size: "max" },
);

const FILES: Readonly<Record<string, () => EditedFile>> = {
  earliest: () => EditedFile.create("earliest"),
  v110: () => EditedFile.create("v110"),
  "of libhdf5": () =>
    new EditedFile(new MemoryStorage(new Uint8Array(PHASE_CHANGE)), { bounds: { low: "earliest", high: "v200" } }),
};

describe.each([
  ["earliest", "/"],
  ["v110", "/"],
  ["of libhdf5", "plain 3 2"],
  ["of libhdf5", "tracked 3 2"],
  ["of libhdf5", "indexed 3 2"],
  ["of libhdf5", "plain 0 0"],
  ["of libhdf5", "indexed 8 6"],
])("scripts over the attributes of a file %s, object %s", (kind, path) => {
  const open = FILES[kind];
  const isOld = kind === "earliest";
  const tracked = path.startsWith("tracked") || path.startsWith("indexed");

  it("leave what a model has, and nothing when all are deleted", () => {
    fc.assert(
      fc.property(operations, (list) => {
        const edited = open();
        const object = path === "/" ? edited.file.info.root : edited.addressOf(path);
        const attributes = new EditedAttributes(edited, object);
        const { used } = edited;
        const before = edited.commit();
        const base = before.length - leaked(before) - used;
        // In the order of creation.
        const model = new Map<string, { readonly value: Value; readonly which: 0 | 1 }>();
        const expected = (): unknown =>
          Object.fromEntries([...model].map(([name, { value, which }]) => [name, value.plain[which]]));
        for (const { name, value, kind } of list) {
          const old = model.get(name);
          if (kind === "commit") edited.commit();
          else if (kind === "set" && isOld && value.bytes > SMALL)
            expect(() => attributes.set(name, value.values[0])).toThrow(/libver: "latest"/);
          else if (kind === "set") {
            attributes.set(name, value.values[0]);
            model.set(name, { value, which: 0 });
          } else if (old === undefined) expect(() => attributes.delete(name)).toThrow(/no attribute/);
          else if (kind === "delete") {
            attributes.delete(name);
            model.delete(name);
          } else {
            const which = old.which === 0 ? 1 : 0;
            attributes.modify(name, old.value.values[which]);
            model.set(name, { value: old.value, which });
          }
        }
        const bytes = edited.commit();
        expect(attributesByLibhdf5(bytes, path)).toEqual(expected());
        expect(faults(bytes)).toEqual([]);
        expect(bytes.length - leaked(bytes) - edited.used).toBe(base);
        expect(attributes.names()).toEqual([...model.keys()].sort());
        if (tracked) expect(attributes.names("creation")).toEqual([...model.keys()]);
        for (const name of model.keys()) attributes.delete(name);
        expect(attributesByLibhdf5(edited.commit(), path)).toEqual({});
        expect(edited.used).toBe(used);
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
