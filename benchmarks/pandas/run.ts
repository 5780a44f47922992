/**
 * A table of a million rows of mixed types, written and read beside pandas in one run, by turns: CPU seconds of each, and their ratio.
 * usage: tsx benchmarks/pandas/run.ts [PYTHON]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Frame, openStore, rangeIndex, textIndex, type Values } from "@h5ts/pandas-compat";

const ROWS = 1_000_000;
const ROUNDS = 3;
const python = process.argv[2] ?? ".venv/bin/python";

const PEER = `
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, pandas as pd
path, n = sys.argv[1], int(sys.argv[2])
i = np.arange(n)
df = pd.DataFrame({"i": i * 7 % 1000003, "f": i / 3, "g": i * 0.5, "b": i % 3 == 0, "s": np.array([f"name {k % 1000}" for k in range(n)], dtype=object),
                   "t": pd.to_datetime(1_600_000_000_000_000_000 + i * 1_000_000_000)})
def cpu(f):
    a = time.process_time(); f(); return time.process_time() - a
store = pd.HDFStore(path, "w")
w = cpu(lambda: store.append("x", df, data_columns=["i"], index=False))
store.close()
store = pd.HDFStore(path, "r")
r = cpu(lambda: store.select("x"))
q = cpu(lambda: store.select("x", where="i < 1000"))
print(json.dumps([w, r, q]))
`;

function frame(): Frame {
  const make = <A>(of: (i: number) => A): A[] => Array.from({ length: ROWS }, (_, i) => of(i));
  const data: Values[] = [
    { kind: "number", dtype: "int64", data: BigInt64Array.from(make((i) => BigInt((i * 7) % 1_000_003))) },
    { kind: "number", dtype: "float64", data: Float64Array.from(make((i) => i / 3)) },
    { kind: "number", dtype: "float64", data: Float64Array.from(make((i) => i * 0.5)) },
    { kind: "bool", data: Uint8Array.from(make((i) => (i % 3 === 0 ? 1 : 0))) },
    { kind: "text", dtype: "object", data: make((i) => `name ${i % 1000}`) },
    {
      kind: "datetime",
      unit: "ns",
      zone: null,
      data: BigInt64Array.from(make((i) => 1_600_000_000_000_000_000n + BigInt(i) * 1_000_000_000n)),
    },
  ];
  return { kind: "frame", index: rangeIndex(ROWS), columns: textIndex(["i", "f", "g", "b", "s", "t"]), data };
}

async function cpu(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const folder = mkdtempSync(join(tmpdir(), "h5ts-pandas-bench-"));
const table = frame();
const names = ["write", "read", "where, no index"];
const best: [ours: number, theirs: number][] = names.map(() => [Infinity, Infinity]);
for (let round = 0; round < ROUNDS; round++) {
  const path = join(folder, "ours.h5");
  const written = await cpu(async () => {
    const store = await openStore(path, "w");
    await store.append("x", table, { dataColumns: ["i"], index: false });
    await store.close();
  });
  const store = await openStore(path);
  const ours = [written, await cpu(() => store.get("x")), await cpu(() => store.select("x", { where: "i < 1000" }))];
  await store.close();
  const theirs = JSON.parse(
    execFileSync(python, ["-c", PEER, join(folder, "theirs.h5"), String(ROWS)], { encoding: "utf8" }),
  ) as number[];
  for (const [i, pair] of best.entries()) {
    pair[0] = Math.min(pair[0], ours[i]);
    pair[1] = Math.min(pair[1], theirs[i]);
  }
}
rmSync(folder, { recursive: true });
for (const [i, [ours, theirs]] of best.entries())
  console.log(
    `${names[i]}: h5ts ${ours.toFixed(2)} s CPU, pandas ${theirs.toFixed(2)} s, ${(theirs / ours).toFixed(2)} x pandas`,
  );
