import fc from "fast-check";
import { expect, it } from "vitest";
import { align, FreeExtents } from "./free-extents.ts";

/** The same as a bitmap. */
class Model {
  readonly free = new Array<boolean>(4096).fill(false);
  set(at: number, size: number, value: boolean): void {
    this.free.fill(value, at, at + size);
  }
  all(at: number, size: number, value: boolean): boolean {
    return this.free.slice(at, at + size).every((bit) => bit === value);
  }
  runs(): { at: number; size: number }[] {
    const runs: { at: number; size: number }[] = [];
    this.free.forEach((bit, i) => {
      if (!bit) return;
      const last = runs.at(-1);
      if (last !== undefined && last.at + last.size === i) last.size++;
      else runs.push({ at: i, size: 1 });
    });
    return runs;
  }
}

const operation = fc.record({
  kind: fc.constantFrom("add", "take", "remove", "shrink"),
  at: fc.nat(4000),
  size: fc.integer({ min: 1, max: 90 }),
  alignment: fc.constantFrom(1, 8, 64),
});

it("behaves as a bitmap does, whatever is freed and taken", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 120 }), fc.constantFrom(2, 5, undefined), (operations, block) => {
      const extents = new FreeExtents(block);
      const model = new Model();
      for (const { kind, at, size, alignment } of operations) {
        if (kind === "add" && model.all(at, size, false)) {
          extents.add(at, size);
          model.set(at, size, true);
        } else if (kind === "add") expect(() => extents.add(at, size)).toThrow(RangeError);
        else if (kind === "remove" && model.all(at, size, true)) {
          extents.remove(at, size);
          model.set(at, size, false);
        } else if (kind === "remove") expect(() => extents.remove(at, size)).toThrow(RangeError);
        else if (kind === "take") {
          const got = extents.take(size, alignment);
          const fits = model.runs().filter((run) => align(run.at, alignment) + size <= run.at + run.size);
          if (got === undefined) expect(fits).toEqual([]);
          else {
            expect(got % alignment).toBe(0);
            expect(model.all(got, size, true)).toBe(true);
            model.set(got, size, false);
          }
        } else {
          const end = at + size;
          const run = model.runs().find((r) => r.at + r.size === end);
          expect(extents.takeEndingAt(end)).toBe(run?.at);
          if (run !== undefined) model.set(run.at, run.size, false);
        }
        expect([...extents.extents()]).toEqual(model.runs());
        expect(extents.total).toBe(model.free.filter(Boolean).length);
      }
    }),
  );
});
