import fc from "fast-check";
import { expect, it } from "vitest";
import { Gate } from "./gate.ts";

it("never lets in more than fits, but for one that never would; and all get in, in their order", async () => {
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(30)), async (limit, weights) => {
    const gate = new Gate(limit);
    const inside = new Set<number>();
    const order: number[] = [];
    const visit = async (i: number): Promise<void> => {
      await gate.take(weights[i]);
      order.push(i);
      inside.add(i);
      const total = [...inside].reduce((sum, j) => sum + weights[j], 0);
      expect(total <= limit || inside.size === 1 || [...inside].some((j) => weights[j] === 0)).toBe(true);
      await new Promise((done) => setImmediate(done));
      inside.delete(i);
      gate.give(weights[i]);
    };
    await Promise.all(weights.map((_, i) => visit(i)));
    expect(order).toEqual(weights.map((_, i) => i));
  });
  await fc.assert(property, { numRuns: 50 });
});

it("waits only where there is no room", async () => {
  const gate = new Gate(2);
  expect([gate.take(1), gate.take(1)]).toEqual([undefined, undefined]);
  const third = gate.take(1);
  expect(third).toBeInstanceOf(Promise);
  gate.give(1);
  await third;
});
