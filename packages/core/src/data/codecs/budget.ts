/** Memory that one read may take: checked before every allocation. */
import { LimitError } from "../../errors.ts";

/** Those of the file's limits that bound the values of one read. */
export interface ResultLimits {
  /** Bytes of one read result. */
  readonly resultBytes: number;
  /** Bytes of one variable-length element. */
  readonly vlenElementBytes: number;
  /** Bytes of all variable-length elements of one read. */
  readonly vlenBytes: number;
}

/** About what a string or an object takes, in bytes: keeps arrays of them below 2^25, the longest that engines hold in one piece. */
export const VALUE_BYTES = 64;

export class Budget {
  private readonly limits: ResultLimits;
  private taken = 0;
  private variable = 0;

  constructor(limits: ResultLimits) {
    this.limits = limits;
  }

  /** Takes memory for `count` values of `width` bytes. */
  take(count: number, width: number): void {
    this.taken += count * width;
    within("resultBytes", this.taken, this.limits.resultBytes);
  }

  /** Takes the bytes of variable-length elements; LimitError if one of them is too long, or all are. */
  takeVariable(longest: number, all: number): void {
    within("vlenElementBytes", longest, this.limits.vlenElementBytes);
    this.variable += all;
    within("vlenBytes", this.variable, this.limits.vlenBytes);
  }
}

function within(option: keyof ResultLimits, found: number, limit: number): void {
  if (found <= limit) return;
  throw new LimitError(`exceeds the option limits.${option}`, {
    structure: option === "resultBytes" ? "result" : "variable-length data",
    found: `${found} bytes`,
    allowed: `at most ${limit}`,
  });
}
