/** Raw data as it stands in the file. */
import { read, type Steps } from "../../steps/steps.ts";
import type { Checker } from "./checker.ts";

/** Bytes of raw data; fewer at the end of the file. */
export function* rawBytes({ file }: Checker, address: number, length: number): Steps<Uint8Array> {
  const [outcome] = yield* read(file.storage, [{ at: file.base + address, length }]);
  if (!(outcome instanceof Uint8Array)) throw outcome;
  return outcome;
}
