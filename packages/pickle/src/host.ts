/** What a reader of pickles adds to their meaning. */
import type { PickleTuple } from "./values.ts";

/** What {@link unpickle} asks about names, calls and states: nothing of a pickle is run, only what this allows is built. */
export interface PickleHost {
  /** The meaning of a class or function, by module and name; `undefined` where it is not allowed. */
  global(module: string, name: string): unknown;
  /** Calls what {@link global} gave; `undefined` where that cannot be called so. `named`: keyword arguments. */
  call(called: unknown, args: PickleTuple, named?: ReadonlyMap<unknown, unknown>): unknown;
  /** Gives an object its state: whether it takes one. Default: none does but dicts. */
  build?(object: unknown, state: unknown): boolean;
  /** The object behind a persistent id. Default: an error. */
  persistent?(id: unknown): unknown;
  /** An integer. Default: a number where it is exact, else the bigint. */
  integer?(value: bigint): unknown;
  /** Opcodes that are allowed. Default: all that {@link unpickle} knows. */
  readonly operations?: ReadonlySet<number>;
  /** What to do about a name that is not allowed, for its error. */
  readonly advice?: string;
}
