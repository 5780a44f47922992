/** Indexes: PyTables finds by ours what there is, we by its, and no more is read than pandas reads. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { counted, NodeFileStorage } from "@h5ts/core";
import { type Frame, openStore, rangeIndex, textIndex, type Values } from "@h5ts/pandas-compat";
import { afterAll, expect, it } from "vitest";
import { describeWith } from "../support/clients.ts";

const SCALE = Number(process.env.H5TS_SCALE ?? 0.2);
const folder = mkdtempSync(join(tmpdir(), "h5ts-pandas-indexes-"));
afterAll(() => rmSync(folder, { recursive: true }));

function frame(rows: number): Frame {
  const of = <A>(make: (i: number) => A): A[] => Array.from({ length: rows }, (_, i) => make(i));
  const mixed = (i: number): number => Math.imul(i, 2_654_435_761) >>> 0;
  const data: Values[] = [
    { kind: "number", dtype: "int64", data: BigInt64Array.from(of((i) => BigInt(mixed(i) % 5000) - 2500n)) },
    {
      kind: "number",
      dtype: "float64",
      data: Float64Array.from(of((i) => (i % 997 === 5 ? Number.NaN : mixed(i) / 2 ** 31 - 1))),
    },
    { kind: "number", dtype: "int8", data: Int8Array.from(of(mixed)) },
    { kind: "text", dtype: "object", data: of((i) => `w${mixed(i) % 400}`) },
  ];
  return { kind: "frame", index: rangeIndex(rows), columns: textIndex(["i", "f", "b", "s"]), data };
}

const run = (python: string, ...args: readonly string[]): unknown =>
  JSON.parse(execFileSync(python, [join(import.meta.dirname, "pandas_indexes.py"), ...args], { encoding: "utf8" }));

/** The last with more rows than a slice. */
const KINDS = [
  ["medium", 6, 5000],
  ["medium", 2, 5000],
  ["ultralight", 6, 5000],
  ["light", 6, 5000],
  ["full", 9, 5000],
  ["medium", 6, 150_000],
] as const;

describeWith("python", "indexes and PyTables", (python) => {
  it.each(KINDS)(
    "%s, %i, of %i rows: are used, right, and right after either appended",
    {
      timeout: 300_000,
    },
    async (kind, optlevel, rows) => {
      const path = join(folder, `${kind}${optlevel}-${rows}.h5`);
      const store = await openStore(path, "w");
      await store.append("x", frame(rows), { dataColumns: true, index: false });
      await store.createTableIndex("x", { kind, optlevel });
      await store.append("x", frame(500));
      await store.close();
      const isCsi = kind === "full";
      const all = { i: [kind, optlevel, isCsi], f: [kind, optlevel, isCsi], b: [kind, optlevel, isCsi] };
      const want = { ...all, s: all.i, index: all.i };
      expect(run(python, "check", path)).toEqual({ kinds: want, tried: 60, wrong: [] });
      if (kind === "medium" && optlevel === 6) {
        run(python, "append", path);
        const again = await openStore(path, "r");
        const { index } = await again.select("x", { where: "i == -2500 | index < 40" });
        const plain = await again.get("x");
        const hits = (plain as Frame).data[0] as { data: BigInt64Array };
        const labels = (plain.index as { values: { data: BigInt64Array } }).values.data;
        const expected = labels.filter((label, row) => hits.data[row] === -2500n || label < 40n);
        expect((index as { values: { data: BigInt64Array } }).values.data).toEqual(expected);
        await again.close();
        expect(run(python, "check", path)).toMatchObject({ wrong: [] });
      }
    },
  );

  it("conditions read no more than pandas reads by its own index", { timeout: 300_000 }, async () => {
    const rows = Math.round(1_000_000 * Math.min(1, Math.max(SCALE, 0.3)));
    const path = join(folder, "by-pandas.h5");
    run(python, "write", path, String(rows));
    const few = rows / 1000;
    const half = rows / 2;
    const conditions = [`index < ${few}`, `index >= ${half} & index < ${half + few}`, `i < ${few}`, `s == "name 7"`];
    const theirs = run(python, "read", path, ...conditions) as [number, number][];
    for (const [k, where] of conditions.entries()) {
      const { storage, counts } = counted(new NodeFileStorage(path));
      // As a store opens what is named by its path.
      const store = await openStore(storage as never, "r", { cachePageSize: 2048 });
      const { index } = await store.select("x", { where });
      await store.close();
      const found = (index as { values: { data: BigInt64Array } }).values.data.length;
      console.log(`${where}: ${found} of ${rows} rows, h5ts ${counts.bytes} bytes, pandas ${theirs[k][1]}`);
      expect([found, counts.bytes <= theirs[k][1]]).toEqual([theirs[k][0], true]);
    }
  });
});
