/**
 * h5ts or h5wasm as a peer: for each line `FILE DATASET` of standard input, the dataset as an Arrow table; a line of JSON with seconds,
 * processor seconds and a sum for each column. usage: peers.ts sync|async|h5wasm
 */
import { createInterface } from "node:readline";
import { toArrow } from "@h5ts/arrow-adapter";
import * as arrow from "apache-arrow";
import { type Dataset, type Mode, open, openSync } from "h5ts";

type Reader = (path: string, name: string) => Promise<arrow.Table>;

async function sync(path: string, name: string): Promise<arrow.Table> {
  const file = openSync(path);
  const table = await toArrow(file.dataset(name));
  file.close();
  return table;
}

async function async(path: string, name: string): Promise<arrow.Table> {
  const file = await open(path);
  const dataset: Dataset<Mode> = await file.dataset(name);
  const table = await toArrow(dataset);
  await file.close();
  return table;
}

/** What a user of h5wasm has to do: it gives a list for each row. */
async function byH5wasm(path: string, name: string): Promise<arrow.Table> {
  const { default: h5wasm } = await import("h5wasm/node");
  await h5wasm.ready;
  const file = new h5wasm.File(path, "r");
  const dataset = file.get(name) as InstanceType<typeof h5wasm.Dataset>;
  const rows = dataset.value as unknown[][];
  const { members } = dataset.metadata.compound_type!;
  const columns = members.map((member, i): [string, arrow.Vector] => [member.name, vectorOf(member, rows, i)]);
  file.close();
  return new arrow.Table(Object.fromEntries(columns));
}

interface Member {
  readonly name: string;
  readonly type: number;
  readonly size: number;
  readonly enum_type?: { readonly members: { readonly [name: string]: number } };
}

function vectorOf({ type, size, enum_type }: Member, rows: readonly unknown[][], i: number): arrow.Vector {
  if (enum_type !== undefined) return namedVector(enum_type.members, rows, i);
  if (type === 3)
    return arrow.vectorFromArray(
      rows.map((row) => row[i] as string),
      new arrow.Utf8(),
    );
  const numbers = type === 1 ? floats(size, rows.length) : integers(size, rows.length);
  for (let row = 0; row < rows.length; row++) numbers[row] = rows[row][i] as never;
  return arrow.makeVector(numbers as Float64Array);
}

const floats = (size: number, length: number): Float32Array | Float64Array =>
  size === 4 ? new Float32Array(length) : new Float64Array(length);

function integers(size: number, length: number): Int8Array | Int16Array | Int32Array | BigInt64Array {
  if (size === 8) return new BigInt64Array(length);
  return size === 4 ? new Int32Array(length) : size === 2 ? new Int16Array(length) : new Int8Array(length);
}

/** Booleans as such; other enumerations as dictionaries. */
function namedVector(
  members: { readonly [name: string]: number },
  rows: readonly unknown[][],
  i: number,
): arrow.Vector {
  const names = Object.keys(members).sort((a, b) => members[a] - members[b]);
  if (names.join() === "FALSE,TRUE") {
    const bits = new Uint8Array((rows.length + 7) >> 3);
    for (let row = 0; row < rows.length; row++) if (rows[row][i]) bits[row >> 3] |= 1 << (row & 7);
    const data = arrow.makeData({ type: new arrow.Bool(), length: rows.length, data: bits });
    return new arrow.Vector([data]);
  }
  const indices = new Int8Array(rows.length);
  for (let row = 0; row < rows.length; row++) indices[row] = rows[row][i] as number;
  const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int8());
  const dictionary = arrow.vectorFromArray(names, new arrow.Utf8());
  return new arrow.Vector([arrow.makeData({ type, length: rows.length, data: indices, dictionary })]);
}

function totalOf(column: arrow.Vector): number {
  let sum = 0;
  for (const { type, values, length, valueOffsets } of column.data) {
    if (arrow.DataType.isUtf8(type)) sum += valueOffsets[length] - valueOffsets[0];
    else if (arrow.DataType.isBool(type)) {
      for (let i = 0; i < length; i++) sum += (values[i >> 3] >> (i & 7)) & 1;
    } else for (let i = 0; i < length; i++) sum += Number(values[i]);
  }
  return sum;
}

const reader: Reader = { sync, async, h5wasm: byH5wasm }[process.argv[2]] as Reader;
for await (const line of createInterface({ input: process.stdin })) {
  const [path, name] = line.split(" ");
  const began = performance.now();
  const before = process.cpuUsage();
  const table = await reader(path, name);
  const { user, system } = process.cpuUsage(before);
  const seconds = (performance.now() - began) / 1000;
  const sums = Object.fromEntries(table.schema.names.map((one, i) => [one, totalOf(table.getChildAt(i)!)]));
  console.log(JSON.stringify({ seconds, cpu: (user + system) / 1e6, sums }));
}
