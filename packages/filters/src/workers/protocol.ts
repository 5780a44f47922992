/** What the pool and its workers say to each other. */
import type { ClientData, OutputSize } from "../filter.ts";

/** A chunk to decode (with the size of its output) or to encode. */
export interface Task {
  readonly id: number;
  /** The filter's id in the default registry. */
  readonly filter: number;
  readonly input: Uint8Array;
  readonly clientData: ClientData;
  /** Of the output of a decode; an encode has none. */
  readonly size: OutputSize | undefined;
}

/** The outcome of the task of this id, with the milliseconds that it took; or what the codec has against it. */
export type Reply =
  | { readonly id: number; readonly output: Uint8Array | undefined; readonly time: number }
  | { readonly id: number; readonly filter: string; readonly reason: string };

/** A worker's first message says that it is there; the others are replies. */
export type FromWorker = Reply | { readonly ready: true };
