import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { nodeInflateInto, nodeZlib, requireModule } from "./platform.ts";

describe("platform", () => {
  const folder = mkdtempSync(join(tmpdir(), "h5ts-platform-"));
  const caller = pathToFileURL(join(folder, "caller.mjs")).href;
  writeFileSync(join(folder, "codec.mjs"), "export const codec = 7;");
  afterAll(() => rmSync(folder, { recursive: true }));

  it("has zlib in Node", () => expect(nodeZlib()?.inflateSync).toBeTypeOf("function"));
  it("inflates into memory at hand, or says that it did not", () => {
    const into = nodeInflateInto()!;
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
    const stream = Uint8Array.from(deflateSync(bytes));
    const output = new Uint8Array(5001);
    expect(into(stream, output)).toBe(5000);
    expect(output.subarray(0, 5000)).toEqual(bytes);
    const wrongSum = stream.slice();
    wrongSum[wrongSum.length - 1] ^= 1;
    const broken = [stream.subarray(0, -1), stream.subarray(0, 20), wrongSum, bytes, new Uint8Array(0)];
    for (const input of broken) expect(into(input, output)).toBeUndefined();
    expect(into(stream, output.subarray(0, 4999))).toBeUndefined();
    expect(into(stream, output)).toBe(5000);
  });
  it("loads ES modules synchronously, by the extension of the caller", () => {
    expect(requireModule(caller, "./codec")).toMatchObject({ codec: 7 });
  });
  it("loads nothing that is not there, and nothing from elsewhere", () => {
    expect(requireModule(caller, "./other")).toBeUndefined();
    expect(requireModule("https://example.org/caller.js", "./codec")).toBeUndefined();
  });
});
