import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { nodeZlib, requireModule } from "./platform.ts";

describe("platform", () => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-platform-"));
  const caller = pathToFileURL(join(folder, "caller.mjs")).href;
  writeFileSync(join(folder, "codec.mjs"), "export const codec = 7;");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has zlib in Node", () => expect(nodeZlib()?.inflateSync).toBeTypeOf("function"));
  it("loads ES modules synchronously, by the extension of the caller", () => {
    expect(requireModule(caller, "./codec")).toMatchObject({ codec: 7 });
  });
  it("loads nothing that is not there, and nothing from elsewhere", () => {
    expect(requireModule(caller, "./other")).toBeUndefined();
    expect(requireModule("https://example.org/caller.js", "./codec")).toBeUndefined();
  });
});
