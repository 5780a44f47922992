/**
 * Python pickles as data, protocols 0 to 5: a stack machine that runs nothing. What names mean is the host's to say; a name or an
 * operation that it does not allow is an error that names it.
 *
 * ```ts
 * import { unpickle } from "@h5ts/pickle";
 *
 * const { value } = unpickle(bytes, { global: () => undefined, call: () => undefined });
 * ```
 */
export { type BoundsOptions, checkBounds } from "./bounds.ts";
export type { PickleHost } from "./host.ts";
export { signedInteger } from "./signed-integer.ts";
export { textOf } from "./text-arguments.ts";
export { type Unpickled, unpickle } from "./unpickle.ts";
export { PickleDict, PickleTuple } from "./values.ts";
