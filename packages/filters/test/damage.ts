/** Damaged chunks, and what codecs allocate over them. */
import { vi } from "vitest";
import { CodecError } from "../src/filter.ts";
import { codecOf } from "./vectors.ts";

/** How much of a long run is run: 1 all, by `H5TS_SCALE`; a tenth by default. */
export const SCALE: number = Number(process.env.H5TS_SCALE ?? 0.1);

/** Damages a copy of the chunk: changed bytes, a changed word, a truncation, a part elsewhere, or bytes more. */
export function damage(chunk: Uint8Array, random: () => number): Uint8Array {
  const kind = Math.floor(random() * 7);
  const at = Math.floor(random() * chunk.length);
  if (kind === 0) return chunk.slice(0, at);
  if (kind === 1) return Uint8Array.from([...chunk, ...Array.from({ length: 1 + (at % 9) }, () => random() * 256)]);
  const bad = chunk.slice();
  if (kind === 2) bad.fill(random() < 0.5 ? 0xff : 0, at, at + 4);
  else if (kind === 3) bad[Math.floor(random() * Math.min(40, bad.length))] = random() * 256;
  else if (kind === 4) bad.copyWithin(at, Math.floor(random() * bad.length), bad.length);
  else
    for (let n = 0; n < 1 + random() * 3; n++) bad[Math.floor(random() * bad.length)] ^= 1 << Math.floor(random() * 8);
  return bad;
}

/** What became of damaged bytes: an error, the right number of bytes, or what must not be. */
export function outcome(id: number, clientData: readonly number[], chunk: Uint8Array, exact: number): string {
  try {
    const bytes = codecOf(id).decode(chunk, clientData, { exact, max: exact });
    return bytes.length === exact ? "right length" : `wrong length ${bytes.length}`;
  } catch (error) {
    return error instanceof CodecError ? "error" : `another exception: ${(error as Error).stack}`;
  }
}

/** Shorter arrays are tables, made and dropped again. */
const TABLE = 32 * 1024;

/** Bytes that were allocated: by typed arrays, and by which memories of WebAssembly grew. */
export interface Allocations {
  largest: number;
  sum: number;
  grown: number;
}

/** Counts from here on, until `vi.unstubAllGlobals` and `vi.restoreAllMocks`. */
export function countAllocations(): Allocations {
  const counted: Allocations = { largest: 0, sum: 0, grown: 0 };
  for (const name of ["Uint8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array"] as const) {
    const Original = globalThis[name] as Uint8ArrayConstructor;
    class Counting extends Original {
      constructor(...args: never[]) {
        super(...(args as []));
        if ((args[0] as unknown) instanceof ArrayBuffer) return;
        counted.largest = Math.max(counted.largest, this.byteLength);
        if (this.byteLength > TABLE) counted.sum += this.byteLength;
      }
    }
    vi.stubGlobal(name, Counting);
  }
  const { grow } = WebAssembly.Memory.prototype;
  vi.spyOn(WebAssembly.Memory.prototype, "grow").mockImplementation(function (this: WebAssembly.Memory, pages) {
    counted.grown += pages * 65536;
    return grow.call(this, pages);
  });
  return counted;
}
