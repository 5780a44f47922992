import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveWeights } from "@h5ts/weights";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ran, ranJson } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "h5ts-cli-weights-"));
const path = (name: string): string => join(folder, name);
const values = Float32Array.of(1, 2, Number.NaN, 4);
const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

beforeAll(async () => {
  const tensors = [
    { name: "b.weight", shape: [2, 2], data: values },
    { name: "a.bias", shape: [], data: BigInt64Array.of(2n ** 60n) },
  ];
  await saveWeights(path("model.h5"), tensors, { format: "hdf5-state-dict" });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("h5ts weights", () => {
  it("ls: tensors in the model's order, with checksums", async () => {
    expect(await ranJson("weights", "ls", path("model.h5"), "--checksum")).toEqual({
      format: "hdf5-state-dict",
      tensors: [
        { name: "b.weight", dtype: "float32", shape: [2, 2], bytes: 16, sha256: sha256(new Uint8Array(values.buffer)) },
        {
          name: "a.bias",
          dtype: "int64",
          shape: [],
          bytes: 8,
          sha256: sha256(new Uint8Array(BigInt64Array.of(2n ** 60n).buffer)),
        },
      ],
    });
    const { out } = await ran("weights", "ls", path("model.h5"));
    expect(out).toContain("hdf5-state-dict: 2 tensors, 24 B");
  });

  it("convert: by the ending of the target; not over another file, nor itself", async () => {
    const { code, out } = await ran("weights", "convert", path("model.h5"), path("model.safetensors"));
    expect([code, out]).toEqual([0, `${path("model.safetensors")}: safetensors, 2 tensors, 24 B`]);
    expect((await ran("weights", "convert", path("model.h5"), path("model.safetensors"))).code).toBe(1);
    expect((await ran("weights", "convert", path("model.h5"), path("model.safetensors"), "-f")).code).toBe(0);
    expect((await ran("weights", "convert", path("model.h5"), path("model.h5"), "--force")).code).toBe(2);
    expect((await ran("weights", "convert", path("model.h5"), path("model.xyz"))).code).toBe(2);
    expect((await ran("weights", "diff", path("model.h5"), path("model.safetensors"))).code).toBe(0);
  });

  it("convert: into shards, groups, and other formats", async () => {
    const { to } = await ranJson<{ to: { files: string[] } }>(
      ...["weights", "convert", path("model.h5"), path("big.safetensors.index.json"), "--shard-size", "16"],
    );
    expect(to.files).toEqual(["big-00001-of-00002.safetensors", "big-00002-of-00002.safetensors"]);
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(to.files));
    for (const [name, ...options] of [
      ["n.h5", "--nested", "--compression", "gzip"],
      ["k.keras"],
      ["k.weights.h5"],
      ["x", "--to", "keras-legacy-h5"],
    ]) {
      expect(await ran("weights", "convert", path("big.safetensors.index.json"), path(name), ...options)).toMatchObject(
        { code: 0 },
      );
      expect(await ran("weights", "diff", path("model.h5"), path(name))).toEqual({ code: 0, out: "", err: "" });
    }
    // What TensorFlow.js cannot hold is an error that names it.
    const { code, err } = await ran("weights", "convert", path("model.h5"), path("model.json"));
    expect([code, err]).toEqual([1, expect.stringContaining("a.bias")]);
  });

  it("diff: what differs, by how much, and within a tolerance", async () => {
    const other = [
      { name: "b.weight", shape: [2, 2], data: Float32Array.of(1, 2.5, Number.NaN, 4) },
      { name: "a.bias", shape: [], data: BigInt64Array.of(2n ** 60n + 1n) },
      { name: "new", shape: [1], data: Uint8Array.of(1) },
    ];
    await saveWeights(path("other.safetensors"), other, { format: "safetensors" });
    const files = [path("model.h5"), path("other.safetensors")];
    const { code, out } = await ran("weights", "diff", ...files);
    expect([code, out.split("\n").sort()]).toEqual([
      1,
      ["a.bias: elements: 1 differ, by 1 at most", "b.weight: elements: 1 differ, by 0.5 at most", "new: only in B"],
    ]);
    expect((await ran("weights", "diff", ...files, "--atol", "1")).out).toBe("new: only in B");
    expect((await ran("weights", "diff", ...files, "--rtol", "0.2")).out).toBe("new: only in B");
    expect((await ran("weights", "diff", ...files, "--atol", "0.4")).out.split("\n")).toHaveLength(3);
    expect((await ran("weights", "diff", ...files, "--atol", "x")).code).toBe(2);
  });

  it("is told what is wrong with the command line", async () => {
    for (const line of [["nothing", "a"], ["ls"], ["diff", "a"], ["convert", "a", "b", "--shard-size", "5X"]])
      expect((await ran("weights", ...line)).code).toBe(2);
  });
});
