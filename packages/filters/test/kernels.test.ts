/** The committed kernels are those that the sources in assembly/ compile to. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildKernel, kernelFile, kernels } from "../scripts/build-kernels.ts";

describe("kernels in WebAssembly", () => {
  it.each(kernels.map((name) => [name]))("%s is built from its source", async (name) => {
    expect(readFileSync(kernelFile(name), "utf8")).toBe(await buildKernel(name));
  });
  it("have a source each", () => {
    const files = readdirSync(new URL("../src/kernels/wasm/", import.meta.url));
    expect(files.sort()).toEqual(kernels.map((name) => `${name}.ts`).sort());
  });
});
