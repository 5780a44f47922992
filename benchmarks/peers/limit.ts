/**
 * What the machine allows: the bytes of a workload read without looking at them, into fresh memory (`fresh`) or memory that was
 * there before (`warm`), and the chunks of gzip data inflated one after the other (`inflate`).
 */
import { closeSync, openSync as openFile, readSync, statSync } from "node:fs";
import { deflateSync, inflateSync } from "node:zlib";
import { type Body, type Preparation, runPeer } from "../protocol.ts";

/** Bytes of elements in the files whose raw reading is a limit. */
const PAYLOAD: Readonly<Record<string, number>> = {
  W1_contig: 262_144_000,
  W2a_chunk1M: 262_144_000,
  W2b_chunk64K: 262_144_000,
  W2c_chunkCube: 262_144_000,
  W8_compound: 82_000_000,
  W12_i64: 128_000_000,
  W12_bef64: 128_000_000,
};

/** The last bytes of the file, which hold its data, in one read. */
function readTail(path: string, length: number, into: Uint8Array): number {
  const file = openFile(path, "r");
  const at = statSync(path).size - length;
  let done = 0;
  while (done < length) done += readSync(file, into, done, length - done, at + done);
  closeSync(file);
  return done;
}

const fresh =
  (name: string): Preparation =>
  (context): Body =>
  () =>
    readTail(context.file(name), PAYLOAD[name], new Uint8Array(PAYLOAD[name]));

const warm =
  (name: string): Preparation =>
  (context) => {
    const target = new Uint8Array(PAYLOAD[name]);
    return () => readTail(context.file(name), PAYLOAD[name], target);
  };

/** Deflates the data of W1 by chunks; the body inflates them. */
const inflate =
  (chunk: number): Preparation =>
  (context) => {
    const bytes = new Uint8Array(PAYLOAD.W1_contig);
    readTail(context.file("W1_contig"), bytes.length, bytes);
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += chunk)
      chunks.push(deflateSync(bytes.subarray(at, at + chunk), { level: 4 }));
    return () => chunks.reduce((sum, one) => sum + inflateSync(one, { chunkSize: chunk }).length, 0);
  };

runPeer("limit", async (variant) => {
  if (variant === "inflate") return { W3a_gzip4_1M: inflate(1 << 20), W3b_gzip4_64K: inflate(1 << 16) };
  if (variant === "warm") return { W1_contig_into: warm("W1_contig") };
  return Object.fromEntries(
    Object.keys(PAYLOAD).flatMap((name) => {
      const all: [string, Preparation][] = [[name, fresh(name)]];
      if (name === "W8_compound") all.push(["W8_raw", fresh(name)]);
      return all;
    }),
  );
});
