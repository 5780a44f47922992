/** Pickles read: opcode by opcode, as data. */
import { UnsupportedError } from "h5ts";
import type { PickleHost } from "./host.ts";
import { PickleMachine } from "./machine.ts";
import { OPERATIONS } from "./operations.ts";

const STOP = 0x2e;

/** What {@link unpickle} read. */
export interface Unpickled {
  /** The object: what the host made of names and calls, else JavaScript's like, `PickleDict`s and `PickleTuple`s. */
  readonly value: unknown;
  /** Where the byte behind the pickle stands. */
  readonly end: number;
}

/**
 * Reads the pickle that begins at byte `at`; also says where it ended. FormatError where it is damaged, UnsupportedError where it
 * names or does what the host does not allow, LimitError where it holds too much.
 */
export function unpickle(bytes: Uint8Array, host: PickleHost, at = 0): Unpickled {
  const machine = new PickleMachine(bytes, host, at);
  const value = run(machine);
  return { value, end: machine.position };
}

function run(machine: PickleMachine): unknown {
  const { operations } = machine.host;
  for (;;) {
    const at = machine.position;
    const opcode = machine.u8();
    if (opcode === STOP) return machine.pop();
    const operation = OPERATIONS[opcode];
    if (operation === undefined || operations?.has(opcode) === false)
      throw new UnsupportedError("has an operation that is not allowed", {
        structure: "Pickle",
        address: at,
        found: `0x${opcode.toString(16)} ${JSON.stringify(String.fromCharCode(opcode))}`,
      });
    operation(machine);
    machine.checkCount();
  }
}
