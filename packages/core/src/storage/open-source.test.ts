import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RangeServer, startRangeServer } from "../../test/support/range-server.ts";
import { runAsync } from "../steps/run-async.ts";
import { runSync } from "../steps/run-sync.ts";
import { type Steps, size } from "../steps/steps.ts";
import { type OpenedSource, openSource, openSourceSync, type SourceOptions } from "./open-source.ts";

const files = ["run0.h5", "run1.h5", "a-m.h5", "a-r.h5", "b-s.h5", "b-r.h5", "own.h5", "own-r.h5"];
const folder = mkdtempSync(join(tmpdir(), "h5ts-source-"));
let server: RangeServer;
beforeAll(async () => {
  for (const name of files) writeFileSync(join(folder, name), name.padEnd(10));
  server = await startRangeServer(Object.fromEntries(files.map((name) => [name, join(folder, name)])));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

/** Joins the members as the engine does once it has read the superblock. */
function* whole({ storage, members }: OpenedSource, driver: SourceOptions["driver"]): Steps<number> {
  if (driver === "family") return yield* size((yield* members.family(storage, 10)) ?? storage);
  const first = storage.label.includes("own") ? "%s.h5" : driver === "split" ? "%s-m.h5" : "%s-s.h5";
  const parts = [
    { template: first, at: 0, length: 10 },
    { template: "%s-r.h5", at: 10, length: 10 },
  ];
  return yield* size(yield* members.multi(storage, parts));
}

describe("sets of files", () => {
  const cases: [name: string, driver: "family" | "split" | "multi"][] = [
    ["run%d.h5", "family"],
    ["run0.h5", "family"],
    ["a", "split"],
    ["a-m.h5", "split"],
    ["b", "multi"],
    ["b-s.h5", "multi"],
    ["own.h5", "multi"],
  ];
  it.each(cases)("%s as %s", async (name, driver) => {
    for (const links of ["local", "none"] as const) {
      const options = { driver, links };
      expect(runSync(whole(openSourceSync(join(folder, name), options), driver))).toBe(20);
      expect(await runAsync(whole(await openSource(join(folder, name), options), driver))).toBe(20);
    }
    if (name !== "own.h5") {
      const url = `${server.origin}/${name}`;
      expect(await runAsync(whole(await openSource(url, { driver }), driver))).toBe(20);
    }
  });

  it("are found without being told, where links are allowed", async () => {
    expect(runSync(whole(openSourceSync(join(folder, "run0.h5")), "family"))).toBe(20);
    expect(await runAsync(whole(await openSource(server.url("a-m.h5?x=/1")), "split"))).toBe(20);
    expect(() => runSync(whole(openSourceSync(join(folder, "run0.h5"), { links: "none" }), "family"))).toThrow(
      /"none"/,
    );
  });

  it("that are not there", async () => {
    for (const driver of ["split", "multi", "family", undefined] as const) {
      await expect(openSource(join(folder, "nothing%d"), { driver })).rejects.toMatchObject({ name: "NotFoundError" });
      expect(() => openSourceSync(join(folder, "nothing%d"), { driver })).toThrow(/there is no file/);
    }
    await expect(openSource(folder, { driver: "split" })).rejects.toMatchObject({ name: "StorageError" });
  });
});
