/** zlib on all processors: a thread for each, which takes the next chunk when it is done with one. */
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Body } from "../serve.ts";

/** What a thread does, told by any message to begin: the bytes that it made are its answer. */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const zlib = require("node:zlib");
const { call, bytes, ends, next, options } = workerData;
parentPort.on("message", () => {
  let made = 0;
  for (let i = Atomics.add(next, 0, 1); i < ends.length; i = Atomics.add(next, 0, 1))
    made += zlib[call](bytes.subarray(i === 0 ? 0 : ends[i - 1], ends[i]), options).length;
  parentPort.postMessage(made);
});
`;

/** The chunks in memory that all threads have, and where each ends. */
function shared(chunks: readonly Uint8Array[]): { readonly bytes: Uint8Array; readonly ends: Float64Array } {
  const total = chunks.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(new SharedArrayBuffer(total));
  const ends = new Float64Array(chunks.length);
  let at = 0;
  for (const [i, chunk] of chunks.entries()) {
    bytes.set(chunk, at);
    ends[i] = at += chunk.length;
  }
  return { bytes, ends };
}

export function onAllProcessors(
  call: "inflateSync" | "deflateSync",
  chunks: readonly Uint8Array[],
  options: object,
): Body {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { call, ...shared(chunks), next, options };
  const threads = Array.from({ length: availableParallelism() }, () => new Worker(PROGRAM, { eval: true, workerData }));
  for (const thread of threads) thread.unref();
  const one = async (thread: Worker): Promise<number> => {
    thread.ref();
    thread.postMessage("");
    const [made] = (await once(thread, "message")) as [number];
    thread.unref();
    return made;
  };
  return async () => {
    next[0] = 0;
    return (await Promise.all(threads.map(one))).reduce((sum, made) => sum + made, 0);
  };
}
