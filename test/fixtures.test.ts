/** Every fixture is read as libhdf5 reads it: a new file with its JSON in `fixtures/files` is a new test. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { digestFile } from "@h5ts/cli";
import { open, openSync } from "h5ts";
import { describe, expect, it } from "vitest";
import { differences, differenceText } from "./support/compare.ts";
import { readJson, type Truth } from "./support/corpus.ts";

const folder = fileURLToPath(new URL("fixtures/files", import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.slice(0, -".json".length));

describe("fixtures", () => {
  it("there are some, of every generation", () => {
    for (const generation of ["earliest", "v110", "v200"]) {
      expect(names.filter((name) => name.includes(generation)).length).toBeGreaterThan(10);
    }
  });

  describe.each(names)("%s", (name) => {
    const path = join(folder, name);
    const truth = readJson<Truth>(`${path}.json`);

    it("is the file that the expected values are of", () => {
      expect(createHash("sha256").update(readFileSync(path)).digest("hex")).toBe(truth.filesha256);
    });

    it.each([
      ["async, as bytes", false],
      ["async, through values", true],
    ] as const)("%s", async (_, values) => {
      await using file = await open(path);
      expect(differences(truth, await digestFile(name, file, { values })).map(differenceText)).toEqual([]);
    });

    it("sync", async () => {
      using file = openSync(path);
      expect(differences(truth, await digestFile(name, file)).map(differenceText)).toEqual([]);
    });
  });
});
