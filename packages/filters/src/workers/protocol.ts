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

/** The outcome of the task of this id. */
export type Reply =
  | { readonly id: number; readonly output: Uint8Array | undefined }
  | { readonly id: number; readonly filter: string; readonly reason: string };
