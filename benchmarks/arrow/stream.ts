/**
 * A large table out of Arrow into HDF5, or back as record batches or IPC bytes, in a process of its own, so that its peak memory is its own.
 * usage: stream.ts write FILE GIGABYTES | read FILE | ipc FILE
 */
import { appendArrow, fromArrow, recordBatches, toIpc } from "@h5ts/arrow-adapter";
import * as arrow from "apache-arrow";
import { type Dataset, open } from "h5ts";

const ROWS = 2 ** 17;
/** Bytes of a row in HDF5: an integer, three floats, a number of a channel, and 12 bytes of text. */
const ROW_BYTES = 8 + 8 + 4 + 4 + 4 + 12;

/** A batch of a table that nobody holds as a whole. */
function batchFrom(first: number): arrow.RecordBatch {
  const number = <T extends Float64Array | Float32Array | Int32Array>(array: T, of: (i: number) => number): T => {
    for (let i = 0; i < ROWS; i++) array[i] = of(first + i);
    return array;
  };
  const id = BigInt64Array.from({ length: ROWS }, (_, i) => BigInt(first + i));
  const label = new Uint8Array(ROWS * 12);
  for (let i = 0; i < label.length; i++) label[i] = 97 + ((first + i) % 26);
  const text = arrow.makeData({ type: new arrow.FixedSizeBinary(12), length: ROWS, data: label });
  const table = new arrow.Table({
    id: arrow.makeVector(id),
    time: arrow.makeVector(number(new Float64Array(ROWS), (i) => i / 8)),
    x: arrow.makeVector(number(new Float32Array(ROWS), Math.sin)),
    y: arrow.makeVector(number(new Float32Array(ROWS), Math.cos)),
    channel: arrow.makeVector(number(new Int32Array(ROWS), (i) => i % 1000)),
    label: new arrow.Vector([text]),
  });
  return table.batches[0];
}

function* batches(rows: number): Generator<arrow.RecordBatch, void> {
  for (let first = 0; first < rows; first += ROWS) yield batchFrom(first);
}

async function write(path: string, gigabytes: number): Promise<number> {
  const file = await open(path, "w");
  const rows = Math.ceil((gigabytes * 1e9) / ROW_BYTES / ROWS / 2) * ROWS;
  const made = await fromArrow(batches(rows), file, "table", { chunkRows: 2 ** 14 });
  // The second half of it as somebody who adds to it later.
  await appendArrow(batches(rows), made);
  await file.close();
  return rows * 2;
}

async function read(path: string, use: (dataset: Dataset<"async">) => AsyncIterable<number>): Promise<number> {
  const file = await open(path);
  let rows = 0;
  for await (const count of use(await file.dataset("table"))) rows += count;
  await file.close();
  return rows;
}

/** Every batch is looked at: the sum of a column. */
async function* rowsOf(dataset: Dataset<"async">): AsyncGenerator<number, void> {
  for await (const batch of recordBatches(dataset)) {
    const time = batch.data.children[1].values as Float64Array;
    if (Number.isNaN(time.reduce((sum, value) => sum + value, 0))) throw new Error("is no sum");
    yield batch.numRows;
  }
}

async function* bytesOf(dataset: Dataset<"async">): AsyncGenerator<number, void> {
  for await (const bytes of toIpc(recordBatches(dataset))) yield bytes.length;
}

const [what, path, gigabytes] = process.argv.slice(2);
const began = performance.now();
const before = process.cpuUsage();
const count =
  what === "write" ? await write(path, Number(gigabytes)) : await read(path, what === "ipc" ? bytesOf : rowsOf);
const { user, system } = process.cpuUsage(before);
const seconds = (performance.now() - began) / 1000;
console.log(
  JSON.stringify({ seconds, cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS * 1024, count }),
);
