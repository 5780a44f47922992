import { describe, expect, it } from "vitest";
import { PolicyError } from "../../errors.ts";
import type { LinkPolicy } from "../../steps/link-policy.ts";
import { runAsync } from "../../steps/run-async.ts";
import { runSync } from "../../steps/run-sync.ts";
import { read, size } from "../../steps/steps.ts";
import type { Storage } from "../../steps/storage.ts";
import { faulty } from "../faulty.ts";
import { linkPolicy } from "../links/link-policy.ts";
import { MemoryStorage } from "../memory.ts";
import { FoundMembers } from "./found-members.ts";

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const filled = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);

/** Files by name, and how often each is open. */
function folder(files: Record<string, Uint8Array>): { policy: LinkPolicy; open: Map<string, number> } {
  const open = new Map<string, number>();
  const links = ({ name }: { name: string }) => {
    if (files[name] === undefined) return undefined;
    open.set(name, (open.get(name) ?? 0) + 1);
    const close = (): void => void open.set(name, (open.get(name) ?? 0) - 1);
    const memory = new MemoryStorage(files[name], name);
    return {
      label: name,
      costs: memory.costs,
      readSync: memory.readSync.bind(memory),
      sizeSync: () => memory.sizeSync(),
      closeSync: close,
    };
  };
  return { policy: linkPolicy(new MemoryStorage(new Uint8Array(0)), { links }), open };
}

const stillOpen = (open: Map<string, number>): string[] =>
  [...open].filter(([, count]) => count !== 0).map(([name]) => name);
const firstOf = (bytes: Uint8Array, name = "first"): Storage => new MemoryStorage(bytes, name);

describe("a family", () => {
  const members = { "f0.h5": filled(100, 1), "f1.h5": filled(100, 2), "f2.h5": filled(30, 3) };

  it("is all members that follow each other, each as long as said", () => {
    const { policy, open } = folder({ ...members, "f4.h5": filled(100, 5) });
    const whole = runSync(new FoundMembers(policy).family(firstOf(members["f0.h5"], "f0.h5"), 100)) as Storage;
    expect(runSync(size(whole))).toBe(230);
    expect(runSync(read(whole, [{ at: 99, length: 102 }]))).toEqual([Uint8Array.of(1, ...filled(100, 2), 3)]);
    expect(stillOpen(open)).toEqual(["f1.h5", "f2.h5"]);
  });

  it("has members that are shorter than said, or longer", () => {
    const { policy } = folder({ ...members, "f1.h5": filled(40, 2), "f2.h5": filled(150, 3) });
    const whole = runSync(new FoundMembers(policy).family(firstOf(members["f0.h5"], "f0.h5"), 100)) as Storage;
    expect(runSync(size(whole))).toBe(300);
    expect(
      runSync(
        read(whole, [
          { at: 139, length: 3 },
          { at: 199, length: 2 },
        ]),
      ),
    ).toEqual([Uint8Array.of(2, 0, 0), Uint8Array.of(0, 3)]);
  });

  it("may have one member only", () => {
    const { policy } = folder({});
    expect(runSync(new FoundMembers(policy).family(firstOf(filled(30, 1), "f0.h5"), 100))).toBeUndefined();
    expect(runSync(new FoundMembers(policy).family(firstOf(filled(30, 1), "f.h5"), 100))).toBeUndefined();
  });

  const guesses: [name: string, files: Record<string, Uint8Array>, end: number | undefined][] = [
    ["equal ones and a rest", members, 230],
    ["none", {}, undefined],
    ["a file of its own", { "f1.h5": Uint8Array.from([...SIGNATURE, ...filled(92, 0)]) }, undefined],
    ["unequal ones", { "f1.h5": filled(99, 1), "f2.h5": filled(100, 2) }, undefined],
  ];
  it.each(guesses)("is guessed from its members where nothing is said: %s", (_, files, end) => {
    const { policy, open } = folder(files);
    const whole = runSync(new FoundMembers(policy).family(firstOf(filled(100, 1), "f0.h5"), undefined));
    expect(whole && runSync(size(whole))).toBe(end);
    if (end === undefined) expect(stillOpen(open)).toEqual([]);
  });

  it("is not guessed where others may not be looked for; but where it is said, that is a failure", () => {
    const policy = linkPolicy(firstOf(filled(100, 1)), { links: "none" });
    const found = new FoundMembers(policy);
    expect(runSync(found.family(firstOf(filled(100, 1), "f0.h5"), undefined))).toBeUndefined();
    expect(() => runSync(found.family(firstOf(filled(100, 1), "f0.h5"), 100))).toThrow(PolicyError);
  });

  it("closes the members when one fails", async () => {
    const { policy, open } = folder(members);
    const failing: LinkPolicy = {
      *storage(name, kind) {
        if (name === "f2.h5") throw new PolicyError("not this one");
        return yield* policy.storage(name, kind);
      },
      within: () => failing,
    };
    const found = new FoundMembers(failing);
    await expect(runAsync(found.family(firstOf(members["f0.h5"], "f0.h5"), 100))).rejects.toThrow("not this one");
    expect(stillOpen(open)).toEqual([]);
  });
});

describe("a file of the multi driver", () => {
  const far = 2 ** 50;
  const parts = [
    { template: "%s-m.h5", at: 0, length: 100 },
    { template: "%s-r.h5", at: far, length: 50 },
    { template: "%s-x.h5", at: 2 * far, length: 0 },
  ];

  it("has its members where the driver information says; empty ones may be absent", () => {
    const { policy } = folder({ "a-r.h5": filled(50, 2) });
    const whole = runSync(new FoundMembers(policy).multi(firstOf(filled(100, 1), "a-m.h5"), parts));
    expect(runSync(size(whole))).toBe(far + 50);
    expect(
      runSync(
        read(whole, [
          { at: 98, length: 4 },
          { at: far + 48, length: 4 },
        ]),
      ),
    ).toEqual([Uint8Array.of(1, 1, 0, 0), Uint8Array.of(2, 2)]);
  });

  it("names what is missing", () => {
    const found = new FoundMembers(folder({}).policy);
    expect(() => runSync(found.multi(firstOf(filled(100, 1), "a-m.h5"), parts))).toThrow(
      /lacks one of its several files.*a-r.h5/,
    );
  });

  it("cannot be found from a name of another kind", () => {
    const found = new FoundMembers(folder({}).policy);
    expect(() => runSync(found.multi(firstOf(filled(100, 1), "renamed.h5"), parts))).toThrow(
      /names cannot be told from its own/,
    );
  });

  it("is found anew for every file that links lead to", () => {
    const { policy } = folder({ "b-r.h5": filled(50, 7) });
    const inner = new FoundMembers(linkPolicy(firstOf(filled(1, 1)), { links: "none" })).within(policy);
    const whole = runSync(inner.multi(firstOf(filled(100, 1), "b-m.h5"), parts));
    expect(runSync(read(whole, [{ at: far, length: 1 }]))).toEqual([Uint8Array.of(7)]);
  });

  it("does not lead out of the folder", () => {
    const policy = linkPolicy(firstOf(filled(100, 1)), { links: { prefixes: ["/nonexistent"] } });
    for (const template of ["../%s", "/etc/%s", "%s\0"]) {
      const found = new FoundMembers(policy);
      const evil = [parts[0], { template, at: far, length: 50 }];
      expect(() => runSync(found.multi(firstOf(filled(100, 1), "a-m.h5"), evil))).toThrow(PolicyError);
    }
  });

  it("passes on failures of reading sizes, and closes the others", () => {
    const { policy, open } = folder({ "a-r.h5": filled(50, 2) });
    const inner = faulty(new MemoryStorage(filled(100, 1), "a-m.h5"), { at: 0 }).storage;
    const first = {
      ...inner,
      sizeSync: () => {
        throw new Error("no size");
      },
    };
    const reversed = [...parts].reverse();
    expect(() => runSync(new FoundMembers(policy).multi(first, reversed))).toThrow("no size");
    expect(stillOpen(open)).toEqual([]);
  });
});
