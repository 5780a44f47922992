import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallQueue } from "./call-queue.ts";

/** Settled promises have run their continuations. */
const turn = (): Promise<void> => new Promise((resume) => setTimeout(resume));

describe("turns", () => {
  it("come at once where nobody is in the way", () => {
    const queue = new CallQueue();
    expect(queue.enter(false)).toBeUndefined();
    expect(queue.enter(false)).toBeUndefined();
    queue.leave();
    queue.leave();
    expect(queue.enter(true)).toBeUndefined();
  });

  it("are never shared with a change, and keep their order, however they end", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ alone: fc.boolean(), steps: fc.nat(3) }), { maxLength: 30 }),
        async (calls) => {
          const queue = new CallQueue();
          const begun: number[] = [];
          const inside = new Set<number>();
          await Promise.all(
            calls.map(async ({ alone, steps }, i) => {
              await queue.enter(alone);
              begun.push(i);
              inside.add(i);
              for (let step = 0; step <= steps; step++) {
                if (inside.size > 1) expect([...inside].some((each) => calls[each].alone)).toBe(false);
                await Promise.resolve();
              }
              inside.delete(i);
              queue.leave();
            }),
          );
          const changes = begun.filter((i) => calls[i].alone);
          expect(changes).toEqual([...changes].sort((a, b) => a - b));
          // What is asked for before a change begins before it, and what is asked for after it after it.
          for (const change of changes) {
            expect(begun.slice(0, begun.indexOf(change)).sort((a, b) => a - b)).toEqual(
              Array.from({ length: change }, (_, i) => i),
            );
          }
        },
      ),
    );
  });

  it("are given up by a signal, and others move up", async () => {
    const queue = new CallQueue();
    const stop = new AbortController();
    void queue.enter(false);
    const change = queue.enter(true, stop.signal);
    let read = false;
    void queue.enter(false)?.then(() => {
      read = true;
    });
    await turn();
    expect(read).toBe(false);
    stop.abort(new Error("enough"));
    await expect(change).rejects.toThrow("enough");
    await turn();
    expect(read).toBe(true);
  });
});
