/** Compounds (class 6) out of columns. */
import type { CompoundType } from "../../format/datatype/datatype.ts";
import type { HeapObjects, Source } from "../source.ts";

export interface SourceColumn {
  /** Bytes from the start of the element. */
  readonly offset: number;
  readonly source: Source;
}

/** Bytes of rows that are gone through for one member before the next: they stay in the cache. */
const BLOCK_BYTES = 64 * 1024;

export class CompoundSource implements Source {
  readonly elementSize: number;
  readonly partial?: CompoundType;
  private readonly columns: readonly SourceColumn[];
  private readonly gaps: boolean;
  private unready: readonly Source[];

  /** `partial`: what the columns are of a larger compound, the rest of which stays as it is. */
  constructor(size: number, columns: readonly SourceColumn[], partial?: CompoundType) {
    this.elementSize = size;
    this.columns = columns;
    this.gaps = partial === undefined && columns.reduce((sum, { source }) => sum + source.elementSize, 0) < size;
    if (partial !== undefined) this.partial = partial;
    this.unready = columns.map(({ source }) => source);
  }

  prepare(): HeapObjects | undefined {
    const parts: HeapObjects[] = [];
    this.unready = this.unready.filter((source) => {
      const objects = source.prepare();
      if (objects !== undefined) parts.push(objects);
      return objects !== undefined;
    });
    return joinObjects(parts);
  }

  take(index: number, count: number, target: Uint8Array, at: number, stride: number): void {
    const step = Math.max(1, Math.floor(BLOCK_BYTES / Math.max(stride, 1)));
    for (let done = 0; done < count; done += step) {
      const rows = Math.min(step, count - done);
      const to = at + done * stride;
      if (this.gaps) for (let i = 0; i < rows; i++) target.fill(0, to + i * stride, to + i * stride + this.elementSize);
      for (const { offset, source } of this.columns) source.take(index + done, rows, target, to + offset, stride);
    }
  }
}

/** Several lists of objects as one. */
function joinObjects(parts: readonly HeapObjects[]): HeapObjects | undefined {
  if (parts.length <= 1) return parts[0];
  const starts: number[] = [];
  let count = 0;
  for (const part of parts) {
    starts.push(count);
    count += part.count;
  }
  const partOf = (i: number): number => {
    let k = parts.length - 1;
    while (starts[k] > i) k--;
    return k;
  };
  return {
    count,
    bytes: (i) => {
      const k = partOf(i);
      return parts[k].bytes(i - starts[k]);
    },
    placed: (i, address, index) => {
      const k = partOf(i);
      parts[k].placed(i - starts[k], address, index);
    },
  };
}
