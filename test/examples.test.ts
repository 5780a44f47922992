/** Every program of `examples/` runs, and prints what its comments say. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { asAnnounced, isAnnounced, printed } from "../scripts/readme-examples.ts";
import { examples, runExample, sourceOf } from "./support/examples.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-examples-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("examples", () => {
  it.each(examples)("%s", async (name) => {
    const source = sourceOf(name);
    const announced = printed(source);
    expect(announced.length).toBeGreaterThan(0);
    expect(asAnnounced(announced, await runExample(name, folder))).toEqual(announced);
    expect(source).toMatch(/^\/\*\* .+\n/);
  });

  it("are all in the readme", () => {
    const readme = readFileSync(fileURLToPath(new URL("../examples/README.md", import.meta.url)), "utf8");
    for (const name of examples) expect(readme).toContain(`(${name})`);
  });
});

it("tells what was announced from what was not", () => {
  expect(isAnnounced("a … ms (b)", "a 17 ms (b)")).toBe(true);
  expect(isAnnounced("a … ms", "a 17 s")).toBe(false);
  expect(isAnnounced("[ 1 ]", "1")).toBe(false);
  expect(printed('console.log(1); // 1\n  // | two\n  // three\nconsole.log("…");\n')).toEqual(["1", "two"]);
});
