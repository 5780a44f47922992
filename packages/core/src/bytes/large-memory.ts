/**
 * Memory for large results. Most of what it costs to read them is that the system hands it out by pages of 4 KiB, each when it is touched
 * first; a platform may have a way to ask for larger ones.
 */

/** Told of memory that nobody has touched yet. */
export type PrepareMemory = (buffer: ArrayBuffer) => void;

/** Bytes from which on it is told; below, what is handed out was often touched before. */
export const LARGE: number = 4 << 20;

let prepare: PrepareMemory | undefined;

/** Hands in what the platform has; `undefined`: nothing. */
export function usePreparedMemory(how: PrepareMemory | undefined): void {
  prepare = how;
}

/** New memory, all zeros. */
export function newMemory(bytes: number): ArrayBuffer {
  const buffer = new ArrayBuffer(bytes);
  if (bytes >= LARGE) prepare?.(buffer);
  return buffer;
}
