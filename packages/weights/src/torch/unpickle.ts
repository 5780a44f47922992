/**
 * Pickles of checkpoints, protocols 2 and 4, as data: the opcodes that PyTorch's own reader of weights allows, and names from an
 * allow-list (`pickle-globals.ts`). Everything else is an error that names the opcode and where it stands.
 */
import { PickleDict, PickleTuple, unpickle as read } from "@h5ts/pickle";
import { FormatError } from "h5ts";
import { type Inert, type PickleGlobal, pickleGlobal } from "./pickle-globals.ts";

export { PickleDict, PickleTuple };

/** What the reader of a checkpoint adds to the meaning of pickles. */
export interface PickleHost {
  /** The object behind a persistent id. */
  persistent(id: unknown): unknown;
  /** Calls an allowed function. */
  call(name: string, args: readonly unknown[]): unknown;
}

/** Reads the pickle at the beginning of the bytes; also says where it ended. */
export function unpickle(
  bytes: Uint8Array,
  host: PickleHost,
  at = 0,
): { readonly value: unknown; readonly end: number } {
  return read(
    bytes,
    {
      operations: OPERATIONS,
      advice: "save a state_dict",
      global: pickleGlobal,
      persistent: (id) => host.persistent(id),
      call: (called, args) => callOf(host, called, args),
      build: (object, state) => {
        if (!isInert(object)) return false;
        object.state = state;
        return true;
      },
    },
    at,
  );
}

function callOf(host: PickleHost, called: unknown, args: PickleTuple): unknown {
  const { kind, name } = globalOf(called) ?? {};
  if (kind === "ordered dict") return dictOf(args[0]);
  if (kind === "function" && name !== undefined) return host.call(name, args);
  return kind === "inert" && name !== undefined ? ({ name, args: [...args] } satisfies Inert) : undefined;
}

const globalOf = (value: unknown): PickleGlobal | undefined =>
  typeof value === "object" && value !== null && "kind" in value ? (value as PickleGlobal) : undefined;

const isInert = (value: unknown): value is Inert =>
  typeof value === "object" && value !== null && "name" in value && "args" in value;

function dictOf(items: unknown): PickleDict {
  if (items === undefined) return new PickleDict();
  if (!Array.isArray(items) || !items.every((item) => Array.isArray(item) && item.length === 2))
    throw new FormatError("makes a dict of what are no pairs", { structure: "Pickle" });
  return new PickleDict(items as [unknown, unknown][]);
}

/** Opcodes of PyTorch's reader (Python's `pickletools` has their names). */
const OPERATIONS: ReadonlySet<number> = new Set([
  128, 149, 40, 48, 113, 114, 148, 104, 106, 78, 136, 137, 74, 75, 77, 138, 71, 88, 140, 141, 85, 66, 67, 41, 116, 133,
  134, 135, 93, 97, 101, 125, 115, 117, 143, 144, 99, 147, 82, 129, 98, 81,
]);
